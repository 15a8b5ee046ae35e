package survey

import (
	"fmt"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// A time that is wrong by ages makes rows late by ages, and still there is a grace.
func TestOneWrongTimeLeavesAGrace(t *testing.T) {
	for _, wrong := range []int64{9_000_000_000_000_000, -9_000_000_000_000_000} {
		var recs []row.Record
		for i, ts := range []int64{1_700_000_000_000, wrong, 1_700_000_000_050, -9_000_000_000_000_000} {
			recs = append(recs, row.Record{Topic: "cars", Offset: int64(i), Value: fmt.Appendf(nil, `{"ts":%d}`, ts)})
		}
		facts, _, err := Topic(&plan.Source{Topic: "cars", Format: "json", Time: "ts", TimeUnit: "ms"}, recs, 1)
		if err != nil {
			t.Fatal(err)
		}
		if g := facts.Grace(); g < time.Second || time.Duration(facts.Disorder) > g {
			t.Errorf("with a time of %d ms the disorder is %v and the grace %v", wrong, time.Duration(facts.Disorder), g)
		}
	}
}

// One clock in a hundred is a year ahead: the others teach the grace. Where all
// times lie ahead of their records, that is what the topic is like.
func TestWrongClocksTeachNothing(t *testing.T) {
	const day = 24 * 3600 * 1000
	for name, c := range map[string]struct {
		ahead func(i int) int64 // ms
		want  time.Duration
	}{
		"one clock":         {func(i int) int64 { return int64(i%100/99) * 365 * day }, 0},
		"times of tomorrow": {func(int) int64 { return day }, 0},
		"a timetable":       {func(i int) int64 { return 30*day - 5000 }, 30 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			var recs []row.Record
			for i := range 1000 {
				at := int64(1_700_000_000_000 + i*100)
				recs = append(recs, row.Record{Topic: "cars", Offset: int64(i), Time: at, Value: fmt.Appendf(nil, `{"ts":%d}`, at+c.ahead(i))})
			}
			facts, _, err := Topic(&plan.Source{Topic: "cars", Format: "json", Time: "ts", TimeUnit: "ms"}, recs, 1)
			if err != nil {
				t.Fatal(err)
			}
			if time.Duration(facts.Ahead) != c.want || facts.Grace() != time.Second {
				t.Errorf("ahead %v, want %v; grace %v", time.Duration(facts.Ahead), c.want, facts.Grace())
			}
		})
	}
}
