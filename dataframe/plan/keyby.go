package plan

import (
	"cmp"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// KeyBy makes the text of columns the key of each row: rows of one key are
// together and in order after it. Bind finds out whether they already are.
type KeyBy struct {
	Columns []string
	Method  string // of the cell language, if it is not GroupBy: Key, Dedup
	Stay    bool   // rows that need not move keep the key that they have: Bind makes Columns that
	// Local says that rows of one key already lie together, so that nothing moves. Set by Bind.
	Local bool
	// Lies are the columns by which the rows lie, if that is known: all of
	// Columns, or some, since rows that are equal in all are equal in those. Set by Bind.
	Lies []string
}

// Text is the op as a cell writes it, with what Bind found.
func (k *KeyBy) Text() string {
	switch {
	case k.Local && slices.Equal(k.Lies, k.Columns):
		return "key(" + quoted(k.Columns) + ", local)"
	case k.Local:
		return "key(" + quoted(k.Columns) + ", local by " + quoted(k.Lies) + ")"
	}
	return "key(" + quoted(k.Columns) + ", repartition)"
}

// Schema is unchanged.
func (k *KeyBy) Schema(in []*row.Schema) (*row.Schema, error) {
	method := cmp.Or(k.Method, "GroupBy")
	for _, c := range k.Columns {
		if _, ok := in[0].Kind(c); !ok {
			return nil, wrong(method, c, Unknown(c, in[0]))
		}
	}
	if len(k.Columns) == 0 {
		return nil, wrongf(method, "", "names no column, want at least one of %s; all rows are one group by a column that is the same for all: GroupBy(\"total = true\")", list(in[0].Names()))
	}
	return in[0], nil
}

// keyed is the columns by whose text the step's rows lie, under the names that
// they have after it, or nil if they changed since.
func (s *Step) keyed() []string {
	switch op := s.Op.(type) {
	case *Source:
		return op.Keyed()
	case *KeyBy:
		if op.Local {
			return op.Lies
		}
		return op.Columns
	case *Concat:
		for _, in := range s.In[1:] {
			if !slices.Equal(in.keyed(), s.In[0].keyed()) {
				return nil
			}
		}
	}
	keys := slices.Clone(s.In[0].keyed())
	for i, k := range keys {
		if keys[i] = Kept(s.Op, k); keys[i] == "" {
			return nil
		}
	}
	return keys
}

// Moved says whether the step's rows lie elsewhere than the records that they were read from.
func (s *Step) Moved() bool {
	if op, ok := s.Op.(*KeyBy); ok && !op.Local {
		return true
	}
	return slices.ContainsFunc(s.In, (*Step).Moved)
}

// Kept is the name under which a column goes on unchanged after an op, or "".
func Kept(op Op, name string) string {
	if name == ByKey {
		return name // no column
	}
	switch op := op.(type) {
	case *Rename:
		if at := slices.Index(op.From, name); at >= 0 {
			return op.To[at]
		}
	case *Select:
		for _, c := range op.Columns {
			if from, ok := c.Expr.Column(); ok && from == name {
				return c.Name
			}
		}
		return ""
	case *Drop:
		if slices.Contains(op.Names, name) {
			return ""
		}
	}
	if slices.Contains(changes(op), name) {
		return ""
	}
	return name
}

// changes are the columns that an op sets.
func changes(op Op) []string {
	switch op := op.(type) {
	case *With:
		return columnNames(op.Columns)
	case *Explode:
		return []string{op.Column}
	case *Map:
		return []string{op.Name}
	case *MapBatch:
		return []string{op.Name}
	case *Apply:
		return names(op.Adds)
	case *FlatMap:
		return names(op.Adds)
	case *ApplyState:
		return names(op.Adds)
	case *Running:
		return columnNames(op.Columns)
	}
	return nil
}

func columnNames(columns []Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name
	}
	return out
}
