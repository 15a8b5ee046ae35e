//go:build synctests

package stream

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// ticks are a row a second for a minute. At 30 s one says that it is a year
// later; by is how far its own timestamp goes with it.
func ticks(by time.Duration) []row.Record {
	begin := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	var out []row.Record
	add := func(at, stamp time.Time) {
		out = append(out, row.Record{Topic: "in", Offset: int64(len(out)), Key: []byte("1"), Value: fmt.Appendf(nil, `{"id":1,"ts":%d}`, at.UnixMilli()), Time: stamp.UnixMilli()})
	}
	for i := range 60 {
		at := begin.Add(time.Duration(i) * time.Second)
		if i == 30 {
			add(at.AddDate(1, 0, 0), at.Add(by))
		}
		add(at, at)
	}
	return out
}

// tickPlan counts them in windows, which the end of the rows leaves one of open.
func tickPlan(t *testing.T, policy df.Policy) *plan.Plan {
	t.Helper()
	f := df.Topic("in", df.Time("ts", "ms"), df.KeyAs("id")).OnError(policy).GroupBy("id").Tumbling("10s").Grace("0s").Agg("n = count()").Select("n").To("out")
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{"in": {Partitions: 1, TimeUnit: "ms", Fields: []plan.Field{
		{Name: "id", Kind: row.Int}, {Name: "ts", Kind: row.Int}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestOneWrongClockClosesNothing has a time that is far ahead of its own
// record, in a sample and in a run. If the record's timestamp is as wrong, which a
// broker sees to, nothing tells it from the others: that is the control.
func TestOneWrongClockClosesNothing(t *testing.T) {
	full := []string{`{"n":10}`, `{"n":10}`, `{"n":10}`, `{"n":10}`, `{"n":10}`}
	for name, c := range map[string]struct {
		by    time.Duration
		whole bool
	}{
		"right timestamp": {0, true},
		"wrong timestamp": {365 * 24 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			recs := ticks(c.by)
			d, err := exec.NewDriver(exec.Cut(tickPlan(t, df.Skip)), exec.DriverConfig{Topics: map[string]int{"in": 1}})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Feed(recs); err != nil {
				t.Fatal(err)
			}
			var sampled []string
			for _, r := range d.Sent() {
				sampled = append(sampled, string(r.Value))
			}
			if slices.Equal(sampled, full) != c.whole {
				t.Errorf("over a sample the windows are %v", sampled)
			}
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 1, nil)
				w.produce(recs)
				w.plan = tickPlan(t, df.Skip)
				if err := w.runFor(10*time.Second, nil); err != nil {
					t.Fatal(err)
				}
				if got := w.values("out"); !slices.Equal(got, sampled) {
					t.Errorf("a run gives the windows %v, a sample %v", got, sampled)
				}
			})
		})
	}
}

// TestWrongClockFollowsThePolicy has nobody say what to do with such a row.
func TestWrongClockFollowsThePolicy(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		recs := ticks(0)
		w.topic("in", 1, nil)
		w.produce(recs)
		w.plan = tickPlan(t, df.Stop)
		err := w.runFor(10*time.Second, nil)
		if exitCode(err) != exitRow {
			t.Fatalf("ended with %v, want a bad row", err)
		}
		ends(t, err, err, "ts is 2027-01-05T08:00:30Z", "24h0m0s after the record's own timestamp, 2026-01-05T08:00:30Z", "clock")
	})
}

// produce writes records with the timestamps that they have.
func (w *world) produce(recs []row.Record) {
	w.t.Helper()
	cl := w.client(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer cl.Close()
	for _, r := range recs {
		out := produced(r)
		if err := cl.ProduceSync(context.Background(), out).FirstErr(); err != nil {
			w.t.Fatal(err)
		}
	}
}
