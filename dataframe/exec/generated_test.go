package exec

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/interp/formula"
)

// A writer of functions makes well-typed bodies over the variables in scope.
type writerOf struct {
	rnd   *rand.Rand
	vars  map[row.Kind][]string
	next  int
	loops bool // now and then something that is called
}

var argumentNames = map[row.Kind][]string{row.Float: {"a", "b"}, row.Int: {"n", "m"}, row.String: {"s", "u"}, row.Bool: {"ok"}}

var goNames = map[row.Kind]string{row.Float: "float64", row.Int: "int", row.String: "string", row.Bool: "bool"}

func newWriterOf(seed uint64) *writerOf {
	w := &writerOf{rnd: rand.New(rand.NewPCG(seed, 1)), vars: map[row.Kind][]string{}}
	for k, names := range argumentNames {
		w.vars[k] = append([]string(nil), names...)
	}
	return w
}

func (w *writerOf) pick(of ...string) string { return of[w.rnd.IntN(len(of))] }

func (w *writerOf) kind() row.Kind {
	return []row.Kind{row.Float, row.Int, row.String, row.Bool}[w.rnd.IntN(4)]
}

func (w *writerOf) variable(k row.Kind) string { return w.pick(w.vars[k]...) }

func (w *writerOf) literal(k row.Kind) string {
	switch k {
	case row.Float:
		return w.pick("0.0", "1.0", "-2.5", "3.6", "1e300", "half", "limit")
	case row.Int:
		return w.pick("1", "2", "-3", "7", "60", "1<<62", "many")
	case row.String:
		return w.pick(`""`, `"a"`, `" b"`, `"é"`, "unit")
	}
	return w.pick("true", "false", "strict")
}

// value is an expression of a kind that is not constant.
func (w *writerOf) value(k row.Kind, depth int) string {
	if depth <= 0 || w.rnd.IntN(5) == 0 {
		return w.variable(k)
	}
	d := depth - 1
	switch k {
	case row.Float:
		return w.float(d)
	case row.Int:
		return w.int(d)
	case row.String:
		return w.text(d)
	}
	return w.truth(d)
}

// other is any expression of a kind.
func (w *writerOf) other(k row.Kind, depth int) string {
	if w.rnd.IntN(3) == 0 {
		return w.literal(k)
	}
	return w.value(k, depth)
}

func (w *writerOf) float(d int) string {
	switch w.rnd.IntN(9) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", w.value(row.Float, d), w.pick("+", "-", "*"), w.other(row.Float, d))
	case 3:
		return fmt.Sprintf("(%s / %s)", w.value(row.Float, d), w.value(row.Float, d))
	case 4:
		return fmt.Sprintf("math.%s(%s)", w.pick("Sqrt", "Abs", "Floor", "Sin", "Log", "Trunc"), w.value(row.Float, d))
	case 5:
		return fmt.Sprintf("math.%s(%s, %s)", w.pick("Pow", "Max", "Mod", "Hypot", "Atan2"), w.value(row.Float, d), w.other(row.Float, d))
	case 6:
		return fmt.Sprintf("float64(%s)", w.value(row.Int, d))
	case 7:
		return fmt.Sprintf("%s(%s, %s)", w.pick("min", "max", "scaled"), w.value(row.Float, d), w.other(row.Float, d))
	}
	return "-" + w.variable(row.Float)
}

func (w *writerOf) int(d int) string {
	switch w.rnd.IntN(9) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", w.value(row.Int, d), w.pick("+", "-", "*", "&", "|", "^", "&^"), w.other(row.Int, d))
	case 3:
		return fmt.Sprintf("(%s %s %s)", w.value(row.Int, d), w.pick("/", "%"), w.value(row.Int, d))
	case 4:
		return fmt.Sprintf("(%s %s %s)", w.value(row.Int, d), w.pick("/", "%"), w.pick("2", "-3", "7"))
	case 5:
		return fmt.Sprintf("(%s %s (%s&63))", w.value(row.Int, d), w.pick("<<", ">>"), w.value(row.Int, d))
	case 6:
		return fmt.Sprintf("int(%s)", w.value(row.Float, d))
	case 7:
		return fmt.Sprintf("strings.%s(%s, %s)", w.pick("Index", "Count"), w.value(row.String, d), w.other(row.String, d))
	}
	return w.pick("-", "^", "+") + w.variable(row.Int)
}

func (w *writerOf) text(d int) string {
	switch w.rnd.IntN(6) {
	case 0, 1:
		return fmt.Sprintf("(%s + %s)", w.value(row.String, d), w.other(row.String, d))
	case 2:
		return fmt.Sprintf("strings.%s(%s)", w.pick("ToUpper", "TrimSpace"), w.value(row.String, d))
	case 3:
		return fmt.Sprintf("strconv.Itoa(%s)", w.value(row.Int, d))
	case 4:
		return fmt.Sprintf("%s[%s:]", w.variable(row.String), w.pick("0", "1", "len("+w.variable(row.String)+")/2"))
	}
	return fmt.Sprintf("strings.TrimPrefix(%s, %s)", w.value(row.String, d), w.other(row.String, d))
}

func (w *writerOf) truth(d int) string {
	switch k := w.kind(); w.rnd.IntN(6) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", w.value(row.Bool, d), w.pick("&&", "||"), w.value(row.Bool, d))
	case 2:
		return "!" + w.variable(row.Bool)
	case 3:
		return fmt.Sprintf("strings.Contains(%s, %s)", w.value(row.String, d), w.other(row.String, d))
	default:
		if k == row.Bool {
			return fmt.Sprintf("(%s %s %s)", w.value(k, d), w.pick("==", "!="), w.value(k, d))
		}
		return fmt.Sprintf("(%s %s %s)", w.value(k, d), w.pick("==", "!=", "<", "<=", ">", ">="), w.other(k, d))
	}
}

// block writes statements; ret writes a return.
func (w *writerOf) block(depth int, ret func() string) string {
	scope := map[row.Kind][]string{}
	for k, v := range w.vars {
		scope[k] = v[:len(v):len(v)]
	}
	var b strings.Builder
	for range 1 + w.rnd.IntN(3) {
		b.WriteString(w.statement(depth, ret))
	}
	w.vars = scope
	return b.String()
}

func (w *writerOf) statement(depth int, ret func() string) string {
	k := w.kind()
	switch n := w.rnd.IntN(10); {
	case n < 3:
		w.next++
		name := fmt.Sprint("v", w.next)
		text := fmt.Sprintf("%s := %s\n_ = %s\n", name, w.value(k, 3), name)
		w.vars[k] = append(w.vars[k], name)
		return text
	case n < 4:
		return fmt.Sprintf("%s = %s\n", w.variable(k), w.other(k, 3))
	case n < 5:
		return fmt.Sprintf("%s %s= %s\n", w.variable(row.Float), w.pick("+", "*", "-"), w.other(row.Float, 2))
	case n < 6:
		return w.variable(row.Int) + w.pick("++", "--") + "\n"
	case n < 7 && w.loops:
		return w.pick("for i := 0; i < n&3; i++ { m += i }\n", "a = float64(float32(a))\n", "s = string([]rune(s))\n", "n = int(int32(n))\n")
	case n < 7:
		return w.loop(ret)
	case depth == 0:
		return fmt.Sprintf("if %s {\n%s}\n", w.value(row.Bool, 2), ret())
	case n < 8:
		return fmt.Sprintf("switch %s {\ncase 1, %s:\n%scase 3:\n%sdefault:\n%s}\n", w.value(row.Int, 2), w.variable(row.Int), w.block(depth-1, ret), ret(), w.block(depth-1, ret))
	case n < 9:
		return fmt.Sprintf("if %s {\n%s} else if %s {\n%s} else {\n%s}\n", w.value(row.Bool, 3), w.block(depth-1, ret), w.value(row.Bool, 3), ret(), w.block(depth-1, ret))
	}
	return fmt.Sprintf("if %s {\n%s}\n", w.value(row.Bool, 3), w.block(depth-1, ret))
}

// loop is a loop of a few turns, which some rows leave before its end, or what has no column of its own.
func (w *writerOf) loop(ret func() string) string {
	f, n, s := w.variable(row.Float), w.variable(row.Int), w.variable(row.String)
	switch w.rnd.IntN(7) {
	case 0:
		return fmt.Sprintf("for i := range 3 {\nif %s { %s }\n%s += i\n}\n", w.value(row.Bool, 1), w.pick("break", "continue", ret()), n)
	case 1:
		return fmt.Sprintf("for _, x := range []float64{1, 0, -2.5} {\nif x == %s { break }\n%s += x * %s\n}\n", f, f, w.other(row.Float, 1))
	case 2:
		return fmt.Sprintf("if x, ok := names[%s]; ok { %s = x + names[%s] }\n", w.value(row.String, 1), s, s)
	case 3:
		return fmt.Sprintf("{\nadd := func(x float64) float64 { return x + %s }\n%s = add(%s) - add(1)\n}\n", f, f, w.value(row.Float, 1))
	case 4:
		return fmt.Sprintf("if x, err := strconv.Atoi(%s); err != nil { %s = x } else { %s += x }\n", w.value(row.String, 1), n, n)
	case 5:
		return fmt.Sprintf("%s = []int{4, 5, %s}[%s]\n", n, n, w.value(row.Int, 1))
	}
	return fmt.Sprintf("%s = fmt.Sprintf(\"%%v-%%d\", %s, %s)\n", s, w.value(row.Float, 1), n)
}

// mapCall, filterCall and applyCall are steps by a generated function.
func (w *writerOf) mapCall() string {
	k := w.kind()
	ret := func() string { return "return " + w.other(k, 3) + "\n" }
	return fmt.Sprintf("f.Map(\"x\", func(a, b float64, n, m int, s, u string, ok bool) %s {\n%s%s}, \"a\", \"b\", \"n\", \"m\", \"s\", \"u\", \"ok\")",
		goNames[k], w.block(2, ret), ret())
}

const fromRow = "a, b, n, m := r.Float(\"a\"), r.Float(\"b\"), int(r.Int(\"n\")), int(r.Int(\"m\"))\ns, u, ok := r.Str(\"s\"), r.Str(\"u\"), r.Bool(\"ok\")\n_, _, _, _, _, _, _ = a, b, n, m, s, u, ok\n"

func (w *writerOf) filterCall() string {
	ret := func() string { return "return " + w.other(row.Bool, 3) + "\n" }
	return fmt.Sprintf("f.Filter(func(r Row) bool {\n%s%s%s})", fromRow, w.block(2, ret), ret())
}

func (w *writerOf) applyCall() string {
	ret := func() string {
		text := "return r"
		for _, c := range []struct {
			name string
			kind row.Kind
		}{{"x", row.Float}, {"n", row.Int}, {"s", row.String}, {"y", row.Bool}} {
			if w.rnd.IntN(2) == 0 {
				text += fmt.Sprintf(".With(%q, %s)", c.name, w.value(c.kind, 2))
			}
		}
		return text + "\n"
	}
	return fmt.Sprintf("f.Apply(func(r Row) Row {\n%s%s%s}, \"x float\", \"n int\", \"s string\", \"y bool\")", fromRow, w.block(2, ret), ret())
}

// TestGeneratedFunctions compares what functions give computed and called, to the last bit. Of the conversions and
// loops as long as the row says that some have in them it wants a reason.
func TestGeneratedFunctions(t *testing.T) {
	rounds := 600
	if testing.Short() {
		rounds = 60
	}
	b := batchOf(t, testSchema, 150)
	var n *notebook
	computed, faults, refused := 0, 0, 0
	first := rand.Uint64()
	for i := range rounds {
		if i%100 == 0 { // a notebook grows with its cells
			n = newNotebook(t)
			n.run("const half = 0.5\nlimit, many, unit, strict := 300.0, 1_000, \"km\", true\nnames := map[string]string{\"a\": \"A\", \" x \": \"\"}\nfunc scaled(x, by float64) float64 { if by < 0 { return x }; return x * by + x }")
		}
		w := newWriterOf(first + uint64(i))
		w.loops = i%4 == 3
		text := []func() string{w.mapCall, w.filterCall, w.applyCall}[i%3]()
		s := stepOf(t, n.run("Show("+text+")"), testSchema)
		p, err := Computed(s)
		var r *formula.Refusal
		switch {
		case err == nil:
			computed++
			p.Eval(b)
			faults += strings.Count(string(p.Faults()), "\x01")
		case !w.loops || !errors.As(err, &r) || r.At.Cell == 0:
			t.Fatalf("seed %d: %v\n%s", first+uint64(i), err, text)
		default:
			refused++
		}
		same(t, s, b, fmt.Sprintf("seed %d\n%s", first+uint64(i), text))
	}
	t.Logf("%d of %d functions computed, %d refused with a reason, %d rows left to calls", computed, rounds, refused, faults)
	if computed < rounds/2 || faults == 0 {
		t.Errorf("%d of %d computed with %d faults: that tests too little", computed, rounds, faults)
	}
}
