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
