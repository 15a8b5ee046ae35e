package dataframe_test

import (
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// TestTTLIsOfWhatHasNoEnd wants errors where a time to live of a group means nothing.
func TestTTLIsOfWhatHasNoEnd(t *testing.T) {
	group := dataframe.Topic("cars", dataframe.Fields("car string", "lap int")).GroupBy("car")
	day := group.TTL("1d")
	for _, c := range []struct {
		frame dataframe.Frame
		want  string
	}{
		{group.TTL("1 day").Running().Agg("count()"), `TTL("1 day"): duration "1 day" is not one`},
		{group.TTL("-1s").With("n = cumcount()"), "want more than 0"},
		{day.Tumbling("1m").Agg("count()"), "tumbling(1m0s) ends by itself"},
		{day.Running().Emit(dataframe.Each("1s")).Agg("count()"), "want Emit(Current)"},
		{day.ApplyState(func(r dataframe.Row, _ *dataframe.State) dataframe.Row { return r }), "s.SetTTL(name, value, d)"},
		{day.EveryN(3).Agg("count()"), ""},
		{day.Where("cumcount() < 3"), ""},
	} {
		err := c.frame.Err()
		if err == nil {
			_, err = plan.Bind([]*plan.Node{c.frame.Node()}, plan.Facts{})
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

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
