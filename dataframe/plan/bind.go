package plan

import (
	"slices"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Bind checks the graph that ends in roots against the facts of its topics and
// gives it with every default written out. The error is an [*Error].
func Bind(roots []*Node, facts Facts) (*Plan, error) {
	b := &binder{plan: &Plan{Facts: Facts{Topics: map[string]TopicFacts{}}}, facts: facts, steps: map[*Node]*Step{}}
	for _, r := range Ends(roots) {
		s, err := b.bind(r)
		if err != nil {
			return nil, err
		}
		b.plan.Roots = append(b.plan.Roots, s)
	}
	setPolicies(b.plan)
	return b.plan, prune(b.plan, true)
}

type binder struct {
	plan  *Plan
	facts Facts
	steps map[*Node]*Step
}

// bind gives the step of a node, after those of the nodes before it.
func (b *binder) bind(n *Node) (*Step, error) {
	if s := b.steps[n]; s != nil {
		return s, nil
	}
	s := &Step{At: n.At}
	for _, in := range n.In {
		before, err := b.bind(in)
		if err != nil {
			return nil, err
		}
		s.In = append(s.In, before)
	}
	if err := s.measurable(n.Op); err != nil {
		return nil, err
	}
	s.Op = b.freeze(n, s)
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := s.recorded(); err != nil {
		return nil, err
	}
	if _, ok := s.Op.(*Concat); ok {
		if err := meet(s); err != nil {
			return nil, err
		}
	}
	s.ID = len(b.plan.Steps)
	b.plan.Steps = append(b.plan.Steps, s)
	b.steps[n] = s
	return s, nil
}

// freeze is the node's op with what the facts say.
func (b *binder) freeze(n *Node, s *Step) Op {
	switch op := n.Op.(type) {
	case *Source:
		bound := op.bound(b.facts)
		b.plan.Facts.Topics[op.Topic] = bound.Facts
		return bound
	case *KeyBy:
		out := *op
		out.Lies = s.In[0].keyed()
		out.Local = len(out.Lies) > 0 && subset(out.Lies, op.Columns)
		if out.Local && op.Stay {
			out.Columns = out.Lies
		}
		return &out
	case *Concat:
		return op.freeze(s)
	case *DropNull:
		if len(op.Columns) == 0 {
			return &DropNull{Columns: s.In[0].Schema.Names()}
		}
	case *Unnest:
		if r := op.renamed(s.In[0].Schema); len(r.From) > 0 {
			if _, err := op.Schema([]*row.Schema{s.In[0].Schema}); err == nil {
				return r
			}
		}
	case *Flatten:
		if _, err := op.Schema([]*row.Schema{s.In[0].Schema}); err == nil {
			return op.renamed(s.In[0].Schema)
		}
	case *Window:
		out := *op
		out.Grace = graceOf(op.Grace, s)
		return &out
	case *AsOf:
		b.copartition(s)
		return op.freeze(s)
	case *Interval:
		b.copartition(s)
		return op.freeze(s)
	case *Lookup:
		return op.freeze(s)
	}
	return n.Op
}

// graceOf is the grace given, or the longest that the sources before a step ask for.
func graceOf(given *time.Duration, s *Step) *time.Duration {
	if given != nil {
		return given
	}
	g := time.Duration(0)
	for _, src := range s.Origin() {
		if len(src.Facts.Fields) == 0 {
			g = max(g, defaultGrace)
			continue
		}
		g = max(g, src.Facts.Grace())
	}
	return &g
}

// subset says whether all of some names are among others.
func subset(some, of []string) bool {
	return !slices.ContainsFunc(some, func(n string) bool { return !slices.Contains(of, n) })
}

// copartition makes both sides of a join lie alike: both stay where they are
// only if they lie by the same columns and their topics have the same number of partitions.
func (b *binder) copartition(s *Step) {
	local := s.In[0].partitions() == s.In[1].partitions()
	var lies []string
	for _, in := range s.In {
		k, ok := in.Op.(*KeyBy)
		if !ok || !k.Local || lies != nil && !slices.Equal(lies, k.Lies) {
			local = false
			break
		}
		lies = k.Lies
	}
	if local {
		return
	}
	for _, in := range s.In {
		if k, ok := in.Op.(*KeyBy); ok {
			k.Local = false
		}
	}
}

// partitions is the number of partitions of the topics that a step's rows lie
// in as they came, or 0 after they moved.
func (s *Step) partitions() int {
	switch op := s.Op.(type) {
	case *Source:
		return op.Facts.Partitions
	case *KeyBy:
		if !op.Local {
			return 0
		}
	}
	return s.In[0].partitions()
}

// check computes the step's schema from those before it.
func (s *Step) check() error {
	in := make([]*row.Schema, len(s.In))
	for i, before := range s.In {
		in[i] = before.Schema
	}
	schema, err := s.Op.Schema(in)
	s.Schema = schema
	return err
}
