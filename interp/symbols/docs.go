package symbols

import (
	"go/doc"
	"strings"
)

// A Doc is a documentation comment, as it stands in the source without its marks.
type Doc struct {
	Name string // of a function, type, constant or variable; "Type.Method"; OfPackage
	Text string
}

// OfPackage is the name of the documentation of a whole package.
const OfPackage = "package"

// Synopsis is the first sentence.
func (d Doc) Synopsis() string { return new(doc.Package).Synopsis(d.Text) }

// Docs returns the documentation of a package and its exports. There is some of "builtin", too.
//
// The archive has a line for each, "Name<TAB>text"; lines that begin with a tab go on with the one before.
func (s Set) Docs(path string) ([]Doc, error) {
	data, err := s.member("docs/" + path)
	if err != nil {
		return nil, err
	}
	var out []Doc
	for line := range strings.Lines(string(data)) {
		name, text, _ := strings.Cut(line, "\t")
		switch {
		case name != "":
			out = append(out, Doc{name, strings.TrimSpace(text)})
		case len(out) > 0:
			out[len(out)-1].Text += "\n" + strings.TrimSuffix(text, "\n")
		}
	}
	return out, nil
}

// Doc is the documentation of a name of a package, or "".
func (s Set) Doc(path, name string) string {
	docs, err := s.Docs(path)
	if err != nil {
		return "" // no such package: nothing is known of it
	}
	for _, d := range docs {
		if d.Name == name {
			return d.Text
		}
	}
	return ""
}
