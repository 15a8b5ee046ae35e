package exec_test

import (
	"fmt"
	"testing"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Sums that do not fit are counted, and those that follow are right again, also after a restart.
func TestSumsThatDoNotFitAreCounted(t *testing.T) {
	f := df.Topic("in", df.KeyAs("k"), df.Fields("k string", "n int")).GroupBy("k").With("n = cumsum(n)").To("out")
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{"in": {Partitions: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := exec.NewDriver(exec.Cut(p), exec.DriverConfig{Topics: map[string]int{"in": 1}})
	if err != nil {
		t.Fatal(err)
	}
	given, over := "", int64(0)
	for i, n := range []int64{1 << 62, 1 << 62, -1 << 62} {
		rec := row.Record{Topic: "in", Key: []byte("a"), Offset: int64(i), Value: fmt.Appendf(nil, `{"k":"a","n":%d}`, n)}
		if err := d.Feed([]row.Record{rec}); err != nil {
			t.Fatal(err)
		}
		for _, r := range d.Sent() {
			given += string(r.Value)
		}
		for _, k := range d.Counts().Over {
			over += k
		}
		if err := d.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	if want := `{"k":"a","n":4611686018427387904}{"k":"a","n":null}{"k":"a","n":4611686018427387904}`; given != want || over != 1 {
		t.Errorf("rows %s, %d counted; want %s, 1", given, over, want)
	}
}
