package row

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// randomValue is a value of any kind.
func randomValue(rnd *rand.Rand, depth int) any {
	switch k := Kind(rnd.IntN(int(Any))); {
	case k == Bool:
		return rnd.IntN(2) == 1
	case k == Int:
		return rnd.Int64() - rnd.Int64()
	case k == Float:
		return math.Float64frombits(rnd.Uint64())
	case k == String:
		return string([]rune{rune(rnd.IntN(0x800)), 'x'})
	case k == Bytes:
		return []byte{byte(rnd.IntN(256))}
	case k == Time:
		return time.UnixMicro(rnd.Int64N(1e17)).UTC()
	case k == Duration:
		return time.Duration(rnd.Int64N(1e12)) * time.Microsecond
	case k == List && depth < 4:
		return []any{randomValue(rnd, depth+1), randomValue(rnd, depth+1)}
	case k == Struct && depth < 4:
		return Object{{"a", randomValue(rnd, depth+1)}}
	}
	return nil
}

var sameFloats = cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })

func TestValuesReadBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		want := randomValue(rnd, 0)
		got, rest, err := ReadValue(append(AppendValue(nil, want), 7))
		if err != nil || len(rest) != 1 || !cmp.Equal(got, want, sameFloats) {
			t.Fatalf("%#v reads back as %#v, rest %v, %v", want, got, rest, err)
		}
	}
}

func TestRowsReadBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	var fields []Field
	for k := Null; k <= Any; k++ {
		fields = append(fields, Field{k.String(), k})
	}
	s := NewSchema(fields...)
	for range 500 {
		in, out := &Batch{Schema: s, Cols: make([]Vec, s.Len())}, &Batch{Schema: s, Cols: make([]Vec, s.Len())}
		for c, f := range fields {
			in.Cols[c], out.Cols[c] = MakeVec(f.Kind, 0), MakeVec(f.Kind, 0)
			v := randomValue(rnd, 0)
			if f.Kind != Any && KindOf(v) != f.Kind {
				v = nil
			}
			if err := in.Cols[c].Append(v); err != nil {
				t.Fatal(err)
			}
		}
		if err := DecodeRow(AppendRow(nil, in, 0), s, out); err != nil {
			t.Fatal(err)
		}
		for c := range fields {
			if !cmp.Equal(in.Cols[c].Value(0), out.Cols[c].Value(0), sameFloats) {
				t.Fatalf("%s: %#v reads back as %#v", fields[c], in.Cols[c].Value(0), out.Cols[c].Value(0))
			}
		}
	}
}

func FuzzReadValue(f *testing.F) {
	f.Add(AppendValue(nil, Object{{"a", []any{int64(1), "x", nil, 2.5}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := ReadValue(b)
		if err != nil {
			if !errors.Is(err, ErrEncoding) {
				t.Fatalf("error %v is not ErrEncoding", err)
			}
			return
		}
		again, _, err := ReadValue(AppendValue(nil, v))
		if err != nil || len(rest) > len(b) || !cmp.Equal(v, again, sameFloats) {
			t.Fatalf("%#v reads back as %#v, %v", v, again, err)
		}
	})
}
