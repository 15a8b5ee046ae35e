//go:build synctests

package stream

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// edited is the text of the ledger's pipeline with one change, as a program
// that was edited and built again carries it.
func edited(t *testing.T, old, new string) fstest.MapFS {
	t.Helper()
	text, err := os.ReadFile("../internal/ledger/pipeline.go")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), old, new, 1)
	if old != new && changed == string(text) {
		t.Fatalf("%q is not in the pipeline", old)
	}
	return fstest.MapFS{"pipeline.go": &fstest.MapFile{Data: []byte(changed)}}
}

// TestChangedFunctionIsRefusedTheOldState runs the ledger's program, edits it,
// and runs it again on the state of the first.
func TestChangedFunctionIsRefusedTheOldState(t *testing.T) {
	first := edited(t, "", "")
	for name, c := range map[string]struct {
		then    fstest.MapFS
		keep    bool
		lost    bool // the state folder
		refused bool
	}{
		"the same":                     {then: first},
		"changed":                      {then: edited(t, `s.Int("n", 0)+1`, `s.Int("n", 0)+2`), refused: true},
		"changed, folder lost":         {then: edited(t, `s.Int("n", 0)+1`, `s.Int("n", 0)+2`), lost: true, refused: true},
		"changed, and told to keep it": {then: edited(t, `s.Int("n", 0)+1`, `s.Int("n", 0)+2`), keep: true},
		"changed without state":        {then: edited(t, `Select("id", "car").To(Plain)`, `Select("id").To(Plain)`)},
		"its text is not there":        {},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 1, ledger.Shape{Partitions: 2, Cars: 2, Rows: 20}, func(w *world) {
				dir := w.t.TempDir()
				w.feed(w.recs)
				run := func(source fstest.MapFS, keep bool) error {
					return w.runFor(20*time.Second, func(cfg *Config) {
						cfg.StateDir, cfg.KeepState = dir, keep
						if source != nil {
							cfg.Source = source
						}
					})
				}
				if err := run(first, false); err != nil {
					w.t.Fatal(err)
				}
				if c.lost {
					dir = w.t.TempDir()
				}
				err := run(c.then, c.keep)
				if c.refused {
					ends(w.t, err, ErrLayout, "function count", "applystate", "--keep-state", "--group")
				} else if err != nil {
					w.t.Fatal(err)
				}
				if c.keep { // and from then on it is the state of the new one
					if err := run(c.then, false); err != nil {
						w.t.Error(err)
					}
					ends(w.t, run(first, false), ErrLayout)
				}
				if !c.refused {
					if report := w.check(kgo.ReadCommitted()); report.Wrong+report.Doubled > 0 {
						w.t.Error(report)
					}
				}
			})
		})
	}
}

// TestStateOfOtherAggregatesIsRefused has a window that counts something else
// than what was saved for it, in a program without its text.
func TestStateOfOtherAggregatesIsRefused(t *testing.T) {
	window := func(agg string) df.Frame {
		return in().GroupBy("text").Tumbling("10s").Grace("1s").Agg(agg).To("out")
	}
	for agg, refused := range map[string]bool{"n = sum(id)": false, "m = sum(id)": false, "n = mean(id)": true, "n = sum(id, id > 3)": true} {
		t.Run(agg, func(t *testing.T) {
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 2, nil)
				w.put("in", `{"id":1,"text":"a"}`, `{"id":2,"text":"b"}`)
				dir := t.TempDir()
				run := func(agg string) error {
					w.graph(window(agg))
					return w.runFor(20*time.Second, func(cfg *Config) { cfg.StateDir = dir })
				}
				if err := run("n = sum(id)"); err != nil {
					t.Fatal(err)
				}
				if err := run(agg); refused {
					ends(t, err, ErrLayout, "other aggregates", "--group")
				} else if err != nil {
					t.Error(err)
				}
			})
		})
	}
}
