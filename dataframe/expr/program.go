package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// Program computes an expression over batches of one schema. It keeps buffers
// and counts, so it serves one task and is not safe for concurrent use.
type Program struct {
	steps  []*step
	result *step
	meter  *meter
	places *Places // of running functions, or nil
}

// Kind is the kind of the values.
func (p *Program) Kind() row.Kind { return p.result.kind }

// Eval computes a value for each row of the batch. The result is the
// program's, or a column of the batch itself: it must not be changed, and
// holds until the next Eval.
func (p *Program) Eval(b *row.Batch) *row.Vec {
	for _, s := range p.steps {
		s.eval(b)
	}
	return p.result.vec
}

// Overflows is how many ints have become null so far because they overflowed.
func (p *Program) Overflows() int64 { return p.meter.overflows }

// Misfits is how many values have become null so far because their kind,
// which only the value itself tells in a column of kind any, did not fit.
func (p *Program) Misfits() int64 { return p.meter.misfits }
