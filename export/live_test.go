package export_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/export/replay"
)

func TestLiveProgramGivesTheNotebooksRows(t *testing.T) {
	w := workshop(t)
	n := newNotebook(t, writeSample(t))
	n.run(
		`func kmh(speed float64) float64 { return speed*3.6 + 0.5 }`,
		`df := Topic("cars", Time("ts")).Map("kmh", kmh, "speed").Where("gear in [3, 4]")`,
		`Live(Line(df.GroupBy("car").Tumbling("10s").Agg("avg = mean(kmh)", "n = count()"), "window_end", "avg", "car"))`,
	)
	p := n.made[0]
	files, err := w.Live(p)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := w.Build(t.Context(), files, func(s string) { t.Log(s) })
	if err != nil {
		t.Fatal(err)
	}
	rows := filepath.Join(t.TempDir(), "rows")
	if out, err := exec.Command(binary, "--sample", p.Sample, "--rows", rows).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	if d := replay.Diff(p.Rows, got); d != "" || len(got) < 1000 {
		t.Errorf("%d bytes: %s", len(got), d)
	}
	t.Logf("%s", got[:300])
}

// workshop is one for all tests, in the user's cache, where libraries are compiled already if they ever were.
func workshop(t testing.TB) *export.Workshop {
	t.Helper()
	w, err := export.Open(os.DirFS(".."), "")
	if err != nil {
		t.Fatal(err)
	}
	return w
}
