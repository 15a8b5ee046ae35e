package exec

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// sample is a column of values for an aggregate, some of them far apart, some equal, and many more than are kept.
func sample(rnd *rand.Rand, n int) row.Batch {
	b := emptyBatch(row.NewSchema(row.Field{Name: "x", Kind: row.Float}, row.Field{Name: "s", Kind: row.String}, row.Field{Name: "b", Kind: row.Bool}))
	for i := range n {
		x := math.Ldexp(rnd.NormFloat64(), rnd.IntN(20)-10)
		if rnd.IntN(4) == 0 {
			x = float64(rnd.IntN(5))
		}
		for c, v := range []any{x, fmt.Sprint(rnd.IntN(1 + n)), rnd.IntN(3) > 0} {
			if err := b.Cols[c].Append(v); err != nil {
				panic(err)
			}
		}
		b.Time, b.Mark, b.Seq = append(b.Time, rnd.Int64N(1e9)), append(b.Mark, int64(i/3)), append(b.Seq, int64(i))
	}
	return b
}

// aggregateOf makes the accumulators of an aggregate over the columns of sample.
func aggregateOf(t *testing.T, src string, in *row.Schema) *aggregate {
	t.Helper()
	op, err := plan.ParseAggregate(src)
	if err != nil {
		t.Fatal(err)
	}
	a := new(aggregate)
	if err := a.compile(op, in); err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return a
}

// restored is an accumulator as it comes back from the store.
func restored(t *testing.T, a *aggregate, acc accumulator) accumulator {
	t.Helper()
	r := varints{b: acc.append(nil)}
	out := a.make()
	if out.read(&r); r.bad || len(r.b) > 0 {
		t.Fatalf("%T does not come back: %d bytes left", acc, len(r.b))
	}
	return out
}

// TestAggregatesDoNotDependOnOrder adds the same rows in another order, to parts that are merged in any order and were in the store meanwhile.
func TestAggregatesDoNotDependOnOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 3))
	for _, src := range []string{
		"count(b)", "sum(x)", "mean(x)", "std(x)", "var(x)", "min(x)", "max(s)", "median(x)", "p99(x)", "quantile(x, 0)", "quantile(x, 0.001)", "first(x)", "last(s)",
		"earliest(s)", "latest(x)", "distinct(s)", "distinct(x)", "collect(s)", "collect(x, 7)", "set(s)", "set(b)", "top(x, 5)", "argmin(s, x)", "argmax(x, s)",
		"mode(s)", "mode(b)", "histogram(x, 0.01)", "histogram(x, 100)", "any(b)", "all(b)", "delta(x)", "rate(x)",
	} {
		for _, n := range []int{0, 1, 40, 990, 3000} {
			b := sample(rnd, n)
			a := aggregateOf(t, src, b.Schema)
			a.eval(&b)
			add := func(acc accumulator, i int) {
				if a.filter == nil || a.keep[i] {
					acc.add(a.values, i, placeOf(&b, i))
				}
			}
			want := a.make()
			for i := range n {
				add(want, i)
			}
			parts := []accumulator{a.make(), a.make(), a.make()}
			for _, i := range rnd.Perm(n) {
				k := rnd.IntN(len(parts))
				if add(parts[k], i); rnd.IntN(400) == 0 {
					parts[k] = restored(t, a, parts[k])
				}
			}
			got := restored(t, a, parts[2])
			got.merge(parts[0])
			got.merge(restored(t, a, parts[1]))
			if !equal(want.result(), got.result()) {
				t.Fatalf("seed %d: %s of %d rows is %v, in another order %v", seed, src, n, want.result(), got.result())
			}
			if !bytes.Equal(restored(t, a, want).append(nil), restored(t, a, got).append(nil)) && src != "sum(x)" && src != "mean(x)" && src != "std(x)" && src != "var(x)" {
				t.Errorf("seed %d: %s of %d rows has other bytes in the store, in another order", seed, src, n)
			}
		}
	}
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// TestQuantilesAreNear holds the sketch against the values: it is within 1% of those at its place.
func TestQuantilesAreNear(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 4))
	for range 20 {
		b := sample(rnd, 1001+rnd.IntN(5000))
		xs := slices.Clone(b.Cols[0].Floats)
		slices.Sort(xs)
		for _, q := range []float64{0, 0.01, 0.25, 0.5, 0.9, 0.99, 1} {
			acc := &quantile{q: q}
			for i := range b.Len() {
				acc.add(&b.Cols[0], i, place{})
			}
			got, at := acc.result().(float64), q*float64(len(xs)-1)
			low, high := xs[int(at)], xs[int(math.Ceil(at))]
			if got < low-0.0101*math.Abs(low) || got > high+0.0101*math.Abs(high) {
				t.Fatalf("seed %d: quantile %v of %d values is %v, want about %v to %v", seed, q, len(xs), got, low, high)
			}
		}
	}
}

func TestQuantilesOfWhatIsNotFinite(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		xs   []float64
		n    int // times
		q    float64
		want any
	}{
		{nil, 1, 0.5, nil}, {[]float64{1, math.NaN()}, 1, 0.5, math.NaN()}, {[]float64{1, 2}, 1, 0.5, 1.5}, {[]float64{-inf, 1, inf}, 1, 0.5, 1.0},
		{[]float64{1, inf}, 1000, 1, inf}, {[]float64{1, inf, inf}, 1000, 0.1, 1.0}, {[]float64{0, 0, 1}, 1000, 0.2, 0.0}, {[]float64{math.MaxFloat64}, 3000, 0.5, math.MaxFloat64},
	} {
		acc := &quantile{q: c.q}
		for range c.n {
			for _, x := range c.xs {
				acc.put(x)
			}
		}
		got := acc.result()
		f, isFloat := got.(float64)
		w, _ := c.want.(float64)
		if isFloat != (c.want != nil) || isFloat && !(f == w || f != f && w != w || math.Abs(f-w) < 0.011*w) {
			t.Errorf("quantile %v of %d times %v is %v, want %v", c.q, c.n, c.xs, got, c.want)
		}
	}
}

func TestDistinctIsNear(t *testing.T) {
	for _, n := range []int{0, 1, 999, 1000, 1001, 5000, 200_000} {
		d := new(distinct)
		v := row.MakeVec(row.Int, 1)
		for i := range 2 * n {
			v.Ints[0] = int64(i % max(n, 1))
			d.add(&v, 0, place{})
		}
		got := d.result().(int64)
		if off := math.Abs(float64(got - int64(n))); n <= plan.MostKept && off > 0 || off > 0.025*float64(n) {
			t.Errorf("%d different values are counted as %d", n, got)
		}
	}
}

// TestBoundsAreCounted: what holds less than there was says so.
func TestBoundsAreCounted(t *testing.T) {
	b := sample(rand.New(rand.NewPCG(1, 2)), 4000)
	for src, want := range map[string]bool{
		"collect(x)": true, "collect(x, 3)": false, "set(s)": true, "set(b)": false, "mode(s)": true, "mode(b)": false, "histogram(x, 0.0001)": true, "histogram(x, 1e6)": false,
	} {
		a := aggregateOf(t, src, b.Schema)
		a.eval(&b)
		acc := a.make()
		for i := range b.Len() {
			acc.add(a.values, i, placeOf(&b, i))
		}
		if got := acc.(bounded).cut(); got != want {
			t.Errorf("%s says %t, want %t", src, got, want)
		}
		if got := restored(t, a, acc).(bounded).cut(); got != want {
			t.Errorf("%s says %t after it was stored, want %t", src, got, want)
		}
	}
}

// many is a state as a compiled program has it.
type many struct {
	N     int
	Small uint8
	Big   uint64
	F     float32
	Name  string
	On    bool
	At    time.Time
	Long  time.Duration
	List  []inner
	Pair  [2]int
	Count map[string]inner
	By    map[int][]string
	None  []int
}

type inner struct {
	X float64
	M map[string]int
}

// TestStateHasTheSameBytesInterpretedAndCompiled: the interpreter's structs have no names.
func TestStateHasTheSameBytesInterpretedAndCompiled(t *testing.T) {
	s := many{
		N: -3, Small: 200, Big: math.MaxUint64, F: 1.5, Name: "ä", On: true, At: time.Unix(-5, 7).UTC(), Long: time.Hour + 1,
		List: []inner{{1, map[string]int{"b": 1, "a": 2}}, {}}, Pair: [2]int{4, 5}, Count: map[string]inner{"z": {X: 2}, "": {}}, By: map[int][]string{7: {"x"}, -1: nil, 0: {}},
	}
	want := row.AppendValue(nil, packed(reflect.ValueOf(s)))
	for range 20 { // maps are in another order each time
		if got := row.AppendValue(nil, packed(reflect.ValueOf(s))); !bytes.Equal(got, want) {
			t.Fatal("a state has other bytes the second time")
		}
	}
	nameless := reflect.New(unnamed(reflect.TypeOf(s))).Elem()
	x, rest, err := row.ReadValue(want)
	if err != nil || len(rest) > 0 {
		t.Fatal(err, rest)
	}
	if err := unpack(x, nameless); err != nil {
		t.Fatal(err)
	}
	if got := row.AppendValue(nil, packed(nameless)); !bytes.Equal(got, want) {
		t.Errorf("a type without a name gives\n%x, want\n%x", got, want)
	}
	var back many
	if err := unpack(x, reflect.ValueOf(&back).Elem()); err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("%v: came back as %+v, want %+v", err, back, s)
	}
	a, errA := plan.Stored(reflect.TypeOf(s))
	b, errB := plan.Stored(nameless.Type())
	if errA != nil || errB != nil || a != b {
		t.Errorf("described as %s (%v) and %s (%v)", a, errA, b, errB)
	}
}

// unnamed is a type made of what it is made of.
func unnamed(t reflect.Type) reflect.Type {
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[time.Duration]() {
		return t
	}
	switch t.Kind() {
	case reflect.Slice:
		return reflect.SliceOf(unnamed(t.Elem()))
	case reflect.Map:
		return reflect.MapOf(unnamed(t.Key()), unnamed(t.Elem()))
	case reflect.Struct:
		var fields []reflect.StructField
		for i := range t.NumField() {
			fields = append(fields, reflect.StructField{Name: t.Field(i).Name, Type: unnamed(t.Field(i).Type)})
		}
		return reflect.StructOf(fields)
	}
	return t
}

func TestStatesThatCannotBeStored(t *testing.T) {
	type list struct{ Next []list }
	for _, bad := range []any{struct{ n int }{}, struct{ F func() }{}, make(chan int), struct{ P *int }{}, []any{}, map[float64]int{}, list{}, complex(1, 1)} {
		if text, err := plan.Stored(reflect.TypeOf(bad)); err == nil {
			t.Errorf("%T is stored as %s", bad, text)
		}
	}
	if err := unpack([]any{"x"}, reflect.New(reflect.TypeFor[many]()).Elem()); err == nil {
		t.Error("a list of one text is taken for a state")
	}
}
