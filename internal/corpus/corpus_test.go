package corpus

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

var update = flag.Bool("update", false, "write the outputs of the corpus anew")

// width is how many partitions the topics of the corpus have.
const width = 3

// load reads the case's file; with -update it makes the input if there is none.
func load(t *testing.T, name string) (*txtar.Archive, []row.Record) {
	t.Helper()
	path := filepath.Join("testdata", name+".txtar")
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) && *update {
		b = txtar.Format(&txtar.Archive{Files: []txtar.File{{Name: "in", Data: Format(Generate(11, 3, 25))}}})
	} else if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(b)
	recs, err := Parse(ar.Files[0].Data)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return ar, recs
}

// bound is the case's plan and its records in n partitions.
func bound(t *testing.T, c Case, recs []row.Record, n int) (*plan.Plan, []row.Record) {
	t.Helper()
	recs, err := c.Records(recs)
	if err != nil {
		t.Fatalf("records: %v", err)
	}
	p, err := Bind(c.Build(), Spread(recs, n), n)
	if err != nil {
		t.Fatalf("bind: %v", err)
	}
	return p, TablesFirst(p, Spread(recs, n))
}

// run feeds a driver by cut, closes what is open if asked, and gives the rows sent.
func run(t *testing.T, p *plan.Plan, n int, recs []row.Record, idle bool, feed func(*exec.Driver) error) []row.Record {
	t.Helper()
	d, err := NewDriver(p, n, recs)
	if err != nil {
		t.Fatalf("driver: %v", err)
	}
	if err := feed(d); err != nil {
		t.Fatalf("run: %v", err)
	}
	if idle {
		if err := d.Idle(); err != nil {
			t.Fatalf("idle: %v", err)
		}
	}
	return d.Sent()
}

func all(recs []row.Record) func(*exec.Driver) error {
	return func(d *exec.Driver) error { return d.Feed(recs) }
}

func TestOutput(t *testing.T) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			ar, recs := load(t, c.Name)
			p, recs := bound(t, c, recs, width)
			got := Format(Sorted(run(t, p, width, recs, false, all(recs))))
			if *update {
				ar.Files = []txtar.File{ar.Files[0], {Name: "plan", Data: []byte(p.Text())}, {Name: "out", Data: got}}
				if err := os.WriteFile(filepath.Join("testdata", c.Name+".txtar"), txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(ar.Files[1].Data), p.Text()); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
			if d := cmp.Diff(string(ar.Files[2].Data), string(got)); d != "" {
				t.Errorf("rows (-want +got):\n%s", d)
			}
		})
	}
}

// each runs a check for every case on fresh random streams.
func each(t *testing.T, check func(t *testing.T, c Case, recs []row.Record, rnd *rand.Rand)) {
	seed := uint64(time.Now().UnixNano())
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
			}()
			for i := range uint64(4) {
				check(t, c, Generate(seed+i, 4, 40), rand.New(rand.NewPCG(seed, i)))
			}
		})
	}
}

func same(t *testing.T, what string, want, got []row.Record) {
	t.Helper()
	if d := cmp.Diff(string(Format(Sorted(want))), string(Format(Sorted(got)))); d != "" {
		t.Fatalf("%s changes the rows of a key (-want +got):\n%.3000s", what, d)
	}
}

func TestBatchCutsDoNotMatter(t *testing.T) {
	each(t, func(t *testing.T, c Case, recs []row.Record, rnd *rand.Rand) {
		p, recs := bound(t, c, recs, width)
		want := run(t, p, width, recs, false, all(recs))
		for name, size := range map[string]func() int{
			"1": fixed(1), "7": fixed(7), "1000": fixed(1000), "anything": pieces(rnd),
		} {
			got := run(t, p, width, recs, false, func(d *exec.Driver) error { return cut(d, recs, size, nil) })
			same(t, "batches of "+name, want, got)
		}
	})
}

// pieces are of 1 to 50 records.
func pieces(rnd *rand.Rand) func() int { return func() int { return 1 + rnd.IntN(50) } }

// sometimes is once in four.
func sometimes(rnd *rand.Rand, do func() error) func() error {
	return func() error {
		if rnd.IntN(4) > 0 {
			return nil
		}
		return do()
	}
}

func fixed(n int) func() int { return func() int { return n } }

// cut feeds records in pieces, with something between them.
func cut(d *exec.Driver, recs []row.Record, size func() int, between func() error) error {
	for len(recs) > 0 {
		n := min(size(), len(recs))
		if err := d.Feed(recs[:n]); err != nil {
			return err
		}
		if recs = recs[n:]; between != nil {
			if err := between(); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestRestartsDoNotMatter(t *testing.T) {
	each(t, func(t *testing.T, c Case, recs []row.Record, rnd *rand.Rand) {
		p, recs := bound(t, c, recs, width)
		want := run(t, p, width, recs, false, all(recs))
		got := run(t, p, width, recs, false, func(d *exec.Driver) error {
			return cut(d, recs, pieces(rnd), sometimes(rnd, d.Restart))
		})
		same(t, "a restart", want, got)
	})
}

func TestInterleavingDoesNotMatter(t *testing.T) {
	each(t, func(t *testing.T, c Case, recs []row.Record, rnd *rand.Rand) {
		p, recs := bound(t, c, recs, width)
		want := run(t, p, width, recs, false, all(recs))
		got := run(t, p, width, recs, false, func(d *exec.Driver) error {
			return cut(d, TablesFirst(p, Shuffle(recs, rnd)), pieces(rnd), nil)
		})
		same(t, "interleaving the partitions otherwise", want, got)
	})
}

func TestPartitionsDoNotMatterWithinGrace(t *testing.T) {
	each(t, func(t *testing.T, c Case, recs []row.Record, rnd *rand.Rand) {
		if c.Spread {
			return
		}
		p, one := bound(t, c, recs, 1)
		want := run(t, p, 1, one, true, all(one))
		for _, n := range []int{3, 8} {
			p, spread := bound(t, c, recs, n)
			same(t, "another number of partitions", want, run(t, p, n, spread, true, all(spread)))
		}
	})
}

// A pipeline gives the same rows whatever the format of its topic, whose schemas change on the way.
func TestFormatsDoNotMatter(t *testing.T) {
	var want []row.Record
	for _, c := range formatted() {
		p, recs := bound(t, c, Generate(uint64(23), 4, 40), width)
		got := run(t, p, width, recs, true, all(recs))
		if want == nil {
			want = got
		}
		if len(want) < 500 {
			t.Fatalf("%d rows", len(want))
		}
		same(t, c.Name, want, got)
	}
}

func TestHashDependsOnTheGraphAlone(t *testing.T) {
	seen := map[string]string{}
	for _, c := range Cases() {
		recs := Generate(5, 3, 25)
		a, _ := bound(t, c, recs, 3)
		b, _ := bound(t, c, recs, 3)
		if a.Hash() != b.Hash() {
			t.Errorf("%s: built twice it has the hashes %s and %s", c.Name, a.Hash(), b.Hash())
		}
		if other := seen[a.Hash()]; other != "" {
			t.Errorf("%s and %s have one hash", c.Name, other)
		}
		seen[a.Hash()] = c.Name
	}
}
