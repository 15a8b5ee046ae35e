package exec

import (
	"math"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Waits is what a step of a task has open, and what it waits for.
type Waits struct {
	Step      *plan.Step
	Partition int32
	Windows   int   // that are open
	Until     int64 // the time at which the first of them closes, µs
	Time      int64 // how far time came, µs; noTime before the first row
	Topic     string
	Of        int32 // the partition of that topic that time waits for
}

// waiting is an operator with windows that time closes.
type waiting interface {
	// waits is how many windows are open, and when the first closes.
	waits() (n int, until int64)
}

func (w *windowed) waits() (int, int64) { return len(w.open), w.closes() }

func (w *sliding) waits() (n int, until int64) {
	for i, m := range w.wait {
		if i == 0 || w.wait[i-1].end != m.end || w.wait[i-1].key != m.key {
			n++
		}
	}
	if n == 0 {
		return 0, math.MaxInt64
	}
	return n, w.wait[0].end + w.grace + 1
}

func (w *sessions) waits() (n int, until int64) {
	until = math.MaxInt64
	for _, open := range w.keys {
		for _, c := range open {
			n, until = n+1, min(until, c.end+w.grace)
		}
	}
	return n, until
}

// Waits is what windows of all tasks wait for, by step and partition.
func (d *Driver) Waits() []Waits {
	var out []Waits
	for _, sub := range d.topo.Subs {
		for _, r := range d.tasks[sub.ID] {
			for _, n := range r.task.nodes {
				op, ok := n.op.(waiting)
				if !ok {
					continue
				}
				open, until := op.waits()
				if open == 0 {
					continue
				}
				w := Waits{Step: n.step, Partition: r.cfg.Partition, Windows: open, Until: until, Time: n.reached()}
				w.Topic, w.Of = d.holds(r.task, n)
				out = append(out, w)
			}
		}
	}
	return out
}

// holds is the partition of a user's topic that holds up the time of a node: of its sources that do not rest the one that came least far.
func (d *Driver) holds(t *Task, n *node) (topic string, partition int32) {
	for n.from == nil {
		least := n.in[0]
		for _, in := range n.in {
			if least.rests() || !in.rests() && in.wm < least.wm {
				least = in
			}
		}
		n = least
	}
	for i, of := range t.sources {
		for q, s := range of {
			if len(n.from) == 0 || of[0] != n.from[0] || s.idle && !n.rests() || s.mark > reached(n.from) {
				continue
			}
			in := t.sub.Inputs[i]
			if !in.Repartition {
				return in.Topic, t.cfg.Partition
			}
			from := d.tasks[in.From][q].task
			return d.holds(from, from.nodes[len(from.nodes)-1])
		}
	}
	return "", 0
}
