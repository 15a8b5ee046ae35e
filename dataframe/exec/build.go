package exec

import (
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/state"
)

// build makes the task's nodes: one a step, and those that order, move and tap rows.
func (t *Task) build() error {
	t.Counts = newCounts()
	b := &builder{task: t, nodes: map[*plan.Step]*node{}, stores: map[string]int{}}
	for _, s := range t.sub.Steps {
		if err := b.step(s); err != nil {
			return fmt.Errorf("%s: %w", s.Op.Text(), err)
		}
	}
	for _, in := range t.sub.Moves {
		if err := b.move(in); err != nil {
			return err
		}
	}
	if t.cfg.Tap != nil {
		for i, root := range t.topo.Plan.Roots {
			if b.nodes[root] != nil {
				b.add(&node{step: root, op: &tapped{task: t, root: i, tap: t.cfg.Tap}}, b.inOrder(root))
			}
		}
	}
	for i, in := range t.sub.Inputs {
		if err := b.read(i, in); err != nil {
			return err
		}
	}
	return nil
}

type builder struct {
	task   *Task
	nodes  map[*plan.Step]*node
	sorted map[*plan.Step]*node // the node that orders a step's rows
	stores map[string]int
	kept   string // the id of the last store that was made
}

// add puts a node after others.
func (b *builder) add(n *node, in ...*node) *node {
	n.wm = noTime
	for i, before := range in {
		before.next = append(before.next, edge{n, i})
		if _, ok := n.op.(*lookup); !ok || i == 0 { // a table does not hold up time
			n.in = append(n.in, before)
			n.clocks = append(n.clocks, before.clocks...)
		}
	}
	for _, s := range n.from {
		n.clocks = append(n.clocks, s)
	}
	if r, ok := n.op.(*retimed); ok {
		n.clocks = []clock{r}
	}
	b.task.nodes = append(b.task.nodes, n)
	return n
}

func (b *builder) step(s *plan.Step) error {
	op, err := b.operator(s)
	if err != nil {
		return err
	}
	n := &node{step: s, op: op, kept: b.took()}
	if i, ok := b.input(s); ok {
		n.from = b.task.sources[i]
		b.nodes[s] = b.add(n)
		return nil
	}
	c, several := op.(*concat)
	var in []*node
	for _, before := range s.In {
		if orderBound(s) || several && c.merges {
			in = append(in, b.inOrder(before))
		} else {
			in = append(in, b.nodes[before])
		}
	}
	if several {
		c.in = in
	}
	b.nodes[s] = b.add(n, in...)
	return nil
}

// ordersAfter says whether anything that a step's rows come to depends on their order.
func (b *builder) ordersAfter(s *plan.Step) bool {
	for _, root := range b.task.topo.Plan.Roots {
		if root == s {
			return true
		}
	}
	for _, after := range b.task.topo.Plan.Steps {
		if !slices.Contains(after.In, s) {
			continue
		}
		switch op := after.Op.(type) {
		case *plan.KeyBy:
			if !op.Local {
				return true
			}
		case *plan.AsOf, *plan.Interval:
			continue
		case *plan.Window:
			if !op.Ordered() {
				continue
			}
		}
		if orderBound(after) || b.ordersAfter(after) {
			return true
		}
	}
	return false
}

// width is how many sources a step's rows may be of: those of the task, once for each input of a concatenation.
func (b *builder) width(s *plan.Step) int {
	n := 0
	if _, ok := b.input(s); ok {
		for _, of := range b.task.sources {
			n += len(of)
		}
		return n
	}
	for _, in := range s.In {
		n = max(n, b.width(in))
	}
	if _, ok := s.Op.(*plan.Concat); ok {
		n *= len(s.In)
	}
	return n
}

// input is the place of the input that a step reads.
func (b *builder) input(s *plan.Step) (int, bool) {
	for i, in := range b.task.sub.Inputs {
		for _, reads := range in.Steps {
			if reads == s {
				return i, true
			}
		}
	}
	return 0, false
}

// orderBound says whether what a step gives depends on the order of its rows.
func orderBound(s *plan.Step) bool {
	switch op := s.Op.(type) {
	case *plan.ApplyState, *plan.Running, *plan.Dedup, *plan.Retime, *plan.Lookup, *plan.Sink:
		return true
	case *plan.Window:
		return op.Ordered()
	}
	return false
}

// inOrder is the node that gives a step's rows in an order that does not
// depend on the interleaving of writers: the step's own, if it has one writer.
func (b *builder) inOrder(s *plan.Step) *node {
	if !b.mixed(s) {
		return b.nodes[s]
	}
	if n := b.sorted[s]; n != nil {
		return n
	}
	if b.sorted == nil {
		b.sorted = map[*plan.Step]*node{}
	}
	o := &ordered{step: s, store: b.store(b.moved(s), rowsText(s))}
	i, _ := b.input(b.moved(s))
	o.sources = b.task.sources[i]
	b.sorted[s] = b.add(&node{step: s, op: o, kept: b.took()}, b.nodes[s])
	return b.sorted[s]
}

// mixed says whether a step's rows come from several writers in any order.
func (b *builder) mixed(s *plan.Step) bool { return b.moved(s) != nil }

// moved is the KeyBy that a step's rows came through without being put in order since, or nil.
func (b *builder) moved(s *plan.Step) *plan.Step {
	switch op := s.Op.(type) {
	case *plan.KeyBy:
		if !op.Local {
			return s
		}
	case *plan.Source, *plan.Window, *plan.AsOf, *plan.Interval, *plan.Lookup, *plan.ApplyState, *plan.Running, *plan.Dedup, *plan.Retime, *plan.Concat, *plan.Sink:
		return nil
	}
	return b.moved(s.In[0])
}

// store is where a step keeps its state; holds says what an entry there is made of.
func (b *builder) store(s *plan.Step, holds string) state.Store {
	id := storeName(s, b.stores)
	b.task.stores = append(b.task.stores, Store{ID: id, Step: s, Holds: holds})
	b.kept = id
	return state.Prefixed(b.task.cfg.Store, id)
}

// took is the id of the store that the operator just made has, or "".
func (b *builder) took() string {
	id := b.kept
	b.kept = ""
	return id
}

// operator makes what a step does.
func (b *builder) operator(s *plan.Step) (processor, error) {
	t := b.task
	switch op := s.Op.(type) {
	case *plan.Source, *plan.OnError:
		return pass{}, nil
	case *plan.With:
		return newSet(op.Columns, s.In[0].Schema)
	case *plan.DropNull:
		return newValued(op.Columns, s.In[0].Schema), nil
	case *plan.Require:
		return newRequiring(t, s)
	case *plan.Explode:
		b.kept = storeName(s, b.stores)
		return newExploding(t, s), nil
	case *plan.Concat:
		return newConcat(s, b.ordersAfter(s), b.width(s)/len(s.In), b.store(s, rowsText(s))), nil
	case *plan.Where:
		p, err := expr.Compile(op.Cond, s.In[0].Schema)
		return &where{program: p}, err
	case *plan.Select:
		return newProject(op.Columns, s.In[0].Schema, s.Schema)
	case *plan.Drop:
		return newDrop(s.In[0].Schema, s.Schema), nil
	case *plan.Rename:
		return newRename(s.Schema), nil
	case *plan.Map:
		return newMapped(t, s), nil
	case *plan.MapBatch:
		return newBatchMapped(t, s), nil
	case *plan.Apply:
		return newApplied(t, s), nil
	case *plan.FlatMap:
		b.kept = storeName(s, b.stores)
		return newFlatMapped(t, s), nil
	case *plan.Do:
		return &doing{task: t, step: s, fn: op.Func}, nil
	case *plan.Filter:
		return newFiltered(t, s), nil
	case *plan.KeyBy:
		if !op.Local {
			return pass{}, nil
		}
		return newLocalKey(t, s), nil
	case *plan.Window:
		return newWindow(t, s, b.store(s, cellText(op, s.In[0].Schema)))
	case *plan.Running:
		r, err := newRunning(t, s)
		if err == nil && len(r.places.Text()) > 0 {
			r.keys.store = b.store(s, r.holds())
		}
		return r, err
	case *plan.Lookup:
		return newLookup(t, s, b.store(s, rowsText(s.In[1]))), nil
	case *plan.Dedup:
		return newDedup(t, s, b.store(s, "until when")), nil
	case *plan.Retime:
		return newRetimed(t, s, b.store(s, "the highest time")), nil
	case *plan.ApplyState:
		return newKeeping(t, s, b.store(s, "values")), nil
	case *plan.AsOf, *plan.Interval:
		return newJoined(t, s, b.store(s, rowsText(s.In...))), nil
	case *plan.Sink:
		return newSink(t, s)
	}
	return nil, fmt.Errorf("no operator for %T", s.Op)
}

// move adds the node that writes a repartition input of another part.
func (b *builder) move(in *Input) error {
	step := in.Steps[0]
	op := step.Op.(*plan.KeyBy)
	from := b.inOrder(step.In[0])
	w := &writer{task: b.task, step: step, from: from, topic: in.Topic, text: keyText{cols: op.Columns}, seq: make([]int64, max(1, b.task.cfg.Widths[in.Topic])), mark: noTime}
	b.task.writers = append(b.task.writers, w)
	b.add(&node{step: step, op: w}, from)
	return nil
}

// read makes the reader of an input.
func (b *builder) read(i int, in *Input) error {
	t := b.task
	if in.Repartition {
		t.stores = append(t.stores, Store{ID: "moved:" + in.Topic, Step: in.Steps[0], Holds: rowsText(in.Steps[0])})
		t.readers = append(t.readers, &moveReader{task: t, input: in, sources: t.sources[i], node: b.nodes[in.Steps[0]]})
		return nil
	}
	r, err := t.newTopicReader(i, b.nodes)
	t.readers = append(t.readers, r)
	return err
}
