package exec

import (
	"math"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// processor is one running operator.
type processor interface {
	// process takes rows of input in; a batch is valid during the call.
	process(in int, b *row.Batch, out emit) error
	// advance says that no row before wm will come; the operator gives the
	// rows that this completes, and returns the least event time that it may
	// still give.
	advance(wm int64, out emit) (int64, error)
}

// emit hands rows to what comes after an operator.
type emit func(*row.Batch) error

// stateful operators keep something between rows.
type stateful interface {
	load() error // from the store, once, before the first row
	save() error // what changed since the last save, to the store
}

// holder is an operator that waits for time to give rows.
type holder interface {
	// horizon is the watermark at which nothing is left waiting, noTime if nothing is.
	horizon() int64
}

// node is an operator in its place.
type node struct {
	step   *plan.Step
	op     processor
	kept   string // the id of its store; "" if it keeps nothing
	in     []*node
	from   []*source // of a node that reads an input: what its time comes from
	clocks []clock   // whose time it has
	next   []edge
	wm     int64 // the least event time that it may still give
	rows   int64 // given so far
}

type edge struct {
	to *node
	in int
}

// emit gives rows to every node after this one.
func (n *node) emit(b *row.Batch) error {
	n.rows += int64(b.Len())
	if b.Len() == 0 {
		return nil
	}
	for _, e := range n.next {
		if err := e.to.op.process(e.in, b, e.to.emit); err != nil {
			return err
		}
	}
	return nil
}

// reached is the least event time that may still come to the node, as [reached]
// says it of sources: an input that rests holds up no other.
func (n *node) reached() int64 {
	if n.from != nil {
		return reached(n.from)
	}
	wm, far := int64(math.MaxInt64), int64(noTime)
	for _, in := range n.in {
		far = max(far, in.wm)
		if !in.rests() {
			wm = min(wm, in.wm)
		}
	}
	return min(wm, far)
}

// rests says whether all sources of the node's rows are idle.
func (n *node) rests() bool {
	for _, s := range n.from {
		if !s.idle {
			return false
		}
	}
	for _, in := range n.in {
		if !in.rests() {
			return false
		}
	}
	return true
}

func (n *node) advance(wm int64) error {
	out, err := n.op.advance(wm, n.emit)
	n.wm = max(n.wm, out)
	return err
}

// stateless is the time behaviour of an operator that keeps no rows.
type stateless struct{}

func (stateless) advance(wm int64, _ emit) (int64, error) { return wm, nil }

// pass hands rows on as they are.
type pass struct{ stateless }

func (pass) process(_ int, b *row.Batch, out emit) error { return out(b) }

// source is one writer of an input: a topic's partition, or a task that writes a repartition topic.
type source struct {
	id   int
	mark int64 // no row before it will come. µs
	seq  int64 // of the last row, as the source counts
	idle bool  // waits for nothing, so others need not wait for it
}

// wake ends or begins the silence of a source among others. What it gives after
// a silence is late for what closed meanwhile, so that nothing closes twice.
func (s *source) wake(awake bool, of []*source) {
	if s.idle && awake {
		s.mark = max(s.mark, reached(of))
	}
	s.idle = !awake
}

// reached is the least time that sources may still give. Idle ones are left
// out; if all are idle, time stands where the furthest came.
func reached(of []*source) int64 {
	wm, far := int64(math.MaxInt64), int64(noTime)
	for _, s := range of {
		far = max(far, s.mark)
		if !s.idle {
			wm = min(wm, s.mark)
		}
	}
	return min(wm, far)
}
