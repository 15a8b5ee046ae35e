package plan

import (
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Concat is the rows of several inputs. They have the same columns, in any order.
type Concat struct {
	// Columns are those of the result, in order; inputs may have others that
	// nobody reads. Set by Bind.
	Columns []string
}

// Text is the op as a cell writes it.
func (c *Concat) Text() string { return "concat()" }

// Schema is the first input's columns, with kinds that hold the values of all.
func (c *Concat) Schema(in []*row.Schema) (*row.Schema, error) {
	var out []row.Field
	for _, name := range c.names(in) {
		f, lacks := row.Field{Name: name}, -1
		for i, s := range in {
			k, ok := s.Kind(name)
			if !ok {
				lacks = i
				continue
			}
			both, ok := row.Common(f.Kind, k)
			if !ok {
				return nil, wrongf("Concat", "", "column %q is %s before and %s in frame %d: give it one kind with Cast, in one of them", name, f.Kind, k, i+1)
			}
			f.Kind = both
		}
		_, header := IsHeader(name)
		switch {
		case lacks < 0 || header:
			out = append(out, f)
		case c.Columns == nil:
			return nil, wrongf("Concat", "", "frame %d has no column %q, which another has: add it with With(\"%[2]s = null\"), or Select what they share", lacks+1, name)
		}
	}
	return row.NewSchema(out...), nil
}

// names are the columns of the result, or all that an input has before Bind decided.
func (c *Concat) names(in []*row.Schema) []string {
	if c.Columns != nil {
		return c.Columns
	}
	var out []string
	for _, s := range in {
		for _, n := range s.Names() {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// freeze is the op with its columns, if the inputs fit each other.
func (c *Concat) freeze(s *Step) Op {
	var in []*row.Schema
	for _, before := range s.In {
		in = append(in, before.Schema)
	}
	out, err := c.Schema(in)
	if err != nil {
		return c
	}
	return &Concat{Columns: out.Names()}
}

// meet says whether the rows of the inputs lie in the same partitions.
func meet(s *Step) error {
	for i, in := range s.In[1:] {
		if a, b := s.In[0].partitions(), in.partitions(); a != b {
			return wrongf("Concat", "", "rows of frame 1 lie in %s, those of frame %d in %s: move both with Key(\"column\"), so that they lie alike", partitionText(a), i+2, partitionText(b))
		}
	}
	return nil
}

func partitionText(n int) string {
	if n == 0 {
		return "partitions of a topic that they are moved through"
	}
	return fmt.Sprintf("%d partitions", n)
}
