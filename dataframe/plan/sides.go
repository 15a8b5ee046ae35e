package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Sides is what joins have in common: how the columns of two inputs come together.
type Sides struct {
	On     []string
	Grace  *time.Duration // how far rows of either side may come late; nil: from the facts
	Left   bool           // keep rows that find no partner, with nulls
	Suffix string         // for columns of the second input whose name the first has too
	// Measured are the options that nobody gave and Bind found, as a cell writes them.
	Measured []string
}

// Spanning is a join of rows that lie near each other in time.
type Spanning interface {
	Op
	// Span is where partners of a row lie, from its time; below zero is before it. Only of bound ops.
	Span() (from, to time.Duration)
}

// Keeps is how long a bound join remembers rows of its second side, and how long
// it holds rows of its first.
func Keeps(op Spanning) (remembers, holds time.Duration) {
	from, to := op.Span()
	holds = *Joined(op).Grace + max(to, 0)
	return holds - from, holds
}

// Joined are the sides of a join op, or nil.
func Joined(op Op) *Sides {
	switch op := op.(type) {
	case *AsOf:
		return &op.Sides
	case *Interval:
		return &op.Sides
	case *Lookup:
		return &op.Sides
	}
	return nil
}

// text is the join as a cell writes it, with what it has of its own.
func (j *Sides) text(name string, own ...string) string {
	parts := append([]string{"on(" + quoted(j.On) + ")"}, own...)
	if j.Grace != nil {
		parts = append(parts, fmt.Sprintf("grace(%s)", *j.Grace))
	}
	if j.Left {
		parts = append(parts, "left")
	}
	if j.Suffix != "" {
		parts = append(parts, fmt.Sprintf("suffix(%q)", j.Suffix))
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}

// schema is the first input's columns and those of the second that are not keys.
func (j *Sides) schema(op string, in []*row.Schema) (*row.Schema, error) {
	out := in[0]
	for _, c := range j.Taken(in[1]) {
		taken := in[1].At(c)
		f := row.Field{Name: j.Named(taken.Name, in[0]), Kind: taken.Kind}
		if out.Index(f.Name) >= 0 {
			return nil, wrongf(op, "", "both sides have a column %q: drop or rename one, or give Suffix(\"_right\")", f.Name)
		}
		out = out.With(f)
	}
	return out, nil
}

// Taken are the places of the second input's columns that the join adds.
func (j *Sides) Taken(right *row.Schema) []int {
	var out []int
	for i, f := range right.Fields() {
		if !slices.Contains(j.On, f.Name) {
			out = append(out, i)
		}
	}
	return out
}

// Named is the name that a column of the second input gets beside those of the first.
func (j *Sides) Named(name string, left *row.Schema) string {
	if j.Suffix != "" && left.Index(name) >= 0 {
		return name + j.Suffix
	}
	return name
}

// needs are the columns of input k that the join reads. With a suffix the
// names of the second input's columns depend on all of the first's.
func (j *Sides) needs(left, input *row.Schema, k int, out map[string]bool) map[string]bool {
	in := map[string]bool{}
	need(in, j.On...)
	for _, n := range input.Names() {
		as := n
		if k == 1 {
			as = j.Named(n, left)
		}
		if out[as] || j.Suffix != "" {
			in[n] = true
		}
	}
	return in
}

// freeze fills in the grace that nobody gave.
func (j Sides) freeze(s *Step) Sides {
	if j.Grace == nil {
		j.Grace = graceOf(nil, s)
		j.Measured = append(j.Measured, fmt.Sprintf("Grace(%q)", *j.Grace))
	}
	return j
}
