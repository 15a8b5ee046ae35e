package plan

import (
	"slices"
)

// Splice says that a sink writes the original object of each row with some
// members replaced: what the plan never looked at goes through as it came.
type Splice struct {
	Changed []string // columns whose values the sink writes
	Dropped []string // members that it cuts out
}

// splice is how a sink keeps the original bytes, or nil if its rows are made
// anew: it is decided by the plan, never by a batch.
func splice(s *Step) *Splice {
	sink, ok := s.Op.(*Sink)
	if !ok || sink.Format != "json" {
		return nil
	}
	var path []*Step
	at := s.In[0]
	for ; len(at.In) == 1; at = at.In[0] {
		switch at.Op.(type) {
		case *Select, *Window:
			return nil
		}
		path = append(path, at)
	}
	if src, ok := at.Op.(*Source); !ok || src.Format != "json" {
		return nil
	}
	out := &Splice{}
	for _, step := range slices.Backward(path) {
		out.step(step.Op)
	}
	return out
}

// step follows one op from the source towards the sink.
func (sp *Splice) step(op Op) {
	switch op := op.(type) {
	case *Drop:
		for _, n := range op.Names {
			sp.drop(n)
		}
	case *Rename:
		for _, n := range op.From { // all before any is set: two may change their names
			sp.drop(n)
		}
		for _, n := range op.To {
			sp.set(n)
		}
	default:
		for _, n := range changes(op) {
			sp.set(n)
		}
	}
}

func (sp *Splice) drop(name string) {
	if _, ok := IsHeader(name); ok {
		return
	}
	sp.Changed = slices.DeleteFunc(sp.Changed, func(n string) bool { return n == name })
	if !slices.Contains(sp.Dropped, name) {
		sp.Dropped = append(sp.Dropped, name)
	}
}

func (sp *Splice) set(name string) {
	if _, ok := IsHeader(name); !ok && !slices.Contains(sp.Changed, name) {
		sp.Changed = append(sp.Changed, name)
	}
}
