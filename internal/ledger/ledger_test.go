package ledger_test

import (
	"math/rand/v2"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/ledger"
)

var topics = ledger.Written()

// run runs the pipeline over an input in memory.
func run(t *testing.T, recs []row.Record, partitions int) []row.Record {
	t.Helper()
	p, err := ledger.Pipeline(partitions)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, s := range p.Sources() {
		n[s.Op.(*plan.Source).Topic] = partitions
	}
	d, err := exec.NewDriver(exec.Cut(p), exec.DriverConfig{Topics: n})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Feed(recs); err != nil {
		t.Fatal(err)
	}
	return d.Sent()
}

func TestEngineGivesWhatIsExpected(t *testing.T) {
	for seed := range uint64(20) {
		shape := ledger.Shape{Seed: seed, Partitions: 1 + int(seed%4), Cars: 5, Rows: 600, HeldBack: int64(seed%3) * 20_000}
		recs := ledger.Input(shape)
		want, err := ledger.Expect(recs)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ledger.Read(run(t, recs, shape.Partitions))
		if err != nil {
			t.Fatal(err)
		}
		if r := ledger.Check(want, got, topics...); !r.OK() || r.Rows != want.Count(topics...) || r.Rows < 2700 {
			t.Fatalf("%+v: %v, want %d rows", shape, r, want.Count(topics...))
		}
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	recs := ledger.Input(ledger.Shape{Seed: 3, Partitions: 2, Cars: 3, Rows: 300})
	want, err := ledger.Expect(recs)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	for name, spoil := range map[string]func(rows []ledger.Row) []ledger.Row{
		"lost":      func(r []ledger.Row) []ledger.Row { return r[1:] },
		"doubled":   func(r []ledger.Row) []ledger.Row { return append(r, r[rnd.IntN(len(r))]) },
		"wrong":     func(r []ledger.Row) []ledger.Row { r[0].Text += " "; return r },
		"reordered": func(r []ledger.Row) []ledger.Row { r[0], r[1] = r[1], r[0]; return r },
		"invented":  func(r []ledger.Row) []ledger.Row { return append(r, ledger.Row{ID: -1}) },
	} {
		got := ledger.Rows{ledger.Counted: {}}
		for car, rows := range want[ledger.Counted] {
			got[ledger.Counted][car] = append([]ledger.Row(nil), rows...)
		}
		if r := ledger.Check(want, got, ledger.Counted); !r.OK() {
			t.Fatalf("the same rows: %v", r)
		}
		got[ledger.Counted]["c1"] = spoil(got[ledger.Counted]["c1"])
		if r := ledger.Check(want, got, ledger.Counted); r.OK() {
			t.Errorf("%s rows were not found", name)
		}
	}
}
