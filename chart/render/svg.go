package render

import (
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/display"
)

var errHeader = errors.New("the drawing has no header as expected")

// compact gives a drawing of vgsvg a header with size in CSS pixels, a title
// for screen readers, and one generic font for all of its text in place of one
// named on each, which a reader may not have.
func compact(markup string, spec chart.Spec) (string, error) {
	_, body, found := strings.Cut(markup, "xlink\">\n")
	if !found {
		return "", errHeader
	}
	heading := html.EscapeString(display.Visible(spec.Heading()))
	header := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s" `+
		`font-family="sans-serif" stroke-linejoin="round"><title>%s</title>`+"\n",
		spec.Width, spec.Height, spec.Width, spec.Height, heading, heading)
	return header + relative(shorter.Replace(body)), nil
}

var shorter = strings.NewReplacer(
	"font-family:Liberation Sans;", "", "font-variant:normal;", "", "font-weight:normal;", "", "font-style:normal;", "",
	"\n\tstyle=", " style=", ";stroke-opacity:1;", ";",
)
