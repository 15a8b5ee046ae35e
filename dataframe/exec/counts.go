package exec

import "github.com/riffle-stream/riffle/dataframe/expr"

// Counts are what happened in a task, by the number of the step.
type Counts struct {
	Rows    map[int]int64 // rows that came to the step
	Late    map[int]int64 // rows that came to a window or join after it had closed for them
	NullKey map[int]int64 // rows without a key at a step that needs one
	Bad     map[int]int64 // rows that the step could not take
	Cut     map[int]int64 // rows given whose aggregates hold less than there was
	Given   map[int]int64 // rows that the step gave
	Over    map[int]int64 // ints that became null because they do not fit 64 bits
	Misfit  map[int]int64 // values that became null because an expression does not take their kind
	Early   map[int]int64 // rows that are older than all that a table has of their key
	Idle    map[int]int64 // rows given because all inputs were silent
}

func newCounts() (c Counts) {
	for _, kind := range c.kinds() {
		*kind = map[int]int64{}
	}
	return c
}

// kinds are all that is counted.
func (c *Counts) kinds() []*map[int]int64 {
	return []*map[int]int64{&c.Rows, &c.Late, &c.NullKey, &c.Bad, &c.Cut, &c.Given, &c.Over, &c.Misfit, &c.Early, &c.Idle}
}

// Sum is what all steps counted of one kind.
func Sum(counts map[int]int64) (n int64) {
	for _, k := range counts {
		n += k
	}
	return n
}

// Add adds what another task counted.
func (c *Counts) Add(o Counts) {
	if c.Rows == nil {
		*c = newCounts()
	}
	all := c.kinds()
	for i, kind := range o.kinds() {
		for step, n := range *kind {
			(*all[i])[step] += n
		}
	}
}

// computing operators have expressions.
type computing interface{ programs() []*expr.Program }

// Counted are the task's counts, with what its operators count themselves.
func (t *Task) Counted() Counts {
	out := t.Counts
	out.Given, out.Over, out.Misfit = map[int]int64{}, map[int]int64{}, map[int]int64{}
	for _, n := range t.nodes {
		switch op := n.op.(type) {
		case *ordered, *writer, *tapped: // they stand beside the step's own
			continue
		case computing:
			for _, p := range op.programs() {
				addTo(out.Over, n.step.ID, p.Overflows())
				addTo(out.Misfit, n.step.ID, p.Misfits())
			}
		}
		out.Given[n.step.ID] += n.rows
	}
	return out
}

func addTo(of map[int]int64, step int, n int64) {
	if n > 0 {
		of[step] += n
	}
}

func (s *set) programs() []*expr.Program {
	var out []*expr.Program
	for _, c := range s.columns {
		out = append(out, c.program)
	}
	return out
}

func (p *project) programs() []*expr.Program { return p.values }

func (w *where) programs() []*expr.Program { return []*expr.Program{w.program} }

func (g *aggregates) programs() (out []*expr.Program) {
	for _, a := range g.list {
		out = append(out, a.args...)
		if a.filter != nil {
			out = append(out, a.filter)
		}
	}
	return out
}
