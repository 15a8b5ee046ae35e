package row

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var everyKind = NewSchema(
	Field{"null", Null}, Field{"bool", Bool}, Field{"int", Int}, Field{"float", Float},
	Field{"string", String}, Field{"bytes", Bytes}, Field{"time", Time}, Field{"duration", Duration},
	Field{"list", List}, Field{"struct", Struct}, Field{"any", Any},
)

// someValue is a value that fits a column of the kind; depth bounds its nesting.
func someValue(r *rand.Rand, k Kind, depth int) any {
	switch k {
	case Bool:
		return r.IntN(2) == 0
	case Int:
		return r.Int64() >> r.IntN(64) * int64(1-2*r.IntN(2))
	case Float:
		return []float64{0, math.Copysign(0, -1), math.Inf(1), math.MaxFloat64, 287.4, r.NormFloat64()}[r.IntN(6)]
	case String:
		return []string{"", "44", "größer", string(make([]byte, 200))}[r.IntN(4)]
	case Bytes:
		return []byte{0, 255, byte(r.IntN(256))}
	case Time:
		return time.UnixMicro(r.Int64N(1e17) - 5e16).UTC()
	case Duration:
		return time.Duration(r.Int64N(1e15)) * time.Microsecond
	case List:
		out := make([]any, r.IntN(4))
		for i := range out {
			out[i] = someValue(r, Any, depth-1)
		}
		return out
	case Struct:
		out := make(Object, r.IntN(4))
		for i := range out {
			out[i] = Member{someValue(r, String, 0).(string), someValue(r, Any, depth-1)}
		}
		return out
	case Any:
		top := Any
		if depth <= 0 {
			top = List
		}
		return someValue(r, Kind(r.IntN(int(top))), depth)
	}
	return nil
}

func someBatch(r *rand.Rand, s *Schema, n int) *Batch {
	b := &Batch{Schema: s, Cols: make([]Vec, s.Len())}
	for c := range b.Cols {
		b.Cols[c] = MakeVec(s.At(c).Kind, 0)
		for range n {
			var v any
			if r.IntN(4) > 0 {
				v = someValue(r, s.At(c).Kind, 3)
			}
			if err := b.Cols[c].Append(v); err != nil {
				panic(err)
			}
		}
	}
	return b
}

func rowValues(b *Batch, i int) []any {
	out := make([]any, len(b.Cols))
	for c := range b.Cols {
		out[c] = b.Cols[c].Value(i)
	}
	return out
}

func TestRowsComeBackAsTheyWere(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	in := someBatch(r, everyKind, 500)
	out := &Batch{Schema: everyKind}
	for i := range 500 {
		src := AppendRow([]byte("before"), in, i)[6:]
		if err := DecodeRow(src, everyKind, out); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		clear(src) // nothing may point into it
		if diff := cmp.Diff(rowValues(in, i), rowValues(out, i)); diff != "" {
			t.Fatalf("row %d (-in +out):\n%s", i, diff)
		}
	}
}

func TestEqualRowsHaveEqualBytes(t *testing.T) {
	s := NewSchema(Field{"f", Float}, Field{"t", Any})
	odd := math.Float64frombits(0xfff8000000000001)
	if odd == odd {
		t.Fatal("want a NaN")
	}
	b := &Batch{Schema: s, Cols: []Vec{
		{Kind: Float, Floats: []float64{math.NaN(), odd}},
		{Kind: Any, Anys: []any{time.UnixMicro(5).UTC(), time.UnixMicro(5).In(time.FixedZone("x", 3600))}},
	}}
	if diff := cmp.Diff(AppendRow(nil, b, 0), AppendRow(nil, b, 1)); diff != "" {
		t.Errorf("the same row has two encodings:\n%s", diff)
	}
}

func TestDamagedRowsAreRefusedAndLeaveTheBatchAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	in := someBatch(r, everyKind, 50)
	for i := range 50 {
		src := AppendRow(nil, in, i)
		cases := [][]byte{append(bytes.Clone(src), 0), bytes.Clone(src)}
		cases[1][1] |= 0x80 // a column that is not there is null
		for cut := range src {
			cases = append(cases, src[:cut])
		}
		out := &Batch{Schema: everyKind}
		if err := DecodeRow(src, everyKind, out); err != nil {
			t.Fatal(err)
		}
		for _, damaged := range cases {
			if err := DecodeRow(damaged, everyKind, out); !errors.Is(err, ErrEncoding) {
				t.Fatalf("row %d of %d bytes, cut to %d: error %v, want ErrEncoding", i, len(src), len(damaged), err)
			}
			for c := range out.Cols {
				if n := out.Cols[c].Len(); n != 1 || len(out.Cols[c].Valid) > 1 {
					t.Fatalf("column %s has %d rows after a refused row, want 1", everyKind.At(c), n)
				}
			}
		}
	}
}

func TestValuesWithoutAKindAreWrittenAsText(t *testing.T) {
	for _, c := range []struct{ in, want any }{
		{uint64(math.MaxUint64), uint64(math.MaxUint64)},
		{uint32(5), int64(5)},
		{float32(1.5), 1.5},
		{map[string]int{"b": 1, "a": 2}, "map[a:2 b:1]"},
	} {
		got, rest, err := ReadValue(append(AppendValue(nil, c.in), 'x'))
		if err != nil || string(rest) != "x" {
			t.Errorf("%v: rest %q, error %v", c.in, rest, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestNestingHasALimit(t *testing.T) {
	nested := func(n int) []byte { return append(bytes.Repeat([]byte{tagList, 1}, n), tagNull) }
	if _, _, err := ReadValue(nested(maxNesting)); err != nil {
		t.Errorf("%d lists: %v", maxNesting, err)
	}
	if _, _, err := ReadValue(nested(maxNesting + 1)); !errors.Is(err, ErrEncoding) {
		t.Errorf("%d lists: error %v, want ErrEncoding", maxNesting+1, err)
	}
}

func TestNestingAndCountsThatLieAreRefused(t *testing.T) {
	deep := make([]byte, 0, 1<<20)
	for range 1 << 19 {
		deep = append(deep, tagList, 1)
	}
	huge := []byte{tagList, 0xff, 0xff, 0xff, 0xff, 0x7f, tagNull}
	for _, src := range [][]byte{deep, huge, {}, {99}, {tagInt, 0x80, 0}, {tagUint, 1}} {
		if v, _, err := ReadValue(src); !errors.Is(err, ErrEncoding) {
			t.Errorf("%.8x: got %v, error %v, want ErrEncoding", src, v, err)
		}
	}
}

func FuzzDecodeRow(f *testing.F) {
	in := someBatch(rand.New(rand.NewPCG(1, 2)), everyKind, 20)
	for i := range 20 {
		f.Add(AppendRow(nil, in, i))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		b := &Batch{Schema: everyKind}
		if err := DecodeRow(src, everyKind, b); err != nil {
			return
		}
		again := &Batch{Schema: everyKind}
		once := AppendRow(nil, b, 0)
		if err := DecodeRow(once, everyKind, again); err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
		if twice := AppendRow(nil, again, 0); string(once) != string(twice) {
			t.Fatalf("%x became %x", once, twice)
		}
	})
}

func FuzzReadValue(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		f.Add(AppendValue(nil, someValue(r, Any, 4)))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		v, rest, err := ReadValue(src)
		if err != nil {
			return
		}
		w, _, err := ReadValue(AppendValue(nil, v))
		if err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
		if string(AppendValue(nil, v)) != string(AppendValue(nil, w)) || len(rest) >= len(src) {
			t.Fatalf("%x: %v became %v, %d bytes left", src, v, w, len(rest))
		}
	})
}

// telemetry is a row of ten columns, as cars send it.
func telemetry() *Batch {
	s := NewSchema(Field{"car", String}, Field{"lap", Int}, Field{"speed", Float}, Field{"rpm", Int}, Field{"throttle", Float},
		Field{"brake", Int}, Field{"gear", Int}, Field{"lat", Float}, Field{"lon", Float}, Field{"ts", Time})
	b := &Batch{Schema: s, Cols: make([]Vec, s.Len())}
	for c, v := range []any{"44", 12, 287.4, 11234, 0.93, 0, 7, 45.61, 9.28, time.UnixMilli(1700000000000)} {
		b.Cols[c] = MakeVec(s.At(c).Kind, 0)
		if err := b.Cols[c].Append(v); err != nil {
			panic(err)
		}
	}
	return b
}

func BenchmarkAppendRow(b *testing.B) {
	rows := telemetry()
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendRow(dst[:0], rows, 0)
	}
	b.ReportMetric(float64(len(dst)), "bytes")
}

func BenchmarkDecodeRow(b *testing.B) {
	rows := telemetry()
	src := AppendRow(nil, rows, 0)
	out := &Batch{}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := DecodeRow(src, rows.Schema, out); err != nil {
			b.Fatal(err)
		}
		if n%1000 == 0 {
			for c := range out.Cols {
				out.Cols[c].Resize(0)
			}
		}
	}
}
