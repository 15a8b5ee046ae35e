package session

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/display"
)

// graph draws the steps as Mermaid, with the rows that each gave on the sample, as a picture for pages on which no script runs, and in words.
func (o *outcome) graph() display.Bundle {
	var b, words strings.Builder
	b.WriteString(mermaidLook + "flowchart TB\n")
	lines := strings.SplitAfter(o.plan.Text(), "\n")
	for i, s := range o.plan.Steps {
		given := count(int(o.counts.Given[s.ID]), "row")
		fmt.Fprintf(&b, "  s%d[\"%s\"]\n", s.ID, mermaidText(short(s.Op.Text(), 150)))
		for _, in := range s.In {
			fmt.Fprintf(&b, "  s%d -->|%s| s%d\n", in.ID, count(int(o.counts.Given[in.ID]), "row"), s.ID)
		}
		fmt.Fprintf(&words, "%s  %s\n", strings.TrimSuffix(lines[i], "\n"), given)
	}
	return display.Mermaid(b.String(), o.steps(), words.String())
}

// mermaidLook is dark text on pale boxes, and grey between them. JupyterLab keeps the picture as it drew it, and Mermaid's own colours suit only the
// theme of that moment. Boxes are wide and close to each other, so that a chain of steps fits a narrow page.
const mermaidLook = `%%{init: {"theme": "base", "themeVariables": {"primaryColor": "#e8eef7", "primaryTextColor": "#1f2328", "primaryBorderColor": "#8c959f",
  "lineColor": "#808080", "edgeLabelBackground": "#e8eef7", "tertiaryTextColor": "#1f2328", "fontSize": "13px"},
  "flowchart": {"wrappingWidth": 440, "rankSpacing": 32, "nodeSpacing": 32, "padding": 8}}}%%
`

// mermaidText is text in a label: Mermaid has entities of its own, which begin with #.
func mermaidText(s string) string {
	return strings.NewReplacer("#", "#35;", "\"", "#quot;", "&", "#amp;", "<", "#lt;", ">", "#gt;").Replace(s)
}

// Of the picture: how far steps are apart, how high they are, how wide a letter is, and where they begin.
const stepGap, stepHeight, letterWidth, stepLeft = 46, 26, 7, 40

// steps is the picture of the graph: the steps one below the other, in grey that light and dark pages show.
func (o *outcome) steps() string {
	var b strings.Builder
	wide := 0
	for i, s := range o.plan.Steps {
		text := fmt.Sprintf("%s · %s", short(s.Op.Text(), 80), count(int(o.counts.Given[s.ID]), "row"))
		width, top := utf8.RuneCountInString(text)*letterWidth+16, 6+i*stepGap
		wide = max(wide, width)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="4"/>`, stepLeft, top, width, stepHeight)
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, stepLeft+8, top+17, html.EscapeString(text))
		for _, in := range s.In {
			b.WriteString(edge(in.ID, i))
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"><style>.steps rect,.steps path{fill:none;stroke:#888}.steps text{font:12px monospace;fill:#888}</style><g class="steps">%s</g></svg>`,
		stepLeft+wide+6, 6+len(o.plan.Steps)*stepGap, b.String())
}

// edge leads from a step to a later one: straight to the next, around those between them to others.
func edge(from, to int) string {
	out, in := 6+from*stepGap+stepHeight, 6+to*stepGap
	arrow := fmt.Sprintf(`<path d="M%d %dl-4 -6m4 6l4 -6"/>`, stepLeft+20, in)
	if to == from+1 {
		return fmt.Sprintf(`<path d="M%d %dV%d"/>`, stepLeft+20, out, in) + arrow
	}
	return fmt.Sprintf(`<path d="M%d %dC4 %d 4 %d %d %d"/>`, stepLeft, out-stepHeight/2, out, in-stepGap/2, stepLeft+20, in) + arrow
}
