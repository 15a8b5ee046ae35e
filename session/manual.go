package session

import (
	"go/doc/comment"
	"strings"

	"github.com/riffle-stream/riffle/kernel"
)

// A manual is what is said of a name that somebody asks about. Any part may be empty.
type manual struct {
	declaration string   // Go, or an expression's signature
	doc         string   // a documentation comment
	facts       []string // a line each
	example     string   // Go
}

// bundle shows a manual as plain text and as Markdown. That of nothing is empty.
func (m manual) bundle() kernel.Bundle {
	if m.declaration == "" {
		return kernel.Bundle{}
	}
	p := comment.Printer{DocLinkBaseURL: "https://pkg.go.dev"}
	marked := sections(fenced(m.declaration), string(p.Markdown(m.parsed())), strings.Join(m.facts, "  \n"), fenced(m.example))
	return kernel.Bundle{Data: map[string]any{"text/plain": m.plain(), "text/markdown": marked}}
}

// plain is a manual as text.
func (m manual) plain() string {
	p := comment.Printer{}
	return sections(m.declaration, string(p.Text(m.parsed())), strings.Join(m.facts, "\n"), m.example)
}

func (m manual) parsed() *comment.Doc { return new(comment.Parser).Parse(m.doc) }

// sections are the parts that are not empty, with a line between them.
func sections(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.Trim(p, "\n"); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

// fenced is code in Markdown.
func fenced(code string) string {
	if code == "" {
		return ""
	}
	return "```go\n" + code + "\n```"
}
