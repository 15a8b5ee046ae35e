package plan

import (
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Unnest gives the members of an object the names that they have in it: engine.rpm becomes rpm.
type Unnest struct{ Column string }

// Text is the op as a cell writes it.
func (u *Unnest) Text() string { return "unnest(" + quoted([]string{u.Column}) + ")" }

// Schema has the new names.
func (u *Unnest) Schema(in []*row.Schema) (*row.Schema, error) {
	kind, whole := in[0].Kind(u.Column)
	switch r := u.renamed(in[0]); {
	case len(r.From) > 0:
		return r.named("Unnest", in[0])
	case whole && (kind == row.Struct || kind == row.Any):
		return nil, wrongf("Unnest", u.Column, "the members of column %q are not known: name them, such as Unnest(%[1]q, \"rpm int\", \"temp float\")", u.Column)
	case whole:
		return nil, wrongf("Unnest", u.Column, "column %q is %s, want an object", u.Column, kind)
	}
	return nil, wrong("Unnest", u.Column, Unknown(u.Column, in[0]))
}

func (u *Unnest) renamed(s *row.Schema) *Rename {
	r := &Rename{}
	for _, n := range s.Names() {
		if short, ok := strings.CutPrefix(n, u.Column+"."); ok {
			r.From, r.To = append(r.From, n), append(r.To, short)
		}
	}
	return r
}

// Flatten gives members of objects names without dots: engine.rpm becomes engine_rpm.
type Flatten struct{ Columns []string } // none: all objects

// Text is the op as a cell writes it.
func (f *Flatten) Text() string { return "flatten(" + quoted(f.Columns) + ")" }

// Schema has the new names.
func (f *Flatten) Schema(in []*row.Schema) (*row.Schema, error) {
	for _, c := range f.Columns {
		if !slices.ContainsFunc(in[0].Names(), func(n string) bool { return strings.HasPrefix(n, c+".") }) {
			return nil, wrongf("Flatten", c, "there is no column within %q (have %s)", c, list(in[0].Names()))
		}
	}
	return f.renamed(in[0]).named("Flatten", in[0])
}

func (f *Flatten) renamed(s *row.Schema) *Rename {
	r := &Rename{}
	for _, n := range s.Names() {
		within := func(c string) bool { return strings.HasPrefix(n, c+".") }
		_, header := IsHeader(n)
		if strings.Contains(n, ".") && !header && (len(f.Columns) == 0 || slices.ContainsFunc(f.Columns, within)) {
			r.From, r.To = append(r.From, n), append(r.To, strings.ReplaceAll(n, ".", "_"))
		}
	}
	return r
}

// Explode gives a row for each element of a list. A list without elements, and no list, give one row with a null.
type Explode struct {
	Column string
	Kind   row.Kind // of the elements; Any if it is not said
}

// Text is the op as a cell writes it.
func (e *Explode) Text() string {
	return "explode(" + quoted([]string{row.Field{Name: e.Column, Kind: e.Kind}.String()}) + ")"
}

// Schema has the elements in place of the list.
func (e *Explode) Schema(in []*row.Schema) (*row.Schema, error) {
	switch k, ok := in[0].Kind(e.Column); {
	case !ok:
		return nil, wrong("Explode", e.Column, Unknown(e.Column, in[0]))
	case k != row.List && k != row.Any && k != row.Null:
		return nil, wrongf("Explode", e.Column, "column %q is %s, want a list", e.Column, k)
	}
	return in[0].With(row.Field{Name: e.Column, Kind: e.Kind}), nil
}
