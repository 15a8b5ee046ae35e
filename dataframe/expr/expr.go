package expr

import (
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Expr is a parsed expression. It is immutable; the zero value is not valid.
type Expr struct {
	root *node
	src  string // the text that the positions of the nodes refer to; "" if built from Go
}

// String is the canonical text: trees that are equal have equal text, and the
// text parses to an equal tree.
func (e Expr) String() string {
	if e.root == nil {
		return ""
	}
	return e.root.text()
}

// Equal says whether both are the same tree.
func (e Expr) Equal(o Expr) bool { return e.String() == o.String() }

// Columns are the names of the columns that the expression reads, sorted and
// distinct, pseudo-columns such as _ts included. A path such as engine.rpm is
// one name: it is a column of that name, or a member of the column engine.
func (e Expr) Columns() []string {
	var names []string
	if e.root != nil {
		e.root.walk(func(n *node) {
			if n.form == column {
				names = append(names, n.name)
			}
		})
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Reads are the columns of the schema that the expression reads, sorted and
// distinct, with the pseudo-columns: engine.rpm reads engine where the schema
// has no column engine.rpm. Names that the schema does not have are left out.
func (e Expr) Reads(s *row.Schema) []string {
	var names []string
	for _, name := range e.Columns() {
		head := name
		for s.Index(head) < 0 && strings.Contains(head, ".") {
			head = head[:strings.LastIndexByte(head, '.')]
		}
		switch {
		case s.Index(head) >= 0:
			names = append(names, head)
		case pseudoColumn(name):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// pseudoColumn says whether rows have that name beside their columns.
func pseudoColumn(name string) bool {
	return slices.Contains([]string{"_key", "_ts", "_topic", "_partition", "_offset"}, name) || strings.HasPrefix(name, "_headers.")
}

// Record is what the expression takes from the record that a row was read from:
// pseudo-columns such as _offset, and uuid().
func (e Expr) Record() (what []string) {
	if e.root == nil {
		return nil
	}
	e.root.walk(func(n *node) {
		switch {
		case n.form == call && n.name == "uuid" && len(n.args) == 0:
			what = append(what, "uuid()")
		case n.form == column && pseudoColumn(n.name) && n.name != "_key" && n.name != "_ts":
			what = append(what, n.name)
		}
	})
	return what
}

// Column says whether the expression is a column and nothing else, and which.
func (e Expr) Column() (name string, ok bool) {
	if e.root == nil || e.root.form != column {
		return "", false
	}
	return e.root.name, true
}

// Literal is the value of an expression that is a constant and nothing else, as [Lit] takes it.
func (e Expr) Literal() (value any, ok bool) {
	if e.root == nil || e.root.form != literal {
		return nil, false
	}
	return e.root.value, true
}

// Check gives the kind of the expression's values over rows of this schema, or an [*Error].
func (e Expr) Check(s *row.Schema) (row.Kind, error) {
	p, err := Compile(e, s)
	if err != nil {
		return row.Null, err
	}
	return p.Kind(), nil
}

// located is the expression with positions: one built from Go gets those of its canonical text.
func (e Expr) located() (Expr, error) {
	if e.src != "" {
		return e, nil
	}
	return Parse(e.String())
}
