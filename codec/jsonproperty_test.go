package codec

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// someValue is a value of a kind, mostly at its bounds.
func someValue(r *rand.Rand, k row.Kind) any {
	if r.IntN(6) == 0 {
		return nil
	}
	switch k {
	case row.Bool:
		return r.IntN(2) == 0
	case row.Int:
		return r.Int64()>>r.IntN(64)*int64(r.IntN(3)-1) | int64(r.IntN(2))
	case row.Float:
		return []float64{math.Float64frombits(r.Uint64()), r.NormFloat64(), float64(r.Int64N(1e6)) / 100, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)}[r.IntN(7)]
	case row.String:
		var b []rune
		for range r.IntN(9) {
			b = append(b, []rune("a\"\\/<>&\x00\x1f\n\t\x7f\u2028é😀\ufffd")[r.IntN(16)])
		}
		return string(b)
	case row.Bytes:
		return strconv.AppendUint(nil, r.Uint64(), 3+r.IntN(30))
	case row.Time:
		return time.UnixMicro(r.Int64N(4e15) - 2e15).UTC()
	case row.Duration:
		return time.Duration(r.Int64N(4e12)-2e12) * time.Microsecond
	case row.List:
		return []any{someValue(r, row.Int), someValue(r, row.String), []any{}}
	case row.Struct:
		return row.Object{{Name: "é\"", Value: someValue(r, row.Float)}, {Name: "a.b", Value: row.Object{}}}
	}
	return someValue(r, row.Kind(1+r.IntN(9)))
}

// read is what encoding/json must read of a value, and how many floats of it are null since JSON does not have them.
func read(v any) (want any, lost int64) {
	switch x := v.(type) {
	case int64:
		return json.Number(strconv.FormatInt(x, 10)), 0
	case float64:
		if x-x != 0 {
			return nil, 1
		}
		b, err := json.Marshal(x)
		if err != nil {
			panic(err)
		}
		return json.Number(b), 0
	case []byte:
		return base64.StdEncoding.EncodeToString(x), 0
	case time.Time:
		return x.Format(time.RFC3339Nano), 0
	case time.Duration:
		return json.Number(strconv.FormatFloat(float64(x.Microseconds())/1000, 'f', -1, 64)), 0
	case []any:
		out := make([]any, len(x))
		for i := range x {
			n := int64(0)
			out[i], n = read(x[i])
			lost += n
		}
		return out, lost
	case row.Object:
		out := map[string]any{}
		for _, m := range x {
			n := int64(0)
			out[m.Name], n = read(m.Value)
			lost += n
		}
		return out, lost
	}
	return v, 0
}

// Rows of any values read back by encoding/json, their members in the order of the columns, and are the same whether
// they are rebuilt or written into the record that they were.
func TestRowsReadBackByEncodingJSON(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	s := fieldsOf(t, "z bool, i int, f float, s string, y bytes, t time, d duration, l list, o struct, a any, n.m int")
	names := s.Names()
	for range 2_000 {
		values := make([]any, s.Len())
		for c := range values {
			values[c] = someValue(r, s.At(c).Kind)
		}
		b := oneRow(t, s, values...)
		lost := int64(0)
		line := []byte(encoded(t, JSON().Encoder(s, Options{NotFinite: &lost}), b, 0))
		want, wantLost := map[string]any{}, int64(0)
		for c, v := range values {
			n := int64(0)
			want[names[c]], n = read(v)
			wantLost += n
		}
		if d := cmp.Diff(want, object(line)); d != "" || lost != wantLost {
			t.Fatalf("seed %d: %s, %d lost, want %d (-want +got):\n%s", seed, line, lost, wantLost, d)
		}
		if got := membersOf(t, line); !slices.Equal(got, names) {
			t.Fatalf("seed %d: %s has the members %q", seed, line, got)
		}
		var before []any
		var changed []string
		for c, v := range values {
			if r.IntN(2) == 0 {
				v = someValue(r, s.At(c).Kind)
				changed = append(changed, names[c])
			}
			before = append(before, v)
		}
		record := encoded(t, JSON().Encoder(s, Options{}), oneRow(t, s, before...), 0)
		b.Records, b.Origin = records(record), []int32{0}
		spliced, err := Splicer(s, changed, nil, Options{}).Append(nil, b, 0)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, record, err)
		}
		if d := cmp.Diff(object(line), object(spliced)); d != "" {
			t.Fatalf("seed %d: %s with %q changed is %s (-rebuilt +spliced):\n%s", seed, record, changed, spliced, d)
		}
	}
}

// membersOf are the names of an object's members as they stand.
func membersOf(t *testing.T, line []byte) (out []string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(line))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, name.(string))
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
