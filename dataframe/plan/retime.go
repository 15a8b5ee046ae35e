package plan

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Retime gives rows the event time that a column says. From there on time is
// that of these rows alone: the highest that one of them had.
type Retime struct{ Column string }

// Text is the op as a cell writes it.
func (r *Retime) Text() string { return fmt.Sprintf("time(%q)", r.Column) }

// Schema is unchanged.
func (r *Retime) Schema(in []*row.Schema) (*row.Schema, error) {
	switch kind, ok := in[0].Kind(r.Column); {
	case !ok:
		return nil, wrong("Time", r.Column, Unknown(r.Column, in[0]))
	case kind != row.Time:
		unit := ""
		if kind.Numeric() {
			unit = ", 'ms'"
		}
		return nil, wrongf("Time", r.Column, "%s is %s, want a time, such as With(\"%[1]s = time(%[1]s%[3]s)\") before it gives", r.Column, kind, unit)
	}
	return in[0], nil
}

// retimed is the last step on the way to this one that gave rows another time, or nil.
func (s *Step) retimed() *Retime {
	for _, in := range s.In {
		if r, ok := in.Op.(*Retime); ok {
			return r
		}
		if r := in.retimed(); r != nil {
			return r
		}
	}
	return nil
}

// measurable says what is wrong if a step leaves to the sample what that cannot
// teach: how its rows come was measured by the topics' own time.
func (s *Step) measurable(op Op) error {
	what := ""
	switch op := op.(type) {
	case *Window:
		if op.Grace == nil && op.Spec.Timed() {
			what = "Grace"
		}
	case *Lookup:
		if op.Grace == nil {
			what = "Grace"
		}
	case *Interval:
		if op.Grace == nil {
			what = "Grace"
		}
	case *AsOf:
		switch {
		case op.Within == nil:
			what = "Within"
		case op.Grace == nil:
			what = "Grace"
		}
	}
	if what == "" {
		return nil
	}
	if r := s.retimed(); r != nil {
		return wrongf(what, "", "is not given, and a sample tells how rows come by the time of their topic, not by that of %s, which %s gave them: want such as %s(\"10s\")", r.Column, r.Text(), what)
	}
	return nil
}
