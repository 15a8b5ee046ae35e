package plan

import (
	"fmt"
	"slices"
	"strings"
)

// Rename gives topics other names, by the plan's own: for programs that run on clusters where they are called
// otherwise. What the plan computes stays the same; its hash does not. A name that the plan does not use is an error, and
// so are two topics that become one.
func (p *Plan) Rename(names map[string]string) error {
	used := p.topics()
	for from := range names {
		if !slices.Contains(used, from) {
			return fmt.Errorf("the program uses no topic %q, only %s", from, strings.Join(used, ", "))
		}
	}
	named := func(topic string) string {
		if to, ok := names[topic]; ok {
			return to
		}
		return topic
	}
	before := map[string]string{}
	for _, from := range used {
		to := named(from)
		if other, ok := before[to]; ok {
			return fmt.Errorf("topics %q and %q would both be %q", other, from, to)
		}
		before[to] = from
	}
	for _, s := range p.Steps {
		s.rename(named)
	}
	return nil
}

// rename replaces the op: it may be that of the graph, which is bound more than once.
func (s *Step) rename(named func(string) string) {
	switch op := s.Op.(type) {
	case *Source:
		to := *op
		to.Topic = named(op.Topic)
		s.Op = &to
	case *Sink:
		to := *op
		to.Topic = named(op.Topic)
		s.Op = &to
	case *OnError:
		to := *op
		to.Topic = named(op.Topic)
		s.Op = &to
	}
	s.Policy.Topic = named(s.Policy.Topic)
}

// topics are the names in the plan, each once, in order.
func (p *Plan) topics() []string {
	var out []string
	for _, s := range p.Steps {
		switch op := s.Op.(type) {
		case *Source:
			out = append(out, op.Topic)
		case *Sink:
			out = append(out, op.Topic)
		case *OnError:
			if op.Topic != "" {
				out = append(out, op.Topic)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
