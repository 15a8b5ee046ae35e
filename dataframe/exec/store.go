package exec

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Store is what one step of a task keeps, or what waits for it in a repartition topic.
type Store struct {
	ID    string // the prefix of its entries
	Step  *plan.Step
	Holds string // what an entry is made of: entries made of something else cannot be read
}

// Stores are those of the subtopology's tasks.
func (t *Topology) Stores(sub int) ([]Store, error) {
	cfg := Config{Writers: map[int]int{}}
	for i, in := range t.Subs[sub].Inputs {
		if in.Repartition {
			cfg.Writers[i] = 1
		}
	}
	task, err := NewTask(t, sub, cfg, nil)
	if err != nil {
		return nil, err
	}
	return task.stores, nil
}

// storeName names the state of a step by what it keeps, and its number among
// equals, so that edits elsewhere do not rename it.
func storeName(s *plan.Step, seen map[string]int) string {
	base := s.Op.Text()
	switch op := s.Op.(type) {
	case *plan.Window:
		base = "window:" + strings.Join(op.Keys, ",") + ":" + op.Spec.String()
	case *plan.Running:
		base = "running:" + strings.Join(op.Keys, ",")
	case *plan.Dedup:
		base = "dedup:" + strings.Join(op.Columns, ",")
	case *plan.ApplyState:
		base = "apply:" + strings.Join(op.Keys, ",")
	case *plan.AsOf:
		base = "asof:" + strings.Join(op.On, ",")
	case *plan.Lookup:
		base = "lookup:" + strings.Join(op.On, ",")
	case *plan.Interval:
		base = "interval:" + strings.Join(op.On, ",")
	case *plan.KeyBy:
		base = "held:" + strings.Join(op.Columns, ",")
	}
	seen[base]++
	return fmt.Sprintf("%s#%d", base, seen[base])
}

// rowsText is the text of stores that hold rows which these steps give.
func rowsText(steps ...*plan.Step) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "rows(%s) keep %d\n", fieldsText(s.Schema), s.Keep)
	}
	return b.String()
}

// cellText is the text of stores that hold what a window has counted.
func cellText(w *plan.Window, in *row.Schema) string {
	var b strings.Builder
	for _, k := range w.Keys {
		kind, _ := in.Kind(k)
		fmt.Fprintf(&b, "key %s %s\n", k, kind)
	}
	for _, a := range w.Aggs {
		a.Name = ""             // a column may be renamed
		kinds, _ := a.Kinds(in) // they were checked
		fmt.Fprintf(&b, "%s over %v\n", a.Text(), kinds)
	}
	if w.Reduce != nil {
		fmt.Fprintf(&b, "reduce %s\n", fieldsText(in))
	}
	return fmt.Sprintf("cells 2\n%semit %v\n", b.String(), w.Emit)
}

func fieldsText(s *row.Schema) string {
	var out []string
	for _, f := range s.Fields() {
		out = append(out, f.String())
	}
	return strings.Join(out, ", ")
}
