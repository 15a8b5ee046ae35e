package exec

import (
	"errors"
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// Driver runs a whole topology in memory: every task of every part, with the
// repartition topics as lists of records. It is the run over a sample and the
// test driver of the engine at once.
type Driver struct {
	topo   *Topology
	topics map[string]int // partitions by topic
	tasks  [][]*running   // by subtopology and partition
	sent   []row.Record   // to the user's topics
}

// running is a task with what survives its restarts.
type running struct {
	task  *Task
	cfg   Config
	store *state.Partition
}

// DriverConfig is what a driver is given.
type DriverConfig struct {
	Topics  map[string]int // number of partitions of each of the plan's topics
	Tap     func(root int, b *row.Batch) error
	Lenient bool
	OnBad   func(*BadRow)
	// Registry gets the schemas of what a replay writes; nil: nothing is registered.
	Registry codec.Schemas
}

// NewDriver makes every task of the topology.
func NewDriver(t *Topology, cfg DriverConfig) (*Driver, error) {
	d := &Driver{topo: t, topics: cfg.Topics}
	db := state.Memory()
	widths, err := t.Widths(cfg.Topics)
	if err != nil {
		return nil, err
	}
	for _, sub := range t.Subs {
		n, err := t.Partitions(sub.ID, cfg.Topics)
		if err != nil {
			return nil, err
		}
		var tasks []*running
		for p := range n {
			store, err := db.Partition(fmt.Sprint(sub.ID), int32(p))
			if err != nil {
				return nil, err
			}
			r := &running{store: store, cfg: Config{
				Partition: int32(p), Store: store, Widths: widths, Writers: map[int]int{},
				Tap: cfg.Tap, Lenient: cfg.Lenient, OnBad: cfg.OnBad,
			}}
			for i, in := range sub.Inputs {
				if in.Repartition {
					if r.cfg.Writers[i], err = t.Partitions(in.From, cfg.Topics); err != nil {
						return nil, err
					}
				}
			}
			if r.task, err = NewTask(t, sub.ID, r.cfg, nil); err != nil {
				return nil, err
			}
			tasks = append(tasks, r)
		}
		d.tasks = append(d.tasks, tasks)
	}
	return d, nil
}

// Feed gives records of the user's topics to the tasks that read them, in the
// order given, and runs what follows from them.
func (d *Driver) Feed(recs []row.Record) error {
	for len(recs) > 0 {
		n := 1
		for n < len(recs) && recs[n].Topic == recs[0].Topic && recs[n].Partition == recs[0].Partition {
			n++
		}
		if err := d.feed(recs[:n]); err != nil {
			return err
		}
		recs = recs[n:]
	}
	return d.settle()
}

// Rest says that a partition of a user's topic is silent, such as one of which
// a sample holds no record.
func (d *Driver) Rest(topic string, partition int) error {
	for _, sub := range d.topo.Subs {
		for i, in := range sub.Inputs {
			if !in.Repartition && in.Topic == topic && partition < len(d.tasks[sub.ID]) {
				d.tasks[sub.ID][partition].task.Rest(i)
			}
		}
	}
	return d.settle()
}

func (d *Driver) feed(recs []row.Record) error {
	for _, sub := range d.topo.Subs {
		for i, in := range sub.Inputs {
			if in.Repartition || in.Topic != recs[0].Topic {
				continue
			}
			if int(recs[0].Partition) >= len(d.tasks[sub.ID]) {
				return fmt.Errorf("topic %q has a record in partition %d, want one below %d", in.Topic, recs[0].Partition, len(d.tasks[sub.ID]))
			}
			if err := d.tasks[sub.ID][recs[0].Partition].task.Process(i, recs); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle lets time move on and moves rows between parts until nothing is left to move.
func (d *Driver) settle() error {
	for {
		moved := false
		for sub := range d.tasks {
			for _, r := range d.tasks[sub] {
				if err := r.task.Advance(); err != nil {
					return err
				}
				more, err := d.commit(r)
				if err != nil {
					return err
				}
				moved = moved || more
			}
		}
		if !moved {
			return nil
		}
	}
}

// commit takes what a task sends: to the next part, or out. It says whether rows moved.
func (d *Driver) commit(r *running) (bool, error) {
	sends, err := r.task.Flush()
	if err != nil {
		return false, err
	}
	moved := map[*Input][]row.Record{}
	var order []*Input
	for _, rec := range sends {
		in := d.input(rec.Topic)
		if in == nil {
			d.sent = append(d.sent, rec)
			continue
		}
		if moved[in] == nil {
			order = append(order, in)
		}
		moved[in] = append(moved[in], rec)
	}
	if err := r.store.Commit(state.Position{Task: r.task.Position()}); err != nil {
		return false, err
	}
	for _, in := range order {
		if err := d.deliver(in, moved[in]); err != nil {
			return false, err
		}
	}
	return len(order) > 0, nil
}

// input is the repartition input of that name, or nil.
func (d *Driver) input(topic string) *Input {
	for _, sub := range d.topo.Subs {
		for _, in := range sub.Inputs {
			if in.Repartition && in.Topic == topic {
				return in
			}
		}
	}
	return nil
}

// deliver gives moved records to the partitions that they are for.
func (d *Driver) deliver(in *Input, recs []row.Record) error {
	place := slices.Index(d.topo.Subs[in.To].Inputs, in)
	for p, r := range d.tasks[in.To] {
		var of []row.Record
		for _, rec := range recs {
			if int(rec.Partition) == p {
				of = append(of, rec)
			}
		}
		if err := r.task.Process(place, of); err != nil {
			return err
		}
	}
	return nil
}

// Idle closes what is open in every task, as after a long silence of all inputs.
func (d *Driver) Idle() error {
	return d.each(func(t *Task) error {
		_, err := t.Idle()
		return err
	})
}

// Silence closes what is open in the tasks whose inputs all rest.
func (d *Driver) Silence() error {
	return d.each(func(t *Task) error {
		if !t.Silent() {
			return nil
		}
		_, err := t.Idle()
		return err
	})
}

// Idling says whether what is given now, to a tap, is given because the inputs of its task are silent.
func (d *Driver) Idling() bool {
	for _, tasks := range d.tasks {
		for _, r := range tasks {
			if r.task.Idling() {
				return true
			}
		}
	}
	return false
}

// Drain gives the rows that wait only for the order between writers, at the end of a sample.
func (d *Driver) Drain() error { return d.each((*Task).Drain) }

// each does something to every task, part by part, and runs what follows from it.
func (d *Driver) each(do func(*Task) error) error {
	for sub := range d.tasks {
		for _, r := range d.tasks[sub] {
			if err := do(r.task); err != nil {
				return err
			}
			if _, err := d.commit(r); err != nil {
				return err
			}
		}
		if err := d.settle(); err != nil {
			return err
		}
	}
	return nil
}

// Kept is the store of the last step before a root, or the root, that keeps
// what can be looked at; false: there is none.
func (d *Driver) Kept(root *plan.Step) (Store, bool) {
	for _, tasks := range d.tasks {
		for _, n := range tasks[0].task.nodes {
			if _, ok := n.op.(readable); ok && n.step == root {
				return Store{ID: n.kept, Step: root}, true
			}
		}
	}
	for _, in := range root.In {
		if s, ok := d.Kept(in); ok {
			return s, true
		}
	}
	return Store{}, false
}

// Read gives what a step has kept for the keys that are wanted, task by task, to fn; see [Task.Read].
func (d *Driver) Read(s Store, want func(key string) bool, fn func(Entry) error) error {
	for _, tasks := range d.tasks {
		for _, r := range tasks {
			if err := r.task.Read(s.ID, want, fn); err != nil && !errors.Is(err, ErrNoStep) {
				return err
			}
		}
	}
	return nil
}

// Restart throws every task away and makes it again from its saved state, as after a crash.
func (d *Driver) Restart() error {
	for sub := range d.tasks {
		for _, r := range d.tasks[sub] {
			if _, err := d.commit(r); err != nil {
				return err
			}
			pos, _ := r.store.Position()
			task, err := NewTask(d.topo, sub, r.cfg, pos.Task)
			if err != nil {
				return err
			}
			task.Counts = r.task.Counts
			r.task = task
		}
	}
	return nil
}

// Sent gives the records for the user's topics since the last call.
func (d *Driver) Sent() []row.Record {
	out := d.sent
	d.sent = nil
	return out
}

// Counts are those of all tasks.
func (d *Driver) Counts() Counts {
	var c Counts
	for _, tasks := range d.tasks {
		for _, r := range tasks {
			c.Add(r.task.Counted())
		}
	}
	return c
}

// Watermark is the least event time that any task waits for, µs.
func (d *Driver) Watermark() int64 {
	wm := int64(1<<63 - 1)
	for _, tasks := range d.tasks {
		for _, r := range tasks {
			wm = min(wm, r.task.Watermark())
		}
	}
	return wm
}
