package stream

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/exec"
)

// layout is a topology as it lies on a cluster: which partitions of which
// topics make a task.
type layout struct {
	topo   *exec.Topology
	group  string
	topics map[string]int // partitions of the topics that the plan reads
	width  int            // of the widest topic
	widths map[string]int // of the repartition topics, by their names in the topology
	parts  []*part
	reader map[string]reading // by full name of the topic
	moves  map[string]string  // full name of a repartition topic by that in the topology
}

// part is a subtopology in a layout.
type part struct {
	sub       *exec.Subtopology
	tasks     int
	inputs    []string    // full names, by input
	writers   map[int]int // tasks that write an input, by its place
	changelog string      // "" if the part keeps nothing
	kept      []kept
	ids       map[string]string // of its inputs and its changelog, by name; empty if the brokers give topics none
}

// reading is who reads a topic.
type reading struct{ sub, input int }

// tp is a partition of a topic.
type tp struct {
	topic     string
	partition int32
}

func (t tp) String() string { return fmt.Sprintf("%s/%d", t.topic, t.partition) }

// newLayout lays a topology on topics with these numbers of partitions.
func newLayout(topo *exec.Topology, group string, topics map[string]int) (*layout, error) {
	l := &layout{topo: topo, group: group, topics: topics, width: topo.Width(topics), reader: map[string]reading{}, moves: map[string]string{}}
	var err error
	if l.widths, err = topo.Widths(topics); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTopic, err)
	}
	for _, sub := range topo.Subs {
		n, err := topo.Partitions(sub.ID, topics)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTopic, err)
		}
		p := &part{sub: sub, tasks: n, writers: map[int]int{}}
		for i, in := range sub.Inputs {
			name := in.Topic
			if in.Repartition {
				name = group + "-" + in.Topic
				l.moves[in.Topic] = name
				if p.writers[i], err = topo.Partitions(in.From, topics); err != nil {
					return nil, fmt.Errorf("%w: %w", ErrTopic, err)
				}
			}
			p.inputs = append(p.inputs, name)
			l.reader[name] = reading{sub.ID, i}
		}
		if sub.Keeps() {
			p.changelog = fmt.Sprintf("%s-%d-changelog", group, sub.ID)
		}
		l.parts = append(l.parts, p)
	}
	return l, nil
}

// task is the task that reads a partition of a topic, and as which input.
func (l *layout) task(t tp) (id TaskID, input int, ok bool) {
	r, ok := l.reader[t.topic]
	return TaskID{r.sub, t.partition}, r.input, ok
}

// tasks is the number of tasks of the whole group.
func (l *layout) tasks() int {
	n := 0
	for _, p := range l.parts {
		n += p.tasks
	}
	return n
}

// inputs are the topics that the group reads.
func (l *layout) inputs() []string {
	var out []string
	for _, p := range l.parts {
		out = append(out, p.inputs...)
	}
	return out
}

// portion is how much of a partition is fetched at once, compressed. Where topics meet in a task, those rows wait, as state, that are ahead
// of the other topic: then it is little, so that all topics are read side by side.
func (l *layout) portion() int32 {
	for _, p := range l.parts {
		if len(p.inputs) > 1 {
			return fetchBeside
		}
	}
	return fetchAlone
}

// of are the partitions that a task reads, by input.
func (l *layout) of(id TaskID) []tp {
	var out []tp
	for _, topic := range l.parts[id.Sub].inputs {
		out = append(out, tp{topic, id.Partition})
	}
	return out
}

// hash names the layout, so that programs that cut their tasks otherwise do not
// share a group. Numbers of partitions are not in it: a topic may grow.
func (l *layout) hash() string {
	var b strings.Builder
	for _, p := range l.parts {
		fmt.Fprintf(&b, "%q %q\n", p.inputs, p.changelog)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:6])
}
