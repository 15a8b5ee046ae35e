package session

import (
	"errors"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/interp"
)

// origin is the statement of a cell in which something was built.
type origin struct {
	cell *running
	at   interp.Position
}

// misbuilt is an error of a graph, with the steps that have it: the first is wrong, the others come after it.
type misbuilt struct {
	err   error
	steps []plan.Op
}

// Error is the cause's text.
func (m *misbuilt) Error() string { return m.err.Error() }

// Unwrap is the cause.
func (m *misbuilt) Unwrap() error { return m.err }

// culprits finds the steps of a graph that does not bind.
func culprits(roots []*plan.Node, facts plan.Facts, err error) *misbuilt {
	m := &misbuilt{err: err}
	plan.Walk(roots, func(n *plan.Node) {
		if _, err := plan.Bind([]*plan.Node{n}, facts); err != nil {
			m.steps = append(m.steps, n.Op)
		}
	})
	return m
}

// maxBuilt bounds the frames of one statement that are checked: a loop without end may build them.
const maxBuilt = 10_000

// watch is told of every frame that a cell builds.
func (s *Session) watch(f cells.Frame) {
	c := s.current()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(c.built) < maxBuilt {
		c.built = append(c.built, f)
	}
	if n := f.Node(); n != nil {
		if _, ok := s.made[n.Op]; !ok {
			s.made[n.Op] = origin{c, c.at}
		}
	}
}

// originOf is where the steps that an error is about were built; the statement that failed, if they are not known.
func (s *Session) originOf(f *failure) origin {
	steps := []plan.Op{}
	var m *misbuilt
	var r *rowFailure
	switch {
	case errors.As(f.err, &m):
		steps = m.steps
	case errors.As(f.err, &r):
		steps = append(steps, r.step.Op)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, op := range steps {
		if o, ok := s.made[op]; ok {
			return o
		}
	}
	return f.at
}
