package exec

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// Config is what a task is given by who runs it.
type Config struct {
	Partition int32
	// Writers is how many tasks write each repartition input, by the input's
	// place; it is part of the task's position and may not change.
	Writers map[int]int
	// Widths are the numbers of partitions of the repartition topics that the
	// task writes, by the name that their input has.
	Widths map[string]int
	// Store keeps the task's state; nil keeps none beyond the task.
	Store state.Store
	// Room is about how many bytes of what it keeps for keys a step has in
	// memory, if the store has the rest; 0: all of it.
	Room int64
	// Fresh are ids of stores whose steps begin without what was saved for them.
	Fresh map[string]bool
	// Tap is called with the rows of a root, by its place among the plan's
	// roots; the batch is valid during the call. Nil: rows are not looked at.
	Tap func(root int, b *row.Batch) error
	// Lenient runs look at rows and never stop: bad rows are left out and reported.
	Lenient bool
	// OnBad is told of each bad row that did not stop the task. Nil: not told.
	OnBad func(*BadRow)
}

// noTime is before every event time.
const noTime = math.MinInt64

// Task runs one partition of a subtopology. It is not safe for concurrent use.
type Task struct {
	Counts Counts // since the task was made

	topo    *Topology
	sub     *Subtopology
	cfg     Config
	sources [][]*source // by input: its writers, or the one topic partition
	readers []reader    // by input
	nodes   []*node     // in the order of the steps
	writers []*writer   // of repartition records
	stores  []Store
	sends   []row.Record
	idling  bool            // what is given now is given for silence, not for time
	tables  bool            // reads tables
	taken   int64           // records
	budgets map[int]*budget // by the number of the step
}

// NewTask makes a task and loads its state from the store. Position, if not
// nil, is what [Task.Position] gave when that state was saved.
func NewTask(t *Topology, sub int, cfg Config, position []byte) (*Task, error) {
	task := &Task{topo: t, sub: t.Subs[sub], cfg: cfg, budgets: map[int]*budget{}}
	if task.cfg.Store == nil {
		task.cfg.Store = noStore{}
	}
	task.open()
	if err := task.build(); err != nil {
		return nil, err
	}
	if position != nil {
		if err := task.setPosition(position); err != nil {
			return nil, fmt.Errorf("subtopology %d, partition %d: %w", sub, cfg.Partition, err)
		}
	}
	if err := task.forget(); err != nil {
		return nil, err
	}
	for _, n := range task.nodes {
		if s, ok := n.op.(stateful); ok {
			if err := s.load(); err != nil {
				return nil, fmt.Errorf("state of %s: %w", n.step.Op.Text(), err)
			}
		}
	}
	return task, nil
}

// forget deletes what was saved for steps that begin without it.
func (t *Task) forget() error {
	for id := range t.cfg.Fresh {
		store := state.Prefixed(t.cfg.Store, id)
		var keys [][]byte
		if err := store.Scan(nil, func(key, _ []byte) error { keys = append(keys, bytes.Clone(key)); return nil }); err != nil {
			return fmt.Errorf("state of %s: %w", id, err)
		}
		for _, key := range keys {
			if err := store.Delete(key); err != nil {
				return fmt.Errorf("state of %s: %w", id, err)
			}
		}
	}
	return nil
}

// open makes the sources, numbered through all inputs.
func (t *Task) open() {
	id := 0
	for i, in := range t.sub.Inputs {
		n := 1
		if in.Repartition {
			n = t.cfg.Writers[i]
		}
		var of []*source
		for range n {
			t.tables = t.tables || in.Table()
			of = append(of, &source{id: id, mark: noTime, idle: in.Table()})
			id++
		}
		t.sources = append(t.sources, of)
	}
}

// Process runs records of one input, in the order of their offsets; afterwards
// the slice may be used again, but not what its records point to. The error
// is a [*BadRow] if a row stops the task, and then the task must be thrown away.
func (t *Task) Process(input int, recs []row.Record) error {
	t.taken += int64(len(recs))
	return t.readers[input].read(recs)
}

// Advance moves time as far as the sources allow, which closes windows and
// lets go of held rows. Call it after the records that were at hand.
func (t *Task) Advance() error {
	for _, n := range t.nodes {
		if err := n.advance(n.reached()); err != nil {
			return err
		}
	}
	return nil
}

// Rest says that an input of a user's topic is silent, so that others need not
// wait for it; its next row ends that.
func (t *Task) Rest(input int) {
	for _, s := range t.sources[input] {
		s.idle = true
	}
}

// Wake ends the rest of an input of a user's topic. What it gives afterwards is
// late for what was given without it.
func (t *Task) Wake(input int) {
	if t.sub.Inputs[input].Table() {
		return // it rests always: nobody waits for its time
	}
	for _, n := range t.nodes {
		if r, ok := n.op.(*retimed); ok && n.rests() {
			r.raise(t.joined(r))
		}
	}
	for _, s := range t.sources[input] {
		if s.idle {
			s.raise(t.joined(s))
			s.idle = false
		}
	}
}

// Rests says whether nobody waits for an input: it was told to rest, or all
// writers of a repartition have said that they are silent.
func (t *Task) Rests(input int) bool {
	for _, s := range t.sources[input] {
		if !s.idle {
			return false
		}
	}
	return true
}

// Silent says whether all inputs rest.
func (t *Task) Silent() bool {
	for i := range t.sources {
		if !t.Rests(i) {
			return false
		}
	}
	return true
}

// joined is how far time came where what has this clock meets something else.
func (t *Task) joined(c clock) int64 {
	wm := int64(noTime)
	for _, n := range t.nodes {
		if len(n.in) > 1 && slices.Contains(n.clocks, c) {
			wm = max(wm, n.reached())
		}
	}
	return wm
}

// Idle closes what is open as if time had reached its end: for a task whose
// inputs have all been silent. Rows for what it closes are late afterwards. It
// says whether anything was open.
func (t *Task) Idle() (bool, error) {
	ends := map[clock]int64{} // when nothing of a clock's is open
	t.idling = true
	defer func() { t.idling = false }()
	for _, n := range t.nodes {
		end := int64(noTime)
		for _, c := range n.clocks {
			if at, ok := ends[c]; ok {
				end = max(end, at)
			}
		}
		if h, ok := n.op.(holder); ok {
			end = max(end, h.horizon())
		}
		if err := n.advance(max(n.reached(), end)); err != nil {
			return false, err
		}
		for _, c := range n.clocks {
			if end > noTime {
				ends[c] = end
			}
		}
	}
	for c, end := range ends {
		c.raise(end)
	}
	return len(ends) > 0, nil
}

// Idling says whether what the task gives now it gives because its inputs are silent.
func (t *Task) Idling() bool { return t.idling }

// Drain gives the rows that wait only for the order between writers, at the end
// of a sample: no other row comes that could be before them. Time stays where it is.
func (t *Task) Drain() error {
	for _, n := range t.nodes {
		if o, ok := n.op.(interface{ drain(emit) error }); ok {
			if err := o.drain(n.emit); err != nil {
				return err
			}
		}
	}
	return nil
}

// Flush writes the state that changed to the store and the markers of time to
// the repartition topics, and gives everything to send since the last Flush.
// The records are to be sent before the task's position is committed; the
// slice is used again by what the task does next.
func (t *Task) Flush() ([]row.Record, error) {
	for _, w := range t.writers {
		w.announce()
	}
	for _, n := range t.nodes {
		if s, ok := n.op.(stateful); ok {
			if err := s.save(); err != nil {
				return nil, fmt.Errorf("state of %s: %w", n.step.Op.Text(), err)
			}
		}
	}
	return t.Sends(), nil
}

// Sends gives what is to be sent so far and was not given yet, for those who
// do not wait for a Flush. The slice is used again by what the task does next.
func (t *Task) Sends() []row.Record {
	out := t.sends
	t.sends = out[:0]
	return out
}

// Watermark is the least event time that the task's inputs may still give, µs.
func (t *Task) Watermark() int64 {
	wm := int64(math.MaxInt64)
	for i, of := range t.sources {
		if !t.sub.Inputs[i].Table() {
			wm = min(wm, reached(of))
		}
	}
	return wm
}

// Step is the plan's step that has the number of a Counts entry.
func (t *Task) Step(id int) *plan.Step { return t.topo.Plan.Steps[id] }

// noStore keeps nothing: for tasks whose state ends with them.
type noStore struct{}

func (noStore) Get([]byte) ([]byte, bool, error)                 { return nil, false, nil }
func (noStore) Put([]byte, []byte) error                         { return nil }
func (noStore) Delete([]byte) error                              { return nil }
func (noStore) Scan([]byte, func(key, value []byte) error) error { return nil }
