package exec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Topology is a plan cut into parts that run on their own.
type Topology struct {
	Plan *plan.Plan
	Subs []*Subtopology
	// Formats are what the topics are read and written by; to be set before tasks are made.
	Formats codec.Formats
}

// Subtopology is a part of a plan within which no row moves to another partition.
type Subtopology struct {
	ID     int
	Inputs []*Input
	Steps  []*plan.Step // in order; a KeyBy that moves rows is in the part that reads them
	Moves  []*Input     // inputs of other parts that this one writes
}

// Input is a topic that a subtopology reads.
type Input struct {
	// Topic is the name of the user's topic, or of a repartition topic without
	// the prefix that makes it a program's own.
	Topic       string
	Repartition bool
	Steps       []*plan.Step // the Source steps that read it, or the one KeyBy
	From, To    int          // of a repartition: the subtopologies that write and read it
}

// Cut gives the topology of a plan.
func Cut(p *plan.Plan) *Topology {
	part := parts(p)
	t := &Topology{Plan: p}
	subs := map[int]*Subtopology{}
	for _, s := range p.Steps {
		root := part.find(s.ID)
		if subs[root] == nil {
			subs[root] = &Subtopology{ID: len(t.Subs)}
			t.Subs = append(t.Subs, subs[root])
		}
		subs[root].Steps = append(subs[root].Steps, s)
	}
	names := map[string]int{}
	for _, s := range p.Steps {
		to := subs[part.find(s.ID)]
		switch op := s.Op.(type) {
		case *plan.Source:
			to.read(op.Topic, s)
		case *plan.KeyBy:
			if !op.Local {
				from := subs[part.find(s.In[0].ID)]
				in := &Input{Topic: repartitionName(op, names), Repartition: true, Steps: []*plan.Step{s}, From: from.ID, To: to.ID}
				to.Inputs = append(to.Inputs, in)
				from.Moves = append(from.Moves, in)
			}
		}
	}
	return t
}

// Keeps says whether tasks of the subtopology remember anything from one row to
// the next: state of operators, or how far repartition topics are read and written.
func (s *Subtopology) Keeps() bool {
	if len(s.Moves) > 0 {
		return true
	}
	for _, in := range s.Inputs {
		if in.Repartition {
			return true
		}
	}
	return slices.ContainsFunc(s.Steps, func(step *plan.Step) bool {
		switch step.Op.(type) {
		case *plan.Concat, *plan.Window, *plan.ApplyState, *plan.Running, *plan.Dedup, *plan.Retime, *plan.Lookup, *plan.AsOf, *plan.Interval:
			return true
		}
		return false
	})
}

// read adds a source step to the input of its topic.
func (s *Subtopology) read(topic string, step *plan.Step) {
	for _, in := range s.Inputs {
		if in.Topic == topic && !in.Repartition {
			in.Steps = append(in.Steps, step)
			return
		}
	}
	s.Inputs = append(s.Inputs, &Input{Topic: topic, Steps: []*plan.Step{step}})
}

// repartitionName names a repartition by its columns and its number among equals, so that edits elsewhere do not rename it.
func repartitionName(k *plan.KeyBy, seen map[string]int) string {
	base := "by-" + strings.Map(topicRune, strings.Join(k.Columns, "-"))
	seen[base]++
	if n := seen[base]; n > 1 {
		base = fmt.Sprintf("%s-%d", base, n)
	}
	return base + "-repartition"
}

// topicRune keeps what a topic name may hold.
func topicRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
		return r
	}
	return '_'
}

// parts joins the steps between which no row moves, and the readers of one topic.
func parts(p *plan.Plan) union {
	u := make(union, len(p.Steps))
	for i := range u {
		u[i] = i
	}
	reader := map[string]int{}
	for _, s := range p.Steps {
		if src, ok := s.Op.(*plan.Source); ok {
			if first, seen := reader[src.Topic]; seen {
				u.join(first, s.ID)
			}
			reader[src.Topic] = s.ID
		}
		if k, ok := s.Op.(*plan.KeyBy); ok && !k.Local {
			continue
		}
		for _, in := range s.In {
			u.join(in.ID, s.ID)
		}
	}
	return u
}

// union is a disjoint-set forest over step numbers.
type union []int

func (u union) find(i int) int {
	for u[i] != i {
		i = u[i]
	}
	return i
}

// join keeps the lower number as the name of both.
func (u union) join(a, b int) {
	a, b = u.find(a), u.find(b)
	u[max(a, b)] = min(a, b)
}

// Partitions is the number of tasks of a subtopology, given the number of
// partitions of each of the user's topics. Repartition topics have as many as
// the topics that are read beside them, or else the largest topic.
func (t *Topology) Partitions(sub int, topics map[string]int) (int, error) {
	n := 0
	for _, in := range t.Subs[sub].Inputs {
		if in.Repartition {
			continue
		}
		k := topics[in.Topic]
		if k <= 0 {
			return 0, fmt.Errorf("topic %q has no partitions", in.Topic)
		}
		if n != 0 && n != k {
			return 0, fmt.Errorf("topic %q has %d partitions and %q has %d, but rows of both meet in one task: the plan was bound when they were equal, bind it again on this cluster", t.Subs[sub].Inputs[0].Topic, n, in.Topic, k)
		}
		n = k
	}
	if n == 0 {
		n = t.Width(topics)
	}
	if n == 0 {
		return 0, fmt.Errorf("subtopology %d reads no topic that has partitions", sub)
	}
	return n, nil
}

// Widths are the numbers of partitions of the repartition topics, by the names that their inputs have.
func (t *Topology) Widths(topics map[string]int) (map[string]int, error) {
	out := map[string]int{}
	for _, sub := range t.Subs {
		for _, in := range sub.Inputs {
			if !in.Repartition {
				continue
			}
			n, err := t.Partitions(sub.ID, topics)
			if err != nil {
				return nil, err
			}
			out[in.Topic] = n
		}
	}
	return out, nil
}

// Table says whether an input is a table's topic, which is read up to its end before the others of its part.
func (in *Input) Table() bool {
	return !in.Repartition && !slices.ContainsFunc(in.Steps, func(s *plan.Step) bool { return !s.Op.(*plan.Source).Table })
}

// tablesFirst takes the tables out of topics that the plan reads.
func (t *Topology) tablesFirst(topics []string) (tables, others []string) {
	for _, topic := range topics {
		if t.isTable(topic) {
			tables = append(tables, topic)
		} else {
			others = append(others, topic)
		}
	}
	return tables, others
}

func (t *Topology) isTable(topic string) bool {
	for _, sub := range t.Subs {
		for _, in := range sub.Inputs {
			if in.Topic == topic && in.Table() {
				return true
			}
		}
	}
	return false
}

// Width is the number of partitions of the largest topic.
func (t *Topology) Width(topics map[string]int) int {
	var n int
	for _, src := range t.Plan.Sources() {
		n = max(n, topics[src.Op.(*plan.Source).Topic])
	}
	return n
}

// Sinks are the topics that the plan's rows go to, with those of dead letters and of late rows.
func (t *Topology) Sinks() []string {
	var out []string
	for _, s := range t.Plan.Steps {
		var names []string
		switch op := s.Op.(type) {
		case *plan.Sink:
			names = op.Names()
		case *plan.OnError:
			names = []string{op.Topic}
		case *plan.Window:
			names = []string{op.LateTo}
		}
		for _, n := range names {
			if n != "" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}
