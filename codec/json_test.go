package codec

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// fieldsOf reads "speed float, car string".
func fieldsOf(t testing.TB, list string) *row.Schema {
	t.Helper()
	var fields []row.Field
	for _, s := range strings.Split(list, ", ") {
		f, err := row.ParseField(s)
		if err != nil {
			t.Fatal(err)
		}
		fields = append(fields, f)
	}
	return row.NewSchema(fields...)
}

func records(values ...string) []row.Record {
	recs := make([]row.Record, len(values))
	for i, v := range values {
		recs[i] = row.Record{Topic: "t", Partition: 2, Offset: int64(100 + i), Value: []byte(v)}
	}
	return recs
}

// rowsOf are the rows of a batch as Go values.
func rowsOf(b *row.Batch) [][]any {
	out := make([][]any, len(b.Origin))
	for i := range out {
		for c := range b.Cols {
			out[i] = append(out[i], b.Cols[c].Value(i))
		}
	}
	return out
}

func TestAValueOfAnotherKindIsABadRow(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		kind, unit, value string
		want              any // the value, or the error's text
	}{
		{"float", "", `287.4`, 287.4},
		{"float", "", `12`, 12.0},
		{"float", "", `18446744073709551616`, 18446744073709551616.0},
		{"float", "", `"n/a"`, `x is string "n/a", want float`},
		{"float", "", `1e400`, `x is float 1e400 beyond the range, want float`},
		{"float", "", `[1]`, `x is list, want float`},
		{"float", "", `{"a":1}`, `x is struct, want float`},
		{"float", "", `true`, `x is bool true, want float`},
		{"float", "", `null`, nil},
		{"int", "", `-9223372036854775808`, int64(-9223372036854775808)},
		{"int", "", `1.5`, `x is float 1.5, want int`},
		{"int", "", `1.0`, `x is float 1.0, want int`},
		{"int", "", `1e3`, `x is float 1e3, want int`},
		{"int", "", `9223372036854775808`, `x is int 9223372036854775808 beyond 64 bits, want int`},
		{"string", "", `"é\n"`, "é\n"},
		{"string", "", `44`, `x is int 44, want string`},
		{"bool", "", `false`, false},
		{"bool", "", `0`, `x is int 0, want bool`},
		{"bytes", "", `"AP8="`, []byte{0, 255}},
		{"bytes", "", `"A"`, `x is string "A", want bytes in base64`},
		{"time", "ms", `1700000000000`, at("2023-11-14T22:13:20Z")},
		{"time", "s", `1700000000.25`, at("2023-11-14T22:13:20.25Z")},
		{"time", "us", `-1`, at("1969-12-31T23:59:59.999999Z")},
		{"time", "ns", `-1`, at("1969-12-31T23:59:59.999999Z")},
		{"time", "ns", `1700000000000000999`, at("2023-11-14T22:13:20Z")},
		{"time", "ms", `"2023-11-14T23:13:20.123456789+01:00"`, at("2023-11-14T22:13:20.123456Z")},
		{"time", "", `"2023-11-14T22:13:20Z"`, at("2023-11-14T22:13:20Z")},
		{"time", "", `"yesterday"`, `x is string "yesterday", want an RFC 3339 time`},
		{"time", "", `1700000000000`, `x is int 1700000000000, want an RFC 3339 string`},
		{"time", "s", `9223372036854775807`, `x is int 9223372036854775807 beyond the range of s since 1970, want time`},
		{"duration", "", `1500.25`, 1500250 * time.Microsecond},
		{"time", "ms", `1e400`, `x is float 1e400 beyond the range of ms since 1970, want time`},
		{"time", "ms", `1e30`, `x is float 1e30 beyond the range of ms since 1970, want time`},
		{"time", "ns", `-1.5e3`, at("1969-12-31T23:59:59.999998Z")},
		{"duration", "", `9e300`, `x is float 9e300 beyond the range of ms, want duration`},
		{"duration", "", `"1s"`, `x is string "1s", want duration`},
		{"list", "", `[1,2.0,"a",[],{"b":null}]`, []any{int64(1), 2.0, "a", []any{}, row.Object{{Name: "b"}}}},
		{"list", "", `{}`, `x is struct, want list`},
		{"struct", "", `{"b":1,"a":{},"b":2}`, row.Object{{Name: "b", Value: int64(2)}, {Name: "a", Value: row.Object{}}}},
		{"any", "", `18446744073709551616`, "18446744073709551616"},
		{"any", "", `1.0`, 1.0},
		{"any", "", `[1e400]`, `x 1e400 is beyond the range of a float`},
		{"null", "", `null`, nil},
		{"null", "", `1`, `x is int 1, want null`},
	} {
		var b row.Batch
		o := Options{TimeUnit: c.unit}
		bad := JSON().Decoder(fieldsOf(t, "x "+c.kind), o).Decode(records(`{"x":`+c.value+`}`), &b)
		if len(bad) > 0 {
			if diff := cmp.Diff(c.want, bad[0].Err.Error()); diff != "" || bad[0].Field != "x" {
				t.Errorf("%s from %s: field %q (-want +got):\n%s", c.kind, c.value, bad[0].Field, diff)
			}
			continue
		}
		if diff := cmp.Diff([][]any{{c.want}}, rowsOf(&b)); diff != "" {
			t.Errorf("%s from %s (-want +got):\n%s", c.kind, c.value, diff)
		}
	}
}

func TestBadRowsAreLeftOutAndReported(t *testing.T) {
	d := JSON().Decoder(fieldsOf(t, "car string, speed float, ts time"), Options{TimeUnit: "ms", TimeColumn: "ts"})
	recs := records(
		`{"car":"1","speed":1,"ts":1}`,
		`{"car":"2","speed":"n/a","ts":2}`,
		`{"car":"3","speed":3,"ts":3`,
		`{"speed":4,"ts":4}`,
		`{"car":"5","speed":5}`,
		`{"car":"6","speed":null,"ts":6,"unknown":[{}]}`,
		`7`,
	)
	recs = append(recs, row.Record{}, records(strings.Repeat(" ", 1<<20) + "{}")[0])
	var b row.Batch
	var got []string
	for _, w := range d.Decode(recs, &b) {
		got = append(got, strings.Join([]string{string('0' + rune(w.Index)), w.Field, w.Err.Error()}, "|"))
	}
	want := []string{
		`1|speed|speed is string "n/a", want float`,
		`2||malformed JSON at byte 27: it ends, want ',' or '}'`,
		`4|ts|ts is null, want the row's time`,
		`6||record is int 7, want an object`,
		`7||record has no value (a tombstone)`,
		`8||record value is too large: 1048578 bytes, at most 1048576 are read`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
	rows := [][]any{
		{"1", 1.0, time.UnixMilli(1).UTC()},
		{nil, 4.0, time.UnixMilli(4).UTC()},
		{"6", nil, time.UnixMilli(6).UTC()},
	}
	if diff := cmp.Diff(rows, rowsOf(&b)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int32{0, 3, 5}, b.Origin); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
}

func TestErrorsHaveNames(t *testing.T) {
	many := `{"m0":0`
	for i := range 1000 {
		many += `,"m` + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + `":0`
	}
	d := JSON().Decoder(fieldsOf(t, "x any"), Options{})
	for _, c := range []struct {
		value []byte
		want  error
	}{
		{nil, ErrNoValue},
		{make([]byte, 1<<20+1), ErrSize},
		{[]byte(many + "}"), ErrMembers},
		{[]byte(`{"y":` + strings.Repeat("[", 1<<19)), jsontext.ErrDepth},
		{[]byte(`{"x":` + strings.Repeat(`{"x":`, 1<<17)), jsontext.ErrDepth},
		{[]byte(`{"x":1e999}`), jsontext.ErrRange},
	} {
		bad := d.Decode([]row.Record{{Value: c.value}}, &row.Batch{})
		if len(bad) != 1 || !errors.Is(bad[0].Err, c.want) {
			t.Errorf("%.20q: %v, want %v", c.value, bad, c.want)
		}
	}
	var syntax *jsontext.SyntaxError
	bad := d.Decode(records(`{"x":1,"y":tru}`), &row.Batch{})
	if len(bad) != 1 || !errors.As(bad[0].Err, &syntax) || syntax.Offset != 11 {
		t.Errorf("got %v, want a syntax error at byte 11", bad)
	}
	bad = d.Decode(records("\ufeff{}"), &row.Batch{})
	if len(bad) != 1 || !strings.Contains(bad[0].Err.Error(), "byte order mark") {
		t.Errorf("got %v, want the byte order mark named", bad)
	}
	kind := JSON().Decoder(fieldsOf(t, "x int"), Options{}).Decode(records(`{"x":"a"}`), &row.Batch{})
	if len(kind) != 1 || !errors.Is(kind[0].Err, ErrKind) {
		t.Errorf("got %v, want ErrKind", kind)
	}
}

// A row depends on its record and the plan, never on its neighbours.
func TestRowsDoNotDependOnTheirBatch(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var recs []row.Record
	for range 3000 {
		doc := someObject(r, 3)
		if r.IntN(10) == 0 {
			doc = damaged(r, doc)
		}
		recs = append(recs, row.Record{Value: doc})
	}
	want := fieldsOf(t, "a float, b int, a.b any, b.c string, c list, other struct, b.a bool, é any")
	run := func(size int) (rows [][]any, bad []string) {
		d := JSON().Decoder(want, Options{})
		var b row.Batch
		for at := 0; at < len(recs); at += size {
			for _, w := range d.Decode(recs[at:min(at+size, len(recs))], &b) {
				bad = append(bad, w.Field+": "+w.Err.Error())
			}
			rows = append(rows, rowsOf(&b)...)
		}
		return rows, bad
	}
	oneRows, oneBad := run(1)
	for _, size := range []int{2, 37, 1000, 3000} {
		rows, bad := run(size)
		if diff := cmp.Diff(oneRows, rows); diff != "" {
			t.Fatalf("batches of 1 and of %d differ:\n%s", size, diff)
		}
		if diff := cmp.Diff(oneBad, bad); diff != "" {
			t.Fatalf("bad rows in batches of 1 and of %d differ:\n%s", size, diff)
		}
	}
	if len(oneRows) == 0 || len(oneBad) == 0 {
		t.Fatalf("%d rows and %d bad rows, want some of both", len(oneRows), len(oneBad))
	}
}

func TestNamesBeyondTheMemoryOfALevelStillDecode(t *testing.T) {
	d := JSON().Decoder(fieldsOf(t, "a.b int, z int"), Options{})
	var recs []row.Record
	for i := range 3 * maxNames {
		recs = append(recs, records(`{"k` + strings.Repeat("k", i%500) + string(rune(0x4e00+i)) + `":{},"a":{"b":1},"z":2}`)[0])
	}
	var b row.Batch
	if bad := d.Decode(recs, &b); len(bad) > 0 {
		t.Fatal(bad[0].Err)
	}
	for i, r := range rowsOf(&b) {
		if diff := cmp.Diff([]any{int64(1), int64(2)}, r); diff != "" {
			t.Fatalf("row %d (-want +got):\n%s", i, diff)
		}
	}
	if n := len(d.(*jsonDecoder).root.names); n > maxNames+2 {
		t.Errorf("%d names are remembered, want at most %d and those wanted", n, maxNames)
	}
}

// A wanted name that looks like JSON itself must be matched as a whole.
func TestNamesWithQuotesAreEscapedBeforeTheyAreExpected(t *testing.T) {
	d := JSON().Decoder(row.NewSchema(row.Field{Name: `a":1,"b`, Kind: row.Any}), Options{})
	var b row.Batch
	recs := records(`{"a\":1,\"b":5}`, `{"a":1,"b":2}`, `{"a\":1,\"b":6}`)
	if bad := d.Decode(recs, &b); len(bad) > 0 {
		t.Fatal(bad[0].Err)
	}
	if diff := cmp.Diff([][]any{{int64(5)}, {nil}, {int64(6)}}, rowsOf(&b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStringsPointIntoTheRecord(t *testing.T) {
	recs := records(`{"car":"44"}`)
	var b row.Batch
	JSON().Decoder(fieldsOf(t, "car string"), Options{}).Decode(recs, &b)
	if n := testing.AllocsPerRun(100, func() {
		JSON().Decoder(fieldsOf(t, "car string"), Options{})
	}); n == 0 {
		t.Fatal("a decoder without memory: the count is wrong")
	}
	d := JSON().Decoder(fieldsOf(t, "car string"), Options{})
	d.Decode(recs, &b)
	if n := testing.AllocsPerRun(100, func() { d.Decode(recs, &b) }); n != 0 {
		t.Errorf("decoding allocates %v times a batch, want 0", n)
	}
}
