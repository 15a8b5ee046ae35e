package jsontext

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestStringsReadBackByEncodingJSON(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20_000 {
		raw := make([]byte, r.IntN(12))
		for i := range raw {
			raw[i] = "ab\"\\/<>&\x00\x1f\n\x7f\x80\xc3\xa9\xe2\x80\xa8\xff"[r.IntN(18)]
		}
		got := AppendString([]byte("x"), string(raw))[1:]
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q became %s: %v", raw, got, err)
		}
		if want := validUTF8(string(raw)); back != want {
			t.Fatalf("%q became %s, which is %q, want %q", raw, got, back, want)
		}
		again, end, err := String(got, 0)
		if err != nil || end != len(got) || again != back {
			t.Fatalf("%s reads as %q, %v", got, again, err)
		}
	}
}

// validUTF8 replaces each wrong byte by itself.
func validUTF8(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}

func TestDecimalsAreExact(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 10, 1500, -1500, 999_999, math.MaxInt64, math.MinInt64} {
		for _, places := range []int{0, 3, 6} {
			got := string(AppendDecimal(nil, n, places))
			back, ok := new(big.Rat).SetString(got)
			want := new(big.Rat).SetFrac(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
			if !ok || back.Cmp(want) != 0 || !json.Valid([]byte(got)) || strings.Contains(got, ".") && strings.HasSuffix(got, "0") {
				t.Errorf("%d with %d places is %s", n, places, got)
			}
		}
	}
}

// Decimals of few places, their neighbours among the floats and any floats are written as encoding/json writes them.
func TestFloatsAreThoseOfEncodingJSON(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	check := func(f float64) {
		want, err := json.Marshal(f)
		if got := AppendFloat(nil, f); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%b is %s, want %s", f, got, want)
		}
	}
	for range 200_000 {
		f := float64(r.Int64N(1<<r.IntN(56)+1)) / math.Pow10(r.IntN(10))
		for _, f := range []float64{f, -f, math.Nextafter(f, 1e300), math.Nextafter(f, -1e300), math.Float64frombits(r.Uint64())} {
			if f-f == 0 {
				check(f)
			}
		}
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1e-6, 9.99999e-7, 1e15, 999_999_999.999999, 123456789.1234567, 1e21, 1e-323} {
		check(f)
	}
}

func TestWriterNestsWithoutSpaces(t *testing.T) {
	src := []byte(`{"a":[1,-2.5,"é",{"b":null}],"c":{},"d":[],"e":true}`)
	v, _, err := Value(src, 0, 4)
	if err != nil {
		t.Fatal(err)
	}
	var w Writer
	got, err := w.Value(nil, v)
	if err != nil || !bytes.Equal(src, got) {
		t.Errorf("got %s, %v, want %s", got, err, src)
	}
}
