package stream

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// assignment is what the group gave to this process, as its client tells it
// from goroutines of its own. The goroutine that runs the tasks looks at it
// when it likes, and sees by the serial whether a partition went and came back.
type assignment struct {
	layout *layout
	from   From
	admin  *kadm.Client

	mu     sync.Mutex
	starts map[tp]start
	serial int
}

// start is where a partition begins for this process.
type start struct {
	offset    int64
	committed bool // else the group never committed an offset of it
	serial    int  // rises each time the partition is given
}

func newAssignment(l *layout, from From, admin *kadm.Client) *assignment {
	return &assignment{layout: l, from: from, admin: admin, starts: map[tp]start{}}
}

// adjust is called with the committed offsets of partitions before they are
// read. Where there is none it looks up where to begin, so that an aborted
// first transaction goes back there and nowhere else.
func (a *assignment) adjust(ctx context.Context, given map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	got := map[tp]start{}
	for topic, partitions := range given {
		for p, o := range partitions {
			at := o.EpochOffset().Offset
			got[tp{topic, p}] = start{offset: at, committed: at >= 0}
		}
	}
	if err := a.begin(ctx, got); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for t, s := range got {
		a.serial++
		s.serial = a.serial
		a.starts[t] = s
		if !s.committed {
			given[t.topic][t.partition] = kgo.NewOffset().At(s.offset)
		}
	}
	return given, nil
}

// begin finds where to begin with what was never committed.
func (a *assignment) begin(ctx context.Context, got map[tp]start) error {
	ends := map[bool][]string{}
	for t, s := range got {
		if !s.committed {
			ends[a.fromEnd(t)] = append(ends[a.fromEnd(t)], t.topic)
		}
	}
	for end, topics := range ends {
		list := a.admin.ListStartOffsets
		if end {
			list = a.admin.ListCommittedOffsets
		}
		offsets, err := list(ctx, topics...)
		if err == nil {
			err = offsets.Error()
		}
		if err != nil {
			return fmt.Errorf("where topics begin: %w", err)
		}
		for t, s := range got {
			if o, ok := offsets.Lookup(t.topic, t.partition); ok && !s.committed && a.fromEnd(t) == end {
				s.offset = o.Offset
				got[t] = s
			}
		}
	}
	return nil
}

// fromEnd says whether a new group skips what is in the topic. What the program
// itself moved there is never skipped, and neither is what a table has.
func (a *assignment) fromEnd(t tp) bool {
	r := a.layout.reader[t.topic]
	in := a.layout.parts[r.sub].sub.Inputs[r.input]
	return a.from == Latest && !in.Repartition && !in.Table()
}

// take forgets partitions that went.
func (a *assignment) take(gone map[string][]int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for topic, partitions := range gone {
		for _, p := range partitions {
			delete(a.starts, tp{topic, p})
		}
	}
}

// keep forgets everything but these partitions: the group's last word.
func (a *assignment) keep(given map[string][]int32) {
	have := map[tp]bool{}
	for topic, partitions := range given {
		for _, p := range partitions {
			have[tp{topic, p}] = true
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.starts, func(t tp, _ start) bool { return !have[t] })
}

// tasks are the tasks all of whose partitions are here, with where they begin by input.
func (a *assignment) tasks() map[TaskID][]start {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := map[TaskID][]start{}
	for t := range a.starts {
		id, _, ok := a.layout.task(t)
		if !ok || out[id] != nil {
			continue
		}
		if starts := a.of(id); starts != nil {
			out[id] = starts
		}
	}
	return out
}

// of is where the inputs of a task begin, or nil if one is not here.
func (a *assignment) of(id TaskID) []start {
	var out []start
	for _, t := range a.layout.of(id) {
		s, ok := a.starts[t]
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// start is where a partition begins, if it is here.
func (a *assignment) start(t tp) start {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.starts[t]
}

// moved notes that a partition begins elsewhere now, unless it was given anew meanwhile.
func (a *assignment) moved(t tp, to start) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s, ok := a.starts[t]; ok && s.serial == to.serial {
		a.starts[t] = to
	}
}
