package exec

import (
	"errors"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// errUnknown is why a function is called of which nothing is known but itself.
var errUnknown = errors.New("nothing is known of the function")

// Computed is the program that gives what the function of a Map, Filter or
// Apply gives; or why the function is called for each row.
func Computed(s *plan.Step) (*vector.Program, error) {
	var known plan.Formula
	switch op := s.Op.(type) {
	case *plan.Map:
		known = op.Known
	case *plan.Filter:
		known = op.Known
	case *plan.Apply:
		known = op.Known
	}
	if known == nil {
		return nil, errUnknown
	}
	f, err := known.Func()
	if err != nil {
		return nil, err
	}
	in := s.In[0].Schema
	switch op := s.Op.(type) {
	case *plan.Map:
		return vector.Compile(f, in, op.Args)
	case *plan.Apply:
		return vector.CompileRow(f, in, op.Adds)
	}
	return vector.Compile(f, in, nil)
}

// compute runs a program over a batch; false: there is none, or it failed, and the function is to be called.
func compute(p *vector.Program, b *row.Batch) bool {
	return p != nil && call(func() { p.Eval(b) }) == nil
}
