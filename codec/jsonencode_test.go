package codec

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// oneRow is a batch of one row.
func oneRow(t testing.TB, s *row.Schema, values ...any) *row.Batch {
	t.Helper()
	b := &row.Batch{Schema: s, Cols: make([]row.Vec, s.Len()), Time: []int64{0}}
	for c, v := range values {
		b.Cols[c] = row.MakeVec(s.At(c).Kind, 0)
		if err := b.Cols[c].Append(v); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func encoded(t testing.TB, e Encoder, b *row.Batch, i int) string {
	t.Helper()
	out, err := e.Append(nil, b, i)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestARowHasOneForm(t *testing.T) {
	at := time.Date(2023, 11, 14, 22, 13, 20, 123_456_789, time.FixedZone("", 3600))
	for _, c := range []struct {
		kind, unit string
		value      any
		want       string
	}{
		{"null", "", nil, `null`},
		{"bool", "", true, `true`},
		{"int", "", math.MinInt64, `-9223372036854775808`},
		{"float", "", 3.0, `3`},
		{"float", "", math.Copysign(0, -1), `-0`},
		{"float", "", 0.1, `0.1`},
		{"float", "", 1e20, `100000000000000000000`},
		{"float", "", 1e21, `1e+21`},
		{"float", "", 1e-6, `0.000001`},
		{"float", "", 1.5e-7, `1.5e-7`},
		{"float", "", 5e-324, `5e-324`},
		{"float", "", 9007199254740993.0, `9007199254740992`},
		{"float", "", math.NaN(), `null`},
		{"float", "", math.Inf(-1), `null`},
		{"string", "", "a<&>\u2028é\x00\"\\\n\b\f\r\t\x1f\x7f", `"a<&>` + "\u2028é" + `\u0000\"\\\n\b\f\r\t\u001f` + "\x7f" + `"`},
		{"string", "", "\xff\xc3x", "\"\ufffd\ufffdx\""},
		{"bytes", "", []byte{0, 255}, `"AP8="`},
		{"time", "", at, `"2023-11-14T21:13:20.123456Z"`},
		{"time", "", at.Truncate(time.Second), `"2023-11-14T21:13:20Z"`},
		{"time", "", at.Truncate(100 * time.Millisecond), `"2023-11-14T21:13:20.1Z"`},
		{"time", "s", at, `1699996400`},
		{"time", "ms", at, `1699996400123`},
		{"time", "us", at, `1699996400123456`},
		{"time", "ns", at, `1699996400123456000`},
		{"time", "ms", time.UnixMicro(-1), `-1`},
		{"time", "ns", time.UnixMicro(0), `0`},
		{"time", "ns", time.UnixMicro(1e17), `100000000000000000000`},
		{"duration", "", 1500 * time.Microsecond, `1.5`},
		{"duration", "", -time.Hour, `-3600000`},
		{"duration", "", time.Microsecond, `0.001`},
		{"list", "", []any{int64(1), nil, 2.5, []any{}}, `[1,null,2.5,[]]`},
		{"struct", "", row.Object{{Name: "b", Value: int64(1)}, {Name: "a", Value: row.Object{}}}, `{"b":1,"a":{}}`},
		{"any", "ms", at, `1699996400123`},
		{"any", "", []byte{0, 255}, `"AP8="`},
		{"any", "", []any{true, "a\"", 1500 * time.Microsecond, row.Object{{Name: "é\"", Value: math.Inf(1)}}}, `[true,"a\"",1.5,{"é\"":null}]`},
		{"any", "", uint64(math.MaxUint64), `18446744073709551615`},
	} {
		s := fieldsOf(t, "x "+c.kind)
		got := encoded(t, JSON().Encoder(s, Options{TimeUnit: c.unit}), oneRow(t, s, c.value), 0)
		if want := `{"x":` + c.want + `}`; got != want {
			t.Errorf("%s %v: got %s, want %s", c.kind, c.value, got, want)
		}
	}
}

func TestFloatsAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	s := fieldsOf(t, "x float")
	e := JSON().Encoder(s, Options{})
	d := JSON().Decoder(s, Options{})
	for range 100_000 {
		f := math.Float64frombits(r.Uint64())
		if r.IntN(2) == 0 {
			f = math.Round(r.NormFloat64()*1e4) / []float64{1, 10, 1000}[r.IntN(3)]
		}
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		want, err := json.Marshal(map[string]float64{"x": f})
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Append(nil, oneRow(t, s, f), 0)
		if err != nil || !bytes.Equal(want, got) {
			t.Fatalf("got %s, want %s, error %v", got, want, err)
		}
		var b row.Batch
		if bad := d.Decode([]row.Record{{Value: got}}, &b); len(bad) > 0 || math.Float64bits(b.Cols[0].Floats[0]) != math.Float64bits(f) {
			t.Fatalf("%s reads back as %v, bad %v", got, b.Cols[0].Floats, bad)
		}
	}
}

func TestWhatIsNotFiniteIsCounted(t *testing.T) {
	s := fieldsOf(t, "x float, y any")
	var n int64
	e := JSON().Encoder(s, Options{NotFinite: &n})
	got := encoded(t, e, oneRow(t, s, math.NaN(), []any{math.Inf(1), 1.0}), 0)
	if got != `{"x":null,"y":[null,1]}` || n != 2 {
		t.Errorf("got %s and a count of %d, want two nulls counted", got, n)
	}
}

func TestWhatHasNoFormIsAnError(t *testing.T) {
	for _, c := range []struct {
		kind  string
		value any
		want  string
	}{
		{"time", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), `column "x": time 253402300800000000 µs since 1970 is outside the years 0 to 9999`},
		{"any", func() {}, `column "x": is func(), which JSON has no form for`},
	} {
		s := fieldsOf(t, "x "+c.kind)
		_, err := JSON().Encoder(s, Options{}).Append(nil, oneRow(t, s, c.value), 0)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestRowsReadBackAsTheyWereWritten(t *testing.T) {
	s := fieldsOf(t, "b bool, i int, f float, s string, y bytes, t time, d duration, l list, o struct, a any, n.m int")
	in := oneRow(t, s, true, 1<<60, 0.1, "é\"", []byte("\xff"), time.UnixMicro(1).UTC(), time.Minute, []any{1.5}, row.Object{{Name: "k", Value: nil}}, "x", -1)
	for _, unit := range []string{"", "us", "ns"} {
		o := Options{TimeUnit: unit}
		line := encoded(t, JSON().Encoder(s, o), in, 0)
		var out row.Batch
		if bad := JSON().Decoder(s, o).Decode(records(line), &out); len(bad) > 0 {
			t.Fatalf("%s: %v", line, bad[0].Err)
		}
		in.Origin = []int32{0}
		if diff := cmp.Diff(rowsOf(in), rowsOf(&out)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}
