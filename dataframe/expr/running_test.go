package expr

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// story is random rows of three keys, with nulls and ties of values, in order of time.
func story(r *rand.Rand, n int) *row.Batch {
	b := &row.Batch{
		Schema: row.NewSchema(row.Field{Name: "k", Kind: row.String}, row.Field{Name: "t", Kind: row.Time}, row.Field{Name: "x", Kind: row.Float},
			row.Field{Name: "i", Kind: row.Int}, row.Field{Name: "b", Kind: row.Bool}, row.Field{Name: "s", Kind: row.String}),
		Key: row.MakeVec(row.String, n),
	}
	for c := range b.Schema.Len() {
		b.Cols = append(b.Cols, row.MakeVec(b.Schema.At(c).Kind, n))
	}
	at := int64(1_700_000_000_000_000)
	for i := range n {
		at += 1 + r.Int64N(5_000_000)
		b.Time, b.Mark, b.Seq = append(b.Time, at), append(b.Mark, at), append(b.Seq, int64(i))
		b.Key.Strs[i] = string(rune('a' + r.IntN(3)))
		for c, v := range []any{b.Key.Strs[i], time.UnixMicro(at).UTC(), float64(r.IntN(40)) / 4, r.Int64N(20) - 10, r.IntN(2) == 0, strconv.Itoa(r.IntN(5))} {
			if c > 1 && r.IntN(6) == 0 {
				v = nil
			}
			if err := b.Cols[c].Set(i, v); err != nil {
				panic(err)
			}
		}
	}
	return b
}

// evalRunning computes an expression over rows in batches of any size; memories are written and read between some of them.
func evalRunning(r *rand.Rand, src string, b *row.Batch) (kind row.Kind, out []any, err error) {
	e, err := Parse(src)
	if err != nil {
		return row.Null, nil, err
	}
	places := &Places{}
	p, err := CompileRunning(e, b.Schema, places)
	if err != nil {
		return row.Null, nil, err
	}
	keys := map[string]*Memory{}
	for at := 0; at < b.Len(); {
		var sel []int32
		for n := 1 + r.IntN(9); n > 0 && at < b.Len(); n-- {
			sel = append(sel, int32(at))
			at++
		}
		cut := b.Gather(sel)
		var of []*Memory
		for i := range cut.Len() {
			k := cut.Key.Strs[i]
			if keys[k] == nil {
				keys[k] = places.New()
			}
			of = append(of, keys[k])
		}
		v := p.EvalRunning(cut, of)
		for i := range cut.Len() {
			out = append(out, v.Value(i))
		}
		for k, m := range keys {
			if r.IntN(3) == 0 {
				if keys[k], err = places.Read(m.Append(nil)); err != nil {
					return p.Kind(), nil, err
				}
			}
		}
	}
	return p.Kind(), out, nil
}

// over is a Polars expression for each key alone.
func over(text string) string { return "(" + text + `).over("k")` }

// The running functions agree with Polars, nulls included, wherever batches are cut and however often what they keep is
// stored. Chosen otherwise: cumcount counts rows, or those for which a condition is true, as count does; rate and
// the half-life of ewm pass over nulls, which Polars has no rate for and refuses in ewm_mean_by.
func TestRunningAgainstPolars(t *testing.T) {
	cases := map[string]string{
		"prev(x)":                      over(`pl.col("x").shift(1)`),
		"lag(s, 3)":                    over(`pl.col("s").shift(3)`),
		"prev(b, 2)":                   over(`pl.col("b").shift(2)`),
		"prev(t)":                      over(`pl.col("t").shift(1)`),
		"diff(x)":                      over(`pl.col("x").diff(1)`),
		"diff(i, 2)":                   over(`pl.col("i").diff(2)`),
		"diff(t)":                      over(`pl.col("t").diff(1)`),
		"diff(diff(x))":                over(`pl.col("x").diff(1).diff(1)`),
		"cumsum(x)":                    over(`pl.col("x").cum_sum()`),
		"cumsum(i)":                    over(`pl.col("i").cum_sum()`),
		"cumcount()":                   over(`pl.int_range(1, pl.len() + 1)`),
		"cumcount(has(x))":             over(`pl.col("x").cum_count()`) + `.cast(pl.Int64)`,
		"cumcount(b)":                  over(`pl.col("b").fill_null(False).cast(pl.Int64).cum_sum()`),
		"cummin(x)":                    over(`pl.col("x").cum_min()`),
		"cummax(i)":                    over(`pl.col("i").cum_max()`),
		"cummax(t)":                    over(`pl.col("t").cum_max()`),
		"ewm(x, 0.3)":                  over(`pl.col("x").ewm_mean(alpha=0.3)`),
		"ewm(i, 1)":                    over(`pl.col("i").ewm_mean(alpha=1.0)`),
		"ewm(x ?? 1.0, '3s')":          over(`pl.col("x").fill_null(1.0).ewm_mean_by("t", half_life="3s")`),
		"rate(x, '2s')":                over(`(pl.col("x") - pl.col("x").forward_fill().shift(1)) / ((pl.col("t") - pl.when(pl.col("x").is_not_null()).then(pl.col("t")).forward_fill().shift(1)).dt.total_microseconds() / 2000000.0)`),
		"rank_in(x, 4)":                over(`pl.sum_horizontal([pl.lit(1)] + [(pl.col("x").shift(n) < pl.col("x")).fill_null(False).cast(pl.Int64) for n in range(1, 4)]) + (pl.col("x") * 0).cast(pl.Int64)`),
		"if(b, x - prev(x), 0.0) * 2":  over(`pl.when(pl.col("b")).then(pl.col("x").diff(1)).otherwise(0.0) * 2`),
		"cumsum(x) / cumcount(has(x))": over(`pl.col("x").cum_sum() / pl.col("x").cum_count()`),
	}
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	const n = 300
	b := story(r, n)
	task := polarsTask{}
	for c := range b.Cols {
		pc := polarsColumn{Name: b.Schema.At(c).Name, Kind: b.Schema.At(c).Kind.String()}
		for k := range n {
			pc.Values = append(pc.Values, plain(b.Cols[c].Value(k)))
		}
		task.Columns = append(task.Columns, pc)
	}
	var ours []string
	for src, theirs := range cases {
		ours = append(ours, src)
		task.Exprs = append(task.Exprs, theirs)
	}
	answer := askPolars(t, task)
	for i, src := range ours {
		kind, got, err := evalRunning(r, src, b)
		if err != nil || answer.Results[i].Error != "" {
			t.Errorf("seed %d: %s: %v; polars %s", seed, src, err, answer.Results[i].Error)
			continue
		}
		for k := range n {
			if mine, want := plain(got[k]), answer.Results[i].Values[k]; !nearPolars(kind, mine, want) {
				t.Errorf("seed %d: row %d of %s is %s, in Polars %s", seed, k, src, textOrNull(mine), textOrNull(want))
				break
			}
		}
	}
}

// nearPolars is as alikePolars; sums in another order may differ in more of the last bits.
func nearPolars(k row.Kind, ours, theirs *string) bool {
	if alikePolars(k, ours, theirs) {
		return true
	}
	if ours == nil || theirs == nil || k != row.Float {
		return false
	}
	a, _ := strconv.ParseFloat(*ours, 64)
	b, _ := strconv.ParseFloat(*theirs, 64)
	return a-b < 1e-9 && b-a < 1e-9
}

// A sum of ints that leaves 64 bits is null and counted, and comes back.
func TestCumsumOverflows(t *testing.T) {
	b := story(rand.New(rand.NewPCG(1, 1)), 5)
	copy(b.Key.Strs, []string{"a", "a", "a", "a", "a"})
	b.Cols[3].Valid = nil
	copy(b.Cols[3].Ints, []int64{1 << 62, 1 << 62, 1, -1 << 62, -1 << 62})
	_, got, err := evalRunning(rand.New(rand.NewPCG(1, 1)), "cumsum(i)", b)
	want := []any{int64(1 << 62), nil, nil, int64(1<<62 + 1), int64(1)}
	if fmt.Sprint(got) != fmt.Sprint(want) || err != nil {
		t.Errorf("is %v, want %v; %v", got, want, err)
	}
}

func TestRunningFunctionsRefuse(t *testing.T) {
	b := story(rand.New(rand.NewPCG(1, 1)), 1)
	for src, want := range map[string]string{
		"prev(x, 0)":            "0: is no number of rows",
		"prev(x, i)":            "i: is no number of rows",
		"prev()":                "has 0 arguments, want prev(x value) value",
		"diff(s)":               "diff(s): s is string, want a number or time",
		"cumsum(s)":             "s is string, want a number",
		"cumcount(x)":           "x is float, want a condition",
		"cummax(b)":             "b is bool, want a number",
		"rate(s)":               "s is string, want a number",
		"rate(x, '1 minute')":   "is not a duration",
		"rate(x, '0s')":         "is not above zero",
		"ewm(x, 2)":             "2: is no weight",
		"ewm(x, '-1s')":         "",
		"rank_in(x, 100000)":    "want a whole number from 1 to 10000",
		"prev(y)":               `no column "y"`,
		"any([1], prev(x) > #)": "needs the earlier rows of its key",
	} {
		_, _, err := evalRunning(rand.New(rand.NewPCG(1, 1)), src, b)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", src, err, want)
		}
	}
	e, err := Parse("diff(x) > 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Check(b.Schema); err == nil || !strings.Contains(err.Error(), "group first") {
		t.Errorf("without a group: %v", err)
	}
}

// The examples of the documentation are of their functions, and compile.
func TestEveryRunningFunctionHasAnExample(t *testing.T) {
	s := row.NewSchema(row.Field{Name: "speed", Kind: row.Float}, row.Field{Name: "litres", Kind: row.Float}, row.Field{Name: "lap_time", Kind: row.Duration}, row.Field{Name: "odometer", Kind: row.Float})
	for _, f := range Running() {
		e, err := Parse(f.Example)
		if err == nil {
			_, err = e.CheckRunning(s)
		}
		if err != nil || !strings.Contains(f.Example, f.Name+"(") {
			t.Errorf("%s: example %s: %v", f.Name, f.Example, err)
		}
	}
}
