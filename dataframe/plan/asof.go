package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// AsOf joins each row of the first input with the latest row of the second
// that has the same key and is not later than it, and not older than Within.
type AsOf struct {
	On     []string
	Within time.Duration
	Grace  *time.Duration // how far rows of either side may come late; nil: from the facts
	Left   bool           // keep rows that find no partner, with nulls
	Suffix string         // for columns of the second input whose name the first has too
}

// Text is the op as a cell writes it.
func (a *AsOf) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "asof(on(%s), within(%s)", quoted(a.On), a.Within)
	if a.Grace != nil {
		fmt.Fprintf(&b, ", grace(%s)", *a.Grace)
	}
	if a.Left {
		b.WriteString(", left")
	}
	if a.Suffix != "" {
		fmt.Fprintf(&b, ", suffix(%q)", a.Suffix)
	}
	return b.String() + ")"
}

// Schema is the first input's columns and those of the second that are not keys.
func (a *AsOf) Schema(in []*row.Schema) (*row.Schema, error) {
	if a.Within <= 0 {
		return nil, wrongf("AsOf", "", "within is %s, want how old a partner may be, such as Within(\"5s\")", a.Within)
	}
	out := in[0]
	for _, c := range a.Taken(in[1]) {
		taken := in[1].At(c)
		f := row.Field{Name: a.Named(taken.Name, in[0]), Kind: taken.Kind}
		if out.Index(f.Name) >= 0 {
			return nil, wrongf("AsOf", f.Name, "both sides have a column %q: drop or rename one, or give Suffix(\"_right\")", f.Name)
		}
		out = out.With(f)
	}
	return out, nil
}

// Taken are the places of the second input's columns that the join adds.
func (a *AsOf) Taken(right *row.Schema) []int {
	var out []int
	for i, f := range right.Fields() {
		if !slices.Contains(a.On, f.Name) {
			out = append(out, i)
		}
	}
	return out
}

// Named is the name that a column of the second input gets beside those of the first.
func (a *AsOf) Named(name string, left *row.Schema) string {
	if a.Suffix != "" && left.Index(name) >= 0 {
		return name + a.Suffix
	}
	return name
}
