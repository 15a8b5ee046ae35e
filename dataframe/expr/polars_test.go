package expr

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// polarsTask and polarsAnswer are what polars_eval.py reads and writes; a null is nil.
type polarsTask struct {
	Columns []polarsColumn `json:"columns"`
	Exprs   []string       `json:"exprs"`
}

type polarsColumn struct {
	Name   string    `json:"name"`
	Kind   string    `json:"kind"`
	Values []*string `json:"values"`
}

type polarsAnswer struct {
	Version string `json:"version"`
	Results []struct {
		Values []*string `json:"values"`
		Error  string    `json:"error"`
	} `json:"results"`
}

// plain is a value as both sides write it: times and durations in µs.
func plain(v any) *string {
	var s string
	switch x := v.(type) {
	case nil:
		return nil
	case float64:
		s = strconv.FormatFloat(x, 'g', -1, 64)
	case time.Time:
		s = strconv.FormatInt(x.UnixMicro(), 10)
	case time.Duration:
		s = strconv.FormatInt(x.Microseconds(), 10)
	default:
		s = textOf(x)
	}
	return &s
}

func askPolars(t *testing.T, task polarsTask) polarsAnswer {
	t.Helper()
	python, err := filepath.Abs("../../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skipf("no %s, because nobody made it: python3 -m venv .venv && .venv/bin/pip install -r dataframe/expr/testdata/requirements.txt", python)
	}
	in, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/polars_eval.py")
	cmd.Stdin = bytes.NewReader(in)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if strings.Contains(errors.String(), "No module named 'polars'") {
		t.Skip("polars is not in .venv, because nobody ran .venv/bin/pip install -r dataframe/expr/testdata/requirements.txt")
	}
	if err != nil {
		t.Fatalf("polars: %v\n%s", err, errors.String())
	}
	var answer polarsAnswer
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// alike says whether two results are the same; floats may differ in the last bits.
func alikePolars(k row.Kind, ours, theirs *string) bool {
	if ours == nil || theirs == nil {
		return ours == theirs
	}
	if *ours == *theirs || k != row.Float && k != row.Any {
		return *ours == *theirs
	}
	a, errA := strconv.ParseFloat(*ours, 64)
	b, errB := strconv.ParseFloat(*theirs, 64)
	if errA != nil || errB != nil {
		return false
	}
	return a == b || a != a && b != b || math.Abs(a-b) <= 1e-13*max(math.Abs(a), math.Abs(b))
}

// TestAgainstPolars compares random expressions over random columns with
// Polars. What we chose to do otherwise is either written out in the Polars
// text of generate_test.go or left out of it:
//
//   - an int that overflows is null and counted; there it wraps around
//   - NaN is compared as IEEE 754 says; there it equals itself and is above all
//   - an int beyond 2^53 is compared with a float exactly; there it is rounded first
//   - ** always gives a float; there int ** int is an int that wraps around
//   - % of floats is exact, as in Python; there a - floor(a/b)*b is rounded on the way
//   - min2 and max2 are null if one argument is, and NaN if one is; there they skip both
//   - upper and lower go letter by letter; there ß becomes SS
//   - string(1e6) is the shortest text that reads back; there it differs by magnitude
//   - format writes +Inf, -Inf and NaN as string does; Python, whose word it is held against, inf, -inf and nan
//
// Python, too, has the word on % of floats and on **.
func TestAgainstPolars(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	g := &generator{Rand: r, polars: true}
	const rounds, n = 1000, 30
	columns := randomColumns(r, n, false)
	batch := makeBatch(t, columns, n)
	task := polarsTask{}
	for i, c := range columns {
		pc := polarsColumn{Name: c.name, Kind: c.kind.String()}
		for k := range n {
			pc.Values = append(pc.Values, plain(batch.Cols[i].Value(k)))
		}
		task.Columns = append(task.Columns, pc)
	}
	var ours []string
	for len(ours) < rounds {
		p := g.of(kinds[r.IntN(len(kinds))], 3)
		if r.IntN(50) == 0 {
			p = g.inexact()
		}
		ours = append(ours, p.ours)
		task.Exprs = append(task.Exprs, p.polars)
	}
	answer := askPolars(t, task)
	differing := 0
	for i, src := range ours {
		p, v, err := eval(src, batch)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, src, err)
		}
		got := answer.Results[i]
		if got.Error != "" {
			t.Errorf("seed %d: %s\npolars %s\n%s", seed, src, task.Exprs[i], got.Error)
			continue
		}
		for k := range n {
			mine := plain(v.Value(k))
			if p.Overflows() == 0 && !alikePolars(p.Kind(), mine, got.Values[k]) {
				t.Errorf("seed %d: row %d of %s\n  is %s, in Polars %s\n  %s", seed, k, src, textOrNull(mine), textOrNull(got.Values[k]), task.Exprs[i])
				differing++
				break
			}
		}
		if differing > 10 {
			t.Fatal("and more")
		}
	}
	t.Logf("%d expressions over %d rows, Polars %s", rounds, n, answer.Version)
}

func textOrNull(s *string) string {
	if s == nil {
		return "null"
	}
	return strconv.Quote(*s)
}
