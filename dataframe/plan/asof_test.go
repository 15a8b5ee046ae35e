package plan

import (
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// A join that does not say how old a partner may be takes twice the gap of the slower side, and says so.
func TestWithinOfTheSample(t *testing.T) {
	for _, c := range []struct{ left, right, want time.Duration }{
		{50 * time.Millisecond, time.Second, 2 * time.Second},
		{1003 * time.Millisecond, 50 * time.Millisecond, 2100 * time.Millisecond},
		{0, 0, 10 * time.Second},
		{time.Microsecond, 0, time.Millisecond},
		{37 * time.Minute, time.Second, 75 * time.Minute}, // 4440 s
	} {
		facts := Facts{Topics: map[string]TopicFacts{}}
		var sides []*Node
		for name, gap := range map[string]time.Duration{"cars": c.left, "gps": c.right} {
			facts.Topics[name] = TopicFacts{Fields: []Field{{Name: "car", Kind: row.String}}, Partitions: 1, Gap: Duration(gap)}
		}
		for _, name := range []string{"cars", "gps"} {
			sides = append(sides, New(&KeyBy{Columns: []string{"car"}}, New(&Source{Topic: name, Format: "json"})))
		}
		p, err := Bind([]*Node{New(&AsOf{Sides: Sides{On: []string{"car"}}}, sides...)}, facts)
		if err != nil {
			t.Fatal(err)
		}
		op := p.Roots[0].Op.(*AsOf)
		if *op.Within != c.want || len(op.Measured) != 2 {
			t.Errorf("gaps of %v and %v: within %v and measured %v, want %v and two", c.left, c.right, *op.Within, op.Measured, c.want)
		}
	}
}
