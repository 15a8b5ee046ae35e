package oracle_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// seconds are records of one car at these seconds, from an offset on.
func seconds(topic string, offset int64, at ...int) []row.Record {
	var out []row.Record
	for i, s := range at {
		out = append(out, row.Record{Topic: topic, Key: []byte("4"), Offset: offset + int64(i), Value: fmt.Appendf(nil, `{"car":"4","num":%d,"ts":%d}`, s, s*1000)})
	}
	return out
}

// A side of a join that rests holds up nothing, and when it wakes what it gives is late for what was given without it.
func TestSideThatRestsHoldsUpNothing(t *testing.T) {
	side := func(name string) df.Frame {
		return df.Topic(name, df.Time("ts", "ms"), df.KeyAs("car"), df.Fields("car string", "num int", "ts int"))
	}
	f := side("left").AsOf(side("right").Select("car", "found = num"), df.On("car"), df.Within("10s"), df.Grace("0s"), df.Left()).Select("num", "found").To("out")
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{"left": {Partitions: 1}, "right": {Partitions: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := exec.NewDriver(exec.Cut(p), exec.DriverConfig{Topics: map[string]int{"left": 1, "right": 1}})
	if err != nil {
		t.Fatal(err)
	}
	var given []string
	for _, step := range []struct {
		do   func() error
		want []string
	}{
		{func() error { return d.Feed(seconds("left", 0, 1, 2, 5)) }, nil},
		{func() error { return d.Rest("right", 0) }, []string{`{"num":1,"found":null}`, `{"num":2,"found":null}`}},
		{func() error { return d.Feed(seconds("right", 0, 1, 6)) }, nil},                               // the row of 1 s is late
		{func() error { return d.Feed(seconds("left", 3, 7, 8)) }, []string{`{"num":5,"found":null}`}}, // 7 and 8 wait for the right side again
		{d.Restart, nil},
		{func() error { return d.Feed(seconds("right", 2, 9)) }, []string{`{"num":7,"found":6}`}},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		given = nil
		for _, r := range d.Sent() {
			given = append(given, string(r.Value))
		}
		if diff := cmp.Diff(step.want, given); diff != "" {
			t.Fatalf("rows (-want +got):\n%s", diff)
		}
	}
	late := int64(0)
	for _, n := range d.Counts().Late {
		late += n
	}
	if late != 1 {
		t.Errorf("%d rows were late, want 1", late)
	}
}
