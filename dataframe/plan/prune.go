package plan

import (
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Unseen narrows a plan for a run whose rows nobody looks at: a sink that keeps
// the original bytes then needs no columns but those that it changes. The hash stays.
func (p *Plan) Unseen() error { return prune(p, false) }

// prune lets each source read only the columns that something after it needs,
// and computes the schemas anew from that. If the roots are looked at, all of
// their columns are needed.
func prune(p *Plan, seen bool) error {
	needs := make([]map[string]bool, len(p.Steps))
	for i := range needs {
		needs[i] = map[string]bool{}
	}
	for _, s := range p.Steps {
		s.Splice = splice(s)
		if _, sink := s.Op.(*Sink); sink {
			need(needs[s.ID], s.wanted(false)...)
		}
	}
	for _, r := range p.Roots {
		need(needs[r.ID], r.End().wanted(seen)...)
	}
	for i := len(p.Steps) - 1; i >= 0; i-- {
		s := p.Steps[i]
		if len(s.In) > 0 {
			s.In[0].carry(s.asks())
		}
		for k, in := range s.In {
			maps.Copy(needs[in.ID], s.needs(k, needs[i]))
		}
	}
	for i, s := range p.Steps {
		if err := s.narrow(needs[i]); err != nil {
			return err
		}
	}
	return nil
}

// wanted are the columns that a root or a sink gives out.
func (s *Step) wanted(seen bool) []string {
	if s.Splice == nil || seen {
		return s.Schema.Names()
	}
	out := slices.Clone(s.Splice.Changed)
	for _, n := range s.Schema.Names() {
		if _, ok := IsHeader(n); ok {
			out = append(out, n)
		}
	}
	return out
}

// narrow sets the schema that is carried after the step, now that the steps before it are narrow.
func (s *Step) narrow(need map[string]bool) error {
	if _, ok := s.Op.(*Source); !ok {
		return s.check()
	}
	var fields []row.Field
	for _, f := range s.Schema.Fields() {
		if need[f.Name] {
			fields = append(fields, f)
		}
	}
	s.Schema = row.NewSchema(fields...)
	return nil
}

// needs are the columns of input k that the step reads, if after it those in out are read.
func (s *Step) needs(k int, out map[string]bool) map[string]bool {
	in := maps.Clone(out)
	switch op := s.Op.(type) {
	case *With:
		needColumns(in, op.Columns)
	case *DropNull:
		need(in, op.Columns...)
	case *Require:
		for _, c := range op.Conditions {
			needExpr(in, c.Expr)
		}
	case *Where:
		needExpr(in, op.Cond)
	case *Select:
		maps.DeleteFunc(in, func(n string, _ bool) bool { _, ok := IsHeader(n); return !ok })
		for _, c := range op.Columns {
			needExpr(in, c.Expr)
		}
	case *Drop:
		need(in, op.Names...)
	case *Rename:
		for _, to := range op.To {
			delete(in, to)
		}
		need(in, op.From...)
	case *Explode:
		need(in, op.Column)
	case *Map:
		delete(in, op.Name)
		need(in, op.Args...)
	case *MapBatch:
		delete(in, op.Name)
		need(in, op.Args...)
	case *Apply, *Filter, *FlatMap, *Do, *ApplyState:
		clear(in)
		need(in, s.In[0].Schema.Names()...)
	case *Running:
		op.needs(in)
	case *KeyBy:
		need(in, op.Columns...)
	case *Dedup:
		need(in, op.Columns...)
	case *Retime:
		need(in, op.Column)
	case *Sink:
		op.reads(in)
	case *Window:
		clear(in)
		need(in, op.Keys...)
		if op.AsksLate() || op.Reduce != nil {
			need(in, s.In[0].Schema.Names()...)
		}
		for _, a := range op.Aggs {
			for _, e := range a.Reads() {
				needExpr(in, e)
			}
		}
	case *AsOf, *Interval, *Lookup:
		in = Joined(op).needs(s.In[0].Schema, s.In[k].Schema, k, out)
	}
	return in
}

func need(in map[string]bool, names ...string) {
	for _, n := range names {
		in[n] = true
	}
}

func needExpr(in map[string]bool, e expr.Expr) { need(in, e.Columns()...) }

// needColumns turns what is needed after columns were set into what is needed before.
func needColumns(in map[string]bool, columns []Column) {
	for i := len(columns) - 1; i >= 0; i-- {
		delete(in, columns[i].Name)
		needExpr(in, columns[i].Expr)
	}
}
