package corpus

import (
	"fmt"
	"slices"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/survey"
)

// Bind gives the plan of frames with the facts that records teach.
func Bind(frames []df.Frame, recs []row.Record, partitions int) (*plan.Plan, error) {
	var roots []*plan.Node
	for _, f := range frames {
		if f.Err() != nil {
			return nil, f.Err()
		}
		roots = append(roots, f.Node())
	}
	facts := plan.Facts{Topics: map[string]plan.TopicFacts{}}
	var failed error
	plan.Walk(roots, func(n *plan.Node) {
		src, ok := n.Op.(*plan.Source)
		if !ok {
			return
		}
		var of []row.Record
		for _, r := range recs {
			if r.Topic == src.Topic {
				of = append(of, r)
			}
		}
		got, _, err := survey.Topic(src, of, partitions, Formats())
		if err != nil {
			failed = fmt.Errorf("facts of %s: %w", src.Topic, err)
		}
		facts.Topics[src.Topic] = got
	})
	if failed != nil {
		return nil, failed
	}
	return plan.Bind(roots, facts)
}

// NewDriver makes a driver of the plan whose topics have n partitions each;
// those of which there is no record rest.
func NewDriver(p *plan.Plan, n int, recs []row.Record) (*exec.Driver, error) {
	topics := map[string]int{}
	for _, s := range p.Sources() {
		topics[s.Op.(*plan.Source).Topic] = n
	}
	topo := exec.Cut(p)
	topo.Formats = Formats()
	d, err := exec.NewDriver(topo, exec.DriverConfig{Topics: topics})
	if err != nil {
		return nil, err
	}
	for topic := range topics {
		for part := range n {
			if slices.ContainsFunc(recs, func(r row.Record) bool { return r.Topic == topic && int(r.Partition) == part }) {
				continue
			}
			if err := d.Rest(topic, part); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// TablesFirst puts the records of tables before the others, as who runs a plan does.
func TablesFirst(p *plan.Plan, recs []row.Record) []row.Record {
	table := map[string]bool{}
	for _, s := range p.Sources() {
		src := s.Op.(*plan.Source)
		table[src.Topic] = src.Table
	}
	out := slices.Clone(recs)
	slices.SortStableFunc(out, func(a, b row.Record) int {
		switch {
		case table[a.Topic] == table[b.Topic]:
			return 0
		case table[a.Topic]:
			return -1
		}
		return 1
	})
	return out
}
