package plan_test

import (
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// TestOpenTellsOfWindowsThatWait names the graphs whose open windows can be told of.
func TestOpenTellsOfWindowsThatWait(t *testing.T) {
	cars := dataframe.Topic("cars")
	tens := cars.GroupBy("car").Tumbling("10s").Agg("n = count()")
	for name, c := range map[string]struct {
		frame dataframe.Frame
		want  int
	}{
		"rows":                        {cars, 0},
		"tumbling":                    {tens, 1},
		"hopping":                     {cars.GroupBy("car").Hopping("10s", "1s").Agg("n = count()"), 1},
		"with columns":                {tens.With("twice = n * 2").Where("n > 1").Select("car", "twice").To("out"), 1},
		"a function of the user":      {tens.Filter(func(dataframe.Row) bool { return true }), 0},
		"told after each row already": {cars.GroupBy("car").Tumbling("10s").Emit(dataframe.Current).Agg("n = count()"), 0},
		"windows of windows":          {tens.GroupBy("car").Tumbling("1m").Agg("m = mean(n)"), 1},
	} {
		before := plan.Ends([]*plan.Node{c.frame.Node()})
		all, of := plan.Open([]*plan.Node{c.frame.Node()})
		if len(of) != c.want || len(all) != len(before)+c.want || all[0] != before[0] {
			t.Errorf("%s: %d twins behind %d ends, want %d behind %d", name, len(of), len(all)-len(of), c.want, len(before))
		}
	}
}
