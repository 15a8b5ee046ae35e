package export_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/riffle-stream/riffle/export/replay"
)

func TestLiveProgramGivesTheNotebooksRows(t *testing.T) {
	w := shop(t)
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
	if out, err := exec.Command(binary, "--sample", n.path, "--rows", rows).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	if d := replay.Diff(n.rows[0], got); d != "" || len(got) < 1000 {
		t.Errorf("%d bytes: %s", len(got), d)
	}
}
