package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Lookup gives each row of the first input the row that a table, the second
// input, had for its key at the row's event time.
type Lookup struct {
	Sides
	bad error // that Bind found
}

// Text is the op as a cell writes it.
func (l *Lookup) Text() string { return l.text("lookup") }

// Schema is the first input's columns and those of the table that are not keys.
func (l *Lookup) Schema(in []*row.Schema) (*row.Schema, error) {
	if l.bad != nil {
		return nil, l.bad
	}
	return l.schema("Lookup", in)
}

// ByKey is what a table is keyed by if its records lie by their keys, and no column has them.
const ByKey = "_key"

// freeze is the op with what the facts say. Rows of the first input that do not
// lie as the table does have to move; the table stays where it is.
func (l *Lookup) freeze(s *Step) *Lookup {
	out := *l
	if out.Grace == nil {
		out.Grace = graceOf(nil, s.In[0])
		out.Measured = []string{fmt.Sprintf("Grace(%q)", *out.Grace)}
	}
	table, bare := s.In[1].keyed(), s.In[1].Schema.Index(l.On[0]) < 0
	if !slices.Equal(table, l.On) && !(len(l.On) == 1 && bare && slices.Equal(table, []string{ByKey})) {
		out.bad = wrongf("Lookup", strings.Join(l.On, ", "), "%s", l.unkeyed(s.In[1], table))
	}
	if k, ok := s.In[0].Op.(*KeyBy); ok && (!slices.Equal(k.Lies, l.On) || s.In[0].partitions() != s.In[1].partitions()) {
		k.Local = false
	}
	return &out
}

// unkeyed says why a table cannot be looked up by these columns.
func (l *Lookup) unkeyed(s *Step, table []string) string {
	name := s.Origin()[0].Topic
	switch {
	case len(table) == 0:
		return fmt.Sprintf("the keys of table %s are not the text of a column, or its records do not lie where their keys say, or no sample says so; want it keyed by %s, which KeyAs(%q) declares", name, strings.Join(l.On, ", "), l.On[0])
	case table[0] == ByKey:
		return fmt.Sprintf("the keys of table %s are not its column %s; they stand in no column, so drop that one", name, strings.Join(l.On, ", "))
	}
	return fmt.Sprintf("table %s is keyed by %s: a table is looked up by its key; rename the column on one side, or join with AsOf", name, strings.Join(table, ", "))
}

// CheckTable says why a node is not a table that can be looked up, or nil.
func CheckTable(n *Node) error {
	for {
		switch op := n.Op.(type) {
		case *Source:
			if !op.Table {
				return fmt.Errorf("topic %s is no table: want one of Table(%q), whose records are the latest of their keys, or join with AsOf", op.Topic, op.Topic)
			}
			return nil
		case *With, *Select, *Drop, *Rename, *OnError, *Map, *MapBatch:
		default:
			return fmt.Errorf("the table went through %s: it may have With, Select, Drop, Rename and Map before it is looked up, so that each record stays one; do the rest behind Lookup", op.Text())
		}
		n = n.In[0]
	}
}
