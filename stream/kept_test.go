//go:build synctests

package stream

import (
	"os"
	"slices"
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
						cfg.StateDir = dir
						if keep {
							cfg.Adopt = []string{"apply:car#1"}
						}
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
					ends(w.t, err, ErrLayout, "function count", "applystate", "--adopt 'apply:car#1'", "--reset-state", "--group")
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

// TestEditedSteps runs a program, edits its steps, and runs it again in the same group.
func TestEditedSteps(t *testing.T) {
	rows := df.Topic("in", df.KeyAs("text"))
	window := func(f df.Frame, agg string) df.Frame {
		return f.GroupBy("text").Tumbling("1h").Grace("0s").Emit(df.Current).Agg(agg)
	}
	count := func(f df.Frame) df.Frame { return window(f, "n = count()").Select("text", "n").To("out") }
	sum := func(f df.Frame) df.Frame { return window(f, "s = sum(id)").Select("text", "s").To("sums") }
	for name, c := range map[string]struct {
		then  []df.Frame
		reset []string
		says  []string // of the refusal; none: it goes on
		last  string   // of the topic out
	}{
		"a column more":          {then: []df.Frame{count(rows.With("twice = id * 2").Where("twice > 0"))}, last: `{"text":"k","n":3}`},
		"a column after":         {then: []df.Frame{window(rows, "n = count()").With("m = n + 1").Select("text", "m").To("out")}, last: `{"text":"k","m":4}`},
		"a branch without state": {then: []df.Frame{count(rows), rows.Select("id").To("ids")}, last: `{"text":"k","n":3}`},
		"a step more":            {then: []df.Frame{count(rows), sum(rows.Where("id > 0"))}, says: []string{"is new in this program", "--reset-state 'window:"}},
		"a step more, begun":     {then: []df.Frame{count(rows), sum(rows.Where("id > 0"))}, reset: []string{"window:text:tumbling(1h0m0s)#2"}, last: `{"text":"k","n":3}`},
		"other aggregates":       {then: []df.Frame{window(rows, "n = sum(id)").Select("text", "n").To("out")}, says: []string{"other aggregates", "--reset-state"}},
		"other aggregates, begun": {then: []df.Frame{window(rows, "n = sum(id)").Select("text", "n").To("out")},
			reset: []string{"window:text:tumbling(1h0m0s)#1"}, last: `{"text":"k","n":7}`},
	} {
		t.Run(name, func(t *testing.T) {
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 1, nil)
				dir := t.TempDir()
				run := func(reset []string, frames ...df.Frame) error {
					w.graph(frames...)
					return w.runFor(20*time.Second, func(cfg *Config) { cfg.StateDir, cfg.Reset = dir, reset })
				}
				w.put("in", `{"id":1,"text":"k"}`)
				w.put("in", `{"id":2,"text":"k"}`)
				if err := run(nil, count(rows)); err != nil {
					t.Fatal(err)
				}
				w.put("in", `{"id":7,"text":"k"}`)
				err := run(c.reset, c.then...)
				if len(c.says) > 0 {
					ends(t, err, ErrLayout, append(c.says, "--group")...)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if err := run(nil, c.then...); err != nil {
					t.Errorf("started once more: %v", err)
				}
				out := w.values("out")
				if !slices.Contains(out, c.last) {
					t.Errorf("written %v, want %s among it", out, c.last)
				}
			})
		})
	}
}
