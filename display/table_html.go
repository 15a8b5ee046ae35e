package display

import (
	"html"
	"strings"
)

// The styles inherit colours, so that they suit light and dark themes. They
// are on the elements, because GitHub takes style sheets out and shows the rest.
const (
	tableStyle   = "border-collapse:collapse;margin:0;font-variant-numeric:tabular-nums"
	captionStyle = "opacity:.7;padding:.5em 0"
	kindStyle    = "font-weight:normal;font-size:85%;opacity:.65;border-bottom:1px solid var(--jp-border-color2,currentColor)"
	nameStyle    = "border-bottom:1px solid var(--jp-border-color2,currentColor)"
	gapStyle     = "text-align:center;opacity:.5"
)

func (g grid) html() string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table class="dataframe" style="` + tableStyle + `">`)
	b.WriteString("\n<thead>\n")
	g.htmlHeads(&b)
	b.WriteString("</thead>\n<tbody>\n")
	for _, r := range g.rows {
		g.htmlRow(&b, r)
	}
	b.WriteString("</tbody>\n</table></div>\n")
	g.htmlCaption(&b)
	return b.String()
}

// htmlCaption stands below the table and not in it: so it neither widens narrow tables, nor is it scrolled away with wide ones.
func (g grid) htmlCaption(b *strings.Builder) {
	b.WriteString(`<div style="` + captionStyle + `">` + html.EscapeString(g.caption))
	for _, n := range g.notes {
		b.WriteString("<br>" + html.EscapeString(n))
	}
	b.WriteString("</div>")
}

func (g grid) htmlHeads(b *strings.Builder) {
	if len(g.heads) == 0 {
		return
	}
	under := nameStyle
	if g.kinds {
		under = "border-bottom:none;padding-bottom:0"
	}
	b.WriteString("<tr>")
	for _, h := range g.heads {
		element(b, "th", h.align.css()+";"+under, h.name)
	}
	b.WriteString("</tr>\n")
	if !g.kinds {
		return
	}
	b.WriteString("<tr>")
	for _, h := range g.heads {
		element(b, "th", h.align.css()+";"+kindStyle, h.kind)
	}
	b.WriteString("</tr>\n")
}

func (g grid) htmlRow(b *strings.Builder, row []cell) {
	b.WriteString("<tr>")
	for i, h := range g.heads {
		switch {
		case row == nil:
			element(b, "td", gapStyle, gap)
		case row[i].null:
			element(b, "td", h.align.css()+";opacity:.5;font-style:italic", row[i].text)
		default:
			element(b, "td", h.align.css()+spaces(row[i].text), row[i].text)
		}
	}
	b.WriteString("</tr>\n")
}

func element(b *strings.Builder, tag, style, text string) {
	b.WriteString("<" + tag + ` style="` + style + `">` + html.EscapeString(text) + "</" + tag + ">")
}

func (a Align) css() string {
	if a == Right {
		return "text-align:right"
	}
	return "text-align:left"
}

// longCell is so many characters that a cell takes several lines.
const longCell = 48

// spaces keeps those that HTML would fold away, and breaks no short cell, such as a time or car-telemetry.
func spaces(s string) string {
	switch {
	case strings.HasPrefix(s, " "), strings.HasSuffix(s, " "), strings.Contains(s, "  "):
		return ";white-space:pre"
	case !strings.ContainsAny(strings.TrimPrefix(s, "-"), " -/"):
		return ""
	case len([]rune(s)) > longCell:
		return ";min-width:22em"
	}
	return ";white-space:nowrap"
}
