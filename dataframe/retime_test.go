package dataframe_test

import (
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// TestTimeIsSaidWhatItLacks wants errors of Time and of what stands behind it, before a row flows.
func TestTimeIsSaidWhatItLacks(t *testing.T) {
	cars := dataframe.Topic("cars", dataframe.Time("ts"), dataframe.Fields("car string", "ts time", "due time", "lap int"))
	due := cars.Time("due")
	for _, c := range []struct {
		frame dataframe.Frame
		want  string
	}{
		{cars.Time("duee"), "did you mean due?"},
		{cars.Time("lap"), "With(\"lap = time(lap, 'ms')\")"},
		{due.GroupBy("car").Tumbling("1m").Agg("count()"), "Grace: is not given"},
		{due.GroupBy("car").Tumbling("1m").Grace("1s").Agg("count()"), ""},
		{due.GroupBy("car").Running().Agg("count()"), ""},
		{due.AsOf(cars, dataframe.On("car"), dataframe.Suffix("_2")), "Within: is not given"},
		{cars.AsOf(due, dataframe.On("car"), dataframe.Within("1s"), dataframe.Suffix("_2")), "Grace: is not given"},
		{cars.AsOf(due, dataframe.On("car"), dataframe.Within("1s"), dataframe.Grace("1s"), dataframe.Suffix("_2")), ""},
	} {
		_, err := plan.Bind([]*plan.Node{c.frame.Node()}, plan.Facts{})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
