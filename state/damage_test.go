package state

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// damages are what can happen to a file. Each gets its path.
var damages = map[string]func(t *testing.T, path string){
	"missing": func(t *testing.T, path string) { must(t, os.RemoveAll(path)) },
	"empty":   func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) },
	"half": func(t *testing.T, path string) {
		info, err := os.Stat(path)
		must(t, err)
		must(t, os.Truncate(path, info.Size()/2))
	},
	"flip at start":  func(t *testing.T, path string) { flip(t, path, 0.02) },
	"flip in middle": func(t *testing.T, path string) { flip(t, path, 0.5) },
	"flip at end":    func(t *testing.T, path string) { flip(t, path, 0.99) },
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// flip turns one bit of the used part of a file; Badger's logs end in zeros.
func flip(t *testing.T, path string, at float64) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	used := len(strings.TrimRight(string(data), "\x00"))
	if used == 0 {
		used = len(data)
	}
	if used == 0 {
		t.Skipf("skipped because %s is empty", filepath.Base(path))
	}
	data[int(at*float64(used-1))] ^= 0x10
	must(t, os.WriteFile(path, data, 0o600))
}

// found says what must come of a damage.
type found int

const (
	either found = iota // nothing lost, or set aside
	lost                // it must be set aside
)

var damageTable = []struct {
	file    string // a pattern; the largest file that matches is damaged
	damages []string
	unclean found // of a folder whose process was killed
}{
	{"badger/MANIFEST", []string{"missing", "empty", "half", "flip at start", "flip in middle", "flip at end"}, lost},
	{"badger/*.sst", []string{"missing", "empty", "half", "flip at start", "flip in middle", "flip at end"}, lost},
	{"badger/*.vlog", []string{"missing", "empty", "half", "flip at start", "flip in middle"}, either},
	{"badger/*.mem", []string{"missing", "empty", "half", "flip at start", "flip in middle", "flip at end"}, either},
	{"badger/KEYREGISTRY", []string{"missing", "empty", "half", "flip in middle"}, either},
	{"badger", []string{"missing"}, lost},
	{"STATE.json", []string{"missing", "empty", "half", "flip at start"}, lost},
	{"CLEAN", []string{"missing", "empty", "half", "flip in middle"}, either},
}

// template is a folder with a few sessions behind it, the last one killed or not.
func template(t *testing.T, layout string, clean bool) (child, int) {
	t.Helper()
	seed := rand.Uint64() >> 1
	t.Logf("seed %d", seed)
	c := child{dir: t.TempDir(), seed: seed, budget: crashBudgets[layout], close: true}
	for _, c.until = range []int{4, 9, 13} {
		c.run(t)
	}
	if !clean {
		c.close, c.until = false, 14
		c.run(t)
	}
	return c, c.until
}

func TestDamage(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because it copies and damages a folder 120 times, and -short is given")
	}
	for _, layout := range []string{"blocks", "keys"} {
		for _, clean := range []bool{true, false} {
			name := layout + map[bool]string{true: " closed", false: " killed"}[clean]
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				whole, at := template(t, layout, clean)
				end := script{whole.seed}.after(at) // once: it is what takes the time
				for _, row := range damageTable {
					for _, damage := range row.damages {
						c := whole
						c.dir = t.TempDir()
						must(t, os.CopyFS(c.dir, os.DirFS(whole.dir)))
						path := largest(t, filepath.Join(c.dir, row.file))
						if path == "" {
							continue // closed: no .mem; killed: no CLEAN
						}
						want := row.unclean
						if clean && !strings.HasPrefix(row.file, "CLEAN") {
							want = lost // a closed folder is sealed
						}
						t.Run(row.file+" "+damage, func(t *testing.T) {
							damages[damage](t, path)
							survey(t, c, at, end, want)
						})
					}
				}
			})
		}
	}
}

// largest is the largest file that the pattern matches, or "".
func largest(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	must(t, err)
	size := func(path string) int64 {
		info, err := os.Stat(path)
		must(t, err)
		return info.Size()
	}
	if len(files) == 0 {
		return ""
	}
	return slices.MaxFunc(files, func(a, b string) int { return int(size(a) - size(b)) })
}

// survey opens a damaged folder. Either it was set aside, with a report, and
// the partition is empty; or the partition has exactly the state of its
// position. Both go on as if nothing had been.
func survey(t *testing.T, c child, at int, end map[string]string, want found) {
	t.Helper()
	db := openAny(t, c.dir, Options{Budget: c.budget, Probe: selfProbe()})
	p, err := db.Partition("agg", 0)
	must(t, err)
	pos, ok := p.Position()
	incidents := db.Incidents()
	s, step := script{c.seed}, int(pos.Changelog)
	if want == lost && len(incidents) == 0 {
		t.Error("the damage was not found")
	}
	if ok == (len(incidents) > 0) {
		t.Fatalf("position %v, %v, with incidents %v", pos, ok, incidents)
	}
	if ok && step > at {
		t.Fatalf("at step %d, only %d were done", step, at)
	}
	state := end
	if step != at {
		state = s.after(step)
	}
	if want, got := scanMap(state, ""), scanStore(t, p, ""); !slices.Equal(want, got) {
		t.Fatalf("silently wrong at step %d (-want +got):\n%.2000s", step, cmp.Diff(want, got))
	}
	for _, in := range incidents {
		t.Logf("incident %q: %v", in.Partition, in.Reason)
		if _, err := os.Stat(in.Aside); in.Partition == "" && err != nil {
			t.Errorf("the damaged files are not set aside: %v", err)
		}
	}
	must(t, p.Wipe())
	must(t, rebuild(p, end, at))
	must(t, db.Close())
	reopened, err := openTest(t, c.dir, Options{Budget: c.budget}).Partition("agg", 0)
	must(t, err)
	if got, want := reopened.Fingerprint(), fingerprintOf(end); got != want {
		t.Errorf("rebuilt: fingerprint %x, want %x", got, want)
	}
}
