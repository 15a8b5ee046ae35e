package exec

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/symbols/riffle"
)

// A notebook runs cells and keeps the frames that they show.
type notebook struct {
	t      testing.TB
	engine interp.Engine
	frames []dataframe.Frame
	cells  int
}

func newNotebook(t testing.TB) *notebook {
	n := &notebook{t: t}
	engine, err := interp.New(interp.Config{Prelude: interp.Prelude{
		Path: "github.com/riffle-stream/riffle/cells", Name: "riffle", Set: riffle.Set(),
		Bind: map[string]reflect.Value{"Show": reflect.ValueOf(func(v any, _ ...cells.Option) { n.frames = append(n.frames, v.(dataframe.Frame)) })},
		Told: map[string]reflect.Value{
			"Frame.Map": reflect.ValueOf(func(f cells.Frame, known *interp.Formula, name string, fn any, columns ...string) cells.Frame {
				return dataframe.MapKnown(f, known, name, fn, columns...)
			}),
			"Frame.Apply": reflect.ValueOf(func(f cells.Frame, known *interp.Formula, fn func(cells.Row) cells.Row, sets ...string) cells.Frame {
				return dataframe.ApplyKnown(f, known, fn, sets...)
			}),
			"Frame.Filter": reflect.ValueOf(func(f cells.Frame, known *interp.Formula, fn func(cells.Row) bool) cells.Frame {
				return dataframe.FilterKnown(f, known, fn)
			}),
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	n.engine = engine
	n.run("import (\n\"fmt\"\n\"math\"\n\"strings\"\n\"strconv\"\n\"time\"\n\"unicode/utf8\"\n)\nvar _, _, _, _, _, _ = fmt.Sprint, math.Pi, strings.ToUpper, strconv.Itoa, utf8.RuneLen, time.Now\nf := Topic(\"t\")")
	return n
}

// run runs a cell and gives the last frame that was shown so far.
func (n *notebook) run(text string) dataframe.Frame {
	n.t.Helper()
	n.cells++
	if _, err := n.engine.Eval(n.t.Context(), interp.Cell{Number: n.cells, Text: text}); err != nil {
		n.t.Fatalf("cell %d: %v\n%s", n.cells, err, text)
	}
	if len(n.frames) == 0 {
		return dataframe.Frame{}
	}
	return n.frames[len(n.frames)-1]
}

// stepOf is the step of a frame's last node over rows of a schema.
func stepOf(t testing.TB, f dataframe.Frame, in *row.Schema) *plan.Step {
	t.Helper()
	op := f.Node().Op
	schema, err := op.Schema([]*row.Schema{in})
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Step{Op: op, In: []*plan.Step{{Schema: in}}, Schema: schema}
}

// bare is the step without what is known of its function.
func bare(s *plan.Step) *plan.Step {
	out := *s
	switch op := s.Op.(type) {
	case *plan.Map:
		c := *op
		c.Known, out.Op = nil, &c
	case *plan.Apply:
		c := *op
		c.Known, out.Op = nil, &c
	case *plan.Filter:
		c := *op
		c.Known, out.Op = nil, &c
	}
	return &out
}

// rows is what a step gives for a batch, a line a row, then its bad rows.
func rows(t testing.TB, s *plan.Step, b *row.Batch) string {
	t.Helper()
	var out strings.Builder
	task := &Task{Counts: newCounts(), cfg: Config{Lenient: true}}
	task.cfg.OnBad = func(b *BadRow) {
		text, _, _ := strings.Cut(b.Err.Error(), "\n")
		fmt.Fprintf(&out, "bad %d: %s\n", b.Record.Offset, text)
	}
	var op processor
	switch s.Op.(type) {
	case *plan.Map:
		op = newMapped(task, s)
	case *plan.Apply:
		op = newApplied(task, s)
	case *plan.Filter:
		op = newFiltered(task, s)
	}
	err := op.process(0, b, func(b *row.Batch) error {
		for i := range b.Len() {
			fmt.Fprintf(&out, "%d:", b.Record(i).Offset)
			for k := range b.Cols {
				out.WriteString(" " + exactly(&b.Cols[k], i))
			}
			out.WriteByte('\n')
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// exactly is a value to its last bit, but that every NaN is one: Go does not say which an operation gives. What stands
// behind a null is part of it.
func exactly(v *row.Vec, i int) string {
	null := ""
	if v.IsNull(i) {
		null = "null "
	}
	switch v.Kind {
	case row.Float:
		if math.IsNaN(v.Floats[i]) {
			return null + "NaN"
		}
		return fmt.Sprintf("%s%x(%v)", null, math.Float64bits(v.Floats[i]), v.Floats[i])
	case row.Int:
		return fmt.Sprintf("%s%d", null, v.Ints[i])
	case row.Bool:
		return fmt.Sprintf("%s%d", null, v.Bools[i])
	case row.String:
		return fmt.Sprintf("%s%q", null, v.Strs[i])
	}
	return null + v.Kind.String()
}

// edges are the values that functions go wrong at.
var edges = map[row.Kind][]any{
	row.Float:  {0.0, math.Copysign(0, -1), 1.0, -1.0, 3.5, -2.25, 1e-300, 1e300, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64, 9.007199254740993e15, nil},
	row.Int:    {0, 1, -1, 2, 3, 7, -5, 62, 63, 64, 65, math.MaxInt64, math.MinInt64, 1 << 53, nil},
	row.String: {"", "a", "Ab", "north", " x ", "é", "a,b", "-1.5", "zz\xff", nil},
	row.Bool:   {true, false, nil},
}

// batchOf is a batch whose columns go through the edges of their kinds, each at its own pace.
func batchOf(t testing.TB, schema *row.Schema, n int) *row.Batch {
	t.Helper()
	b := &row.Batch{Schema: schema, Key: row.MakeVec(row.String, 0)}
	for k, f := range schema.Fields() {
		v := row.MakeVec(f.Kind, 0)
		values := edges[f.Kind]
		for i := range n {
			at := i
			for range k {
				at = at/len(values) + at*7
			}
			if err := v.Append(values[at%len(values)]); err != nil {
				t.Fatal(err)
			}
		}
		b.Cols = append(b.Cols, v)
	}
	for i := range n {
		b.Time, b.Mark, b.Seq = append(b.Time, int64(i)), append(b.Mark, int64(i)), append(b.Seq, int64(i))
		b.Origin, b.Records = append(b.Origin, int32(i)), append(b.Records, row.Record{Topic: "in", Offset: int64(i)})
		if err := b.Key.Append(fmt.Sprint("k", i%3)); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

var testSchema = row.NewSchema(row.Field{Name: "a", Kind: row.Float}, row.Field{Name: "b", Kind: row.Float}, row.Field{Name: "n", Kind: row.Int},
	row.Field{Name: "m", Kind: row.Int}, row.Field{Name: "s", Kind: row.String}, row.Field{Name: "u", Kind: row.String}, row.Field{Name: "ok", Kind: row.Bool})

// same fails unless a step gives the same computed and called.
func same(t *testing.T, s *plan.Step, b *row.Batch, text string) {
	t.Helper()
	if got, want := rows(t, s, b), rows(t, bare(s), b); got != want {
		g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("computed and called differ at line %d:\ncomputed %s\ncalled   %s\n%s", i, g[i], w[i], text)
			}
		}
		t.Fatalf("%d lines computed, %d called\n%s", len(g), len(w), text)
	}
}

func TestComputedFunctions(t *testing.T) {
	n := newNotebook(t)
	n.run(`k := 2.5
type Speed float64
func twice(x float64) float64 { return x * 2 }
func sign(x float64) float64 {
	if x < 0 {
		return -1
	} else if x > 0 {
		return 1
	}
	return twice(0)
}
func both(x float64) (float64, bool) { return x + 1, x > 0 }
thrice := func(x float64) float64 { return twice(x) + x }
func fast(r Row) bool { return r.Float("a") > 1 }`)
	n.run(`func scaled(g Frame, by float64, note string) Frame {
	return g.Map("x", func(v float64) float64 { if note == "up" { return v * by }; return v }, "a")
}`)
	b := batchOf(t, testSchema, 600)
	for _, text := range []string{
		`f.Map("x", func(v float64) float64 { return v * 3.6 }, "a")`,
		`f.Map("x", func(v float64) float64 { return v }, "a")`,
		`f.Map("a", func(v float64) float64 { return 1 }, "a")`,
		`f.Map("x", func(v float64) float64 { return v * k }, "n")`,
		`f.Map("x", sign, "a")`,
		`f.Map("x", thrice, "a")`,
		`f.Map("x", math.Sqrt, "a")`,
		`f.Map("x", strings.ToUpper, "s")`,
		`f.Map("x", func(v Speed) Speed { return v / 3.6 }, "a")`,
		`f.Map("x", func(n, m int64) int64 { return n / m }, "n", "m")`,
		`f.Map("x", func(n, m int) int { if m == 0 { return -1 }; return n % m }, "n", "m")`,
		`f.Map("x", func(n, m int) bool { return m != 0 && n/m > 1 || m == 0 }, "n", "m")`,
		`f.Map("x", func(n, m int) int { return n<<3 ^ m&^n | n>>2 }, "n", "m")`,
		`f.Map("x", func(n, m int) int { if m < 0 { return 0 }; return n << m }, "n", "m")`,
		`f.Map("x", func(n int, a float64) int { return n*int(a) - int(float64(n)) }, "n", "b")`,
		`f.Map("x", func(s, u string) string { if strings.Contains(s, "a") { return s + u }; return strings.TrimSpace(u) }, "s", "u")`,
		`f.Map("x", func(s string) string { if len(s) > 1 { s = s[1:] }; return s }, "s")`,
		`f.Map("x", func(s string) string { return s[1:2] }, "s")`,
		`f.Map("x", func(a float64) float64 { y, up := both(a); if up { y += 2; y++ }; return -y }, "a")`,
		`f.Map("x", func(a, b float64) (c float64) { c = a; a, b = b, a; if a > b { return }; c = min(a, b, 3) - max(a, b); return c }, "a", "b")`,
		`f.Map("x", func(n int, s string) string { switch { case n < 0: return "neg"; case n == 0, s == "": return "none" }
			switch n { case 1: return "one"; case 2, 3: s += "!"; default: s = strconv.Itoa(n) }
			return s }, "n", "s")`,
		`f.Map("x", func(a float64) float64 { if a < 0 { panic("negative") }; return math.Pow(a, 2) }, "a")`,
		`f.Map("x", func(a float64) float64 { const c = 1 << 3; var z, w float64 = 1, c; { z := a; w -= z }; return w*z + a*w }, "a")`,
		`scaled(f, 1.5, "up")`,
		`scaled(f, 1.5, "down")`,
		`f.Filter(func(r Row) bool { return r.Float("a") > 1 && !r.Null("n") || r.Key() == "k1" })`,
		`f.Filter(func(r Row) bool { return fast(r) && r.Int("n")/r.Int("m") < 7 })`,
		`f.Filter(fast)`,
		`f.Filter(func(r Row) bool { return r.Has("gone") || r.Bool("ok") && r.Float("n") < 3 && r.Has("s") })`,
		`f.Apply(func(r Row) Row { return r.With("x", r.Float("a")*2).With("s", r.Str("s")+"!") }, "x float", "s string")`,
		`f.Apply(func(r Row) Row { if r.Int("n") < 2 { return r }; r = r.With("a", 2); if r.Bool("ok") { r = r.With("n", nil) }; return r.With("x", r.Float("a") > 1) }, "x bool", "a float", "n int", "y string")`,
		`f.Apply(func(r Row) Row { v := r.Int("n") / r.Int("m"); return r.With("a", v).With("x", v) }, "a float", "x int")`,
		`f.Apply(func(r Row) Row { return r.With("x", r.Float("a")).With("y", r.Float("a")) }, "x float", "y float")`,
	} {
		computes(t, n, b, text)
	}
}

// computes fails unless a step is computed, and gives what it gives called.
func computes(t *testing.T, n *notebook, b *row.Batch, text string) {
	t.Helper()
	s := stepOf(t, n.run("Show("+text+")"), testSchema)
	if _, err := Computed(s); err != nil {
		t.Errorf("%s\nis called: %v", text, err)
		return
	}
	same(t, s, b, text)
}

func TestComputedLoopsAndParts(t *testing.T) {
	n := newNotebook(t)
	n.run(`type Celsius float64
func (c Celsius) F() float64 { return float64(c)*9/5 + 32 }
type Line struct{ Gain, Offset float64; note string }
func (l Line) At(x float64) float64 { return l.Gain*x + l.Offset }
line := Line{Gain: 2, Offset: 1}
weights := []float64{0.25, 0.5, 3}
names := map[string]string{"a": "A", "Ab": "", "north": "N"}
codes := map[int]float64{1: 1.5, 7: 2, -5: 0}
weights[1] = 0.75
names["zz"] = "Z"
func by(k float64) func(float64) float64 { return func(x float64) float64 { return x * k } }
triple := by(3)
func haversine(lat, lon float64) float64 {
	const r = 6371.0
	rad := func(d float64) float64 { return d * math.Pi / 180 }
	h := math.Pow(math.Sin(rad(lat)/2), 2) + math.Cos(rad(lat))*math.Pow(math.Sin(rad(lon)/2), 2)
	return 2 * r * math.Asin(math.Sqrt(h))
}
func compose(f, g func(float64) float64, x float64) float64 { return f(g(x)) }`)
	b := batchOf(t, testSchema, 600)
	for _, text := range []string{
		`f.Map("x", haversine, "a", "b")`,
		`f.Map("x", func(a float64) float64 { return Celsius(a).F() + line.At(a) + line.Gain }, "a")`,
		`f.Map("x", func(a float64) float64 { l := Line{Gain: a}; return l.At(2) + Line{1, 2, ""}.At(a) }, "a")`,
		`f.Map("x", func(a float64) float64 { s := 0.0; for _, w := range weights { s += a * w }; for i := 0; i < len([]int{1, 2}); i++ { s += float64(i) }; return s }, "a")`,
		`f.Map("x", func(n int) string { return [...]string{"low", "mid", "high"}[n] }, "n")`,
		`f.Map("x", func(n int) float64 { return weights[n%3] }, "n")`,
		`f.Map("x", func(s string) string { if v, ok := names[s]; ok { return v }; return names["a"] + "?" }, "s")`,
		`f.Map("x", func(n int) float64 { v, ok := codes[n]; if !ok { v = -codes[n]; v-- }; return v }, "n")`,
		`f.Map("x", func(n int) int { s := 0; for i := range 3 { add := func(k int) int { return k + i }; s += add(n); i += 2; s += add(1) }; return s }, "n")`,
		`f.Map("x", triple, "a")`,
		`f.Map("x", func(a float64) float64 { return triple(a) - 1 }, "a")`,
		`f.Map("x", by(-2.5), "a")`,
		`f.Map("x", func(a float64) float64 { half := func(x float64) float64 { return x / 2 }; k := 3.0; more := func(x float64) float64 { return x + k }; k = 4; return compose(half, more, a) + more(1) }, "a")`,
		`f.Map("x", func(s string) float64 { v, err := strconv.ParseFloat(strings.TrimSpace(s), 64); if err != nil { return -1 }; return v }, "s")`,
		`f.Map("x", func(s string) int { n, err := strconv.Atoi(s); if err == nil && n > 0 { return n }; return 2 }, "s")`,
		`f.Map("x", func(s string) string { p := strings.Split(s, ","); if len(p) < 2 { return p[0] + "!" }; return p[1] }, "s")`,
		`f.Map("x", func(s string) string { return strings.Fields(s)[0] }, "s")`,
		`f.Map("x", func(s string) string { a, b, ok := strings.Cut(s, "-"); if ok { return b }; return a + strings.Repeat("=", 2) }, "s")`,
		`f.Map("x", func(a float64, n int, s string, ok bool) string { return fmt.Sprintf("<%s|%5.1f %03d>", s, a, n) + fmt.Sprintf("%v %t %q", a, ok, s) + strconv.FormatFloat(a, 'f', 2, 64) }, "a", "n", "s", "ok")`,
		`f.Map("x", func(n int) int { s := 0; for i := range 6 { if i == n { continue }; if i > 4 && n > 2 { break }; s += i }; return s }, "n")`,
		`f.Map("x", func(n int) int { s := 0; for i := 0; i < 3; i++ { for j := range 3 { switch { case n == j: break; case n < j: return -s; default: s += i * j }; if s > 3 { break } } }; return s }, "n")`,
		`f.Map("x", func(a float64) float64 { bins := []float64{0, 1, 100}; k := 0.0; for _, v := range bins { if a > v { k++ } else { break } }; return k }, "a")`,
	} {
		computes(t, n, b, text)
	}
}

// Functions that cannot be read say why, since what they use may change.
func TestRefusedFunctions(t *testing.T) {
	n := newNotebook(t)
	n.run(`counts := map[string]int{}
func count(s string) int { counts[s]++; return counts[s] }
shared := []float64{1, 2}
alias := shared
func change() { alias[0] = 3 }
type Pair struct{ A, B float64 }
pair := Pair{1, 2}
func (p *Pair) Grow() { p.A++ }
func grow() { pair.Grow() }
func from() map[string]string { return nil }
got := from()
func counter(k float64) func(float64) float64 { return func(x float64) float64 { k++; return x + k } }
start := 2.0`)
	for text, why := range map[string]string{
		`f.Map("x", func(s string) int { return counts[s] }, "s")`:          "may change while rows flow",
		`f.Map("x", func(a float64) float64 { return a * shared[0] }, "a")`: "may change while rows flow",
		`f.Map("x", func(a float64) float64 { return a * pair.A }, "a")`:    "may change while rows flow",
		`f.Map("x", func(s string) string { return got[s] }, "s")`:          "may change while rows flow",
		`f.Map("x", counter(1), "a")`:                                       "which is not its own",
		`f.Map("x", counter(start), "a")`:                                   "not a constant",
		`f.Map("x", func(n int) int { f := func() int { return -1 }; for i := range 3 { if i == 0 { f = func() int { return i } } }; return f() }, "n")`: "to another function",
		`f.Map("x", func(a float64) float64 { for a > 1 { a /= 2 }; return a }, "a")`:                                                                    "turns depend on the row",
		`f.Map("x", func(a float64) float64 { for i := range 1000 { a += float64(i) }; return a }, "a")`:                                                 "more than 64 turns",
		`f.Map("x", func(a float64) float64 { k := 0.0; add := func() { k++ }; add(); return a + k }, "a")`:                                              "for what it does",
		`f.Map("x", func(a float64) float64 { k := 0.0; add := func() float64 { k++; return k }; return a + add() }, "a")`:                               "which is not its own",
	} {
		s := stepOf(t, n.run("Show("+text+")"), testSchema)
		if _, err := Computed(s); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s\ngives %v, want that it %s", text, err, why)
		}
	}
}
