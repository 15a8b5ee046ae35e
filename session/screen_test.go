package session

import (
	"fmt"
	"slices"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/stream/live"
)

func TestLiveSaysWhatBecameNull(t *testing.T) {
	s := screen{progress: live.Progress{Read: 3, Over: 2}}
	want := []string{"3 rows read, 0 rows behind", "2 ints did not fit 64 bits and were null; floats hold more: float(x) * y"}
	if got := s.notes(); !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// Rows come many at once: a table shows those that Limit asked for, and as many of the newest as the view says.
func TestLiveShowsAsManyRowsAsAskedFor(t *testing.T) {
	schema := row.NewSchema(row.Field{Name: "n", Kind: row.Int})
	table := row.NewTable(schema)
	vec := row.Vec{Kind: row.Int, Ints: []int64{1, 2, 3, 4, 5}}
	b := &row.Batch{Schema: schema, Cols: []row.Vec{vec}, Time: make([]int64, 5)}
	rows := &live.Rows{Times: make([]int64, 5), Keys: make([]string, 5), Data: encoded(b)}
	s := screen{schema: schema, rows: table, limit: 4, keep: 2}
	if err := s.add(rows); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.rows.Ints("n"), s.total, s.full(), s.notes()); got != "[3 4] 4 true [ended at the 4 rows of Limit]" {
		t.Errorf("of 5 rows, Limit(4) and Head(2) show %s", got)
	}
}
