package corpus

import (
	"fmt"
	"testing"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestWhatWindowsWaitFor: of three partitions the one that came least far holds the windows open, also those of rows that moved.
func TestWhatWindowsWaitFor(t *testing.T) {
	var recs []row.Record
	for p, seconds := range [][]int{{1, 2, 90}, {3, 4, 31}, {5, 80}} {
		for i, s := range seconds {
			recs = append(recs, row.Record{Topic: "cars", Partition: int32(p), Offset: int64(i), Key: fmt.Append(nil, p), Value: fmt.Appendf(nil, `{"car":"%d","gear":%d,"ts":%d}`, p, i, start+1000*s)})
		}
	}
	cars := df.Topic("cars", df.Time("ts"), df.KeyAs("car"))
	for name, c := range map[string]struct {
		w    df.Windowed
		open int
		of   int32
	}{
		"where they lie": {cars.GroupBy("car").Tumbling("20s").Grace("15s"), 4, 1},
		"moved":          {cars.GroupBy("gear").Tumbling("20s").Grace("15s"), 5, 1},
		"sessions":       {cars.GroupBy("gear").Session("40s").Grace("15s"), 3, 1}, // rows ahead of the others wait for their order
		"sliding":        {cars.GroupBy("gear").Sliding("40s").Grace("35s"), 8, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Bind([]df.Frame{c.w.Agg("n = count()")}, recs, 3)
			if err != nil {
				t.Fatal(err)
			}
			d, err := NewDriver(p, 3, recs)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Feed(recs); err != nil {
				t.Fatal(err)
			}
			open, first := 0, d.Waits()[0]
			for _, w := range d.Waits() {
				open += w.Windows
				if w.Until < first.Until {
					first = w
				}
			}
			if open != c.open || first.Topic != "cars" || first.Of != c.of || first.Until <= first.Time || first.Time != (start+31_000)*1000 {
				t.Errorf("%d windows are open, the first waits for partition %d of %s: %+v, want %d and partition %d at 31 s", open, first.Of, first.Topic, first, c.open, c.of)
			}
		})
	}
}
