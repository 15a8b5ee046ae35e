package codec

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/dataframe/row"
)

func TestCSVDecodesByColumn(t *testing.T) {
	c := CSV("car", "speed", "on", "ts", "gear", "more")
	want := fieldsOf(t, "gear int, car string, speed float, on bool, ts time, more any, absent int")
	d := c.Decoder(want, Options{TimeUnit: "ms", TimeColumn: "ts"})
	recs := records(
		"44,287.4,true,1700000000000,7,x",
		"\"a,\"\"b\"\"\",,false,1,,007\r\n",
		"44,n/a,true,1,7,",
		"44,1",
		"44,1,true,,7,",
		"a\"b,1,true,1,7,",
		"\"a\nb\",1,true,\"2023-11-14T22:13:20Z\",7,18446744073709551616\n",
		"a,1,true,1,7,\nb,1,true,1,7,",
		"\xff,1,true,1,7,",
		"44,1,1,1,7,", "44,1,true,1,7.5,",
	)
	var b row.Batch
	var bad []string
	for _, w := range d.Decode(recs, &b) {
		bad = append(bad, fmt.Sprintf("%d|%s|%v", w.Index, w.Field, w.Err))
	}
	wantBad := []string{
		`2|speed|speed is string "n/a", want float`,
		`3||line has 2 fields, want the 6 of csv(car,speed,on,ts,gear,more)`,
		`4|ts|ts is null, want the row's time`,
		"5||malformed CSV at byte 1: bare \" in non-quoted-field",
		"7||malformed CSV: a record is one line, this is more",
		"8||value is not UTF-8",
		`9|on|on is int 1, want bool`,
		`10|gear|gear is float 7.5, want int`,
	}
	if diff := cmp.Diff(wantBad, bad); diff != "" {
		t.Errorf("bad rows (-want +got):\n%s", diff)
	}
	at := time.UnixMilli(1700000000000).UTC()
	rows := [][]any{
		{int64(7), "44", 287.4, true, at, "x", nil},
		{nil, `a,"b"`, nil, false, time.UnixMilli(1).UTC(), "007", nil},
		{int64(7), "a\nb", 1.0, true, at, "18446744073709551616", nil},
	}
	if diff := cmp.Diff(rows, rowsOf(&b)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestCSVWritesWhatItReads(t *testing.T) {
	c := CSV("s", "f", "i", "b", "y", "t", "d", "l", "a", "absent")
	s := fieldsOf(t, "a any, s string, f float, i int, b bool, y bytes, t time, d duration, l list, left int")
	for _, in := range []*row.Batch{
		oneRow(t, s, int64(5), ` a,"b"`, 1e-7, -3, true, []byte("\xff"), time.UnixMilli(5).UTC(), 1500*time.Microsecond, []any{int64(1), "x"}, nil),
		oneRow(t, s, "text", "line\nbreak", math.MaxFloat64, math.MaxInt64, false, []byte(""), time.UnixMilli(-5).UTC(), time.Hour, []any{}, nil),
		oneRow(t, s, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil),
	} {
		line := encoded(t, c.Encoder(s, Options{}), in, 0)
		var out row.Batch
		if bad := c.Decoder(s, Options{}).Decode(records(line), &out); len(bad) > 0 {
			t.Fatalf("%s: %v", line, bad[0].Err)
		}
		in.Origin = []int32{0}
		want := rowsOf(in)
		if y, ok := want[0][5].([]byte); ok && len(y) == 0 {
			want[0][5] = nil // an empty field is null
		}
		if diff := cmp.Diff(want, rowsOf(&out)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
	var n int64
	e := CSV("f").Encoder(fieldsOf(t, "f float"), Options{NotFinite: &n})
	if got := encoded(t, e, oneRow(t, fieldsOf(t, "f float"), math.NaN()), 0); got != "" || n != 1 {
		t.Errorf("NaN is %q with a count of %d, want an empty field counted", got, n)
	}
}

func TestCSVInfersKinds(t *testing.T) {
	if got := guess("1e400"); got != "1e400" {
		t.Errorf("1e400 is guessed as %v, want its text", got)
	}
	schema, r := Infer(CSV("car", "speed", "zip", "on", "empty"), records("44,1,007,true,", "45,1.5,008,false,", "46"))
	want := "car int, speed float, zip string, on bool, empty any"
	if schema.String() != want || r.Rows != 2 || r.Bad != 1 {
		t.Errorf("got %s from %d rows, %d bad, want %s", schema, r.Rows, r.Bad, want)
	}
}

func TestRawIsTheValue(t *testing.T) {
	text, _ := Infer(Raw(), records("a", "é"))
	if text.String() != "value string" {
		t.Errorf("text is %s, want value string", text)
	}
	binary, _ := Infer(Raw(), records("a", "\xff"))
	if binary.String() != "value bytes" {
		t.Errorf("one value of bytes makes %s, want value bytes", binary)
	}
	recs := append(records("a", "\xff"), row.Record{})
	var b row.Batch
	bad := Raw().Decoder(text, Options{}).Decode(recs, &b)
	if len(bad) != 1 || bad[0].Index != 1 || !errors.Is(bad[0].Err, ErrText) {
		t.Errorf("got %v, want the second not UTF-8", bad)
	}
	if diff := cmp.Diff([][]any{{"a"}, {nil}}, rowsOf(&b)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	e := Raw().Encoder(text, Options{})
	if got := encoded(t, e, &b, 0); got != "a" {
		t.Errorf("written as %q, want a", got)
	}
	if got, err := e.Append(nil, &b, 1); got != nil || err != nil {
		t.Errorf("null is written as %v, %v, want no value", got, err)
	}
	if _, err := Raw().Encoder(fieldsOf(t, "x int"), Options{}).Append(nil, &b, 0); err == nil {
		t.Error("a row without a column value was written raw")
	}
}

func TestNamesAreParsedBack(t *testing.T) {
	for _, c := range []Codec{JSON(), Raw(), CSV("car"), CSV("car", "speed"), CSV("a,b", `c"d`, " e", "f)"), Separated(0x3b, "a", "b;c"), Separated(0x09, "a")} {
		got, err := Parse(c.Name())
		if err != nil {
			t.Errorf("%s: %v", c.Name(), err)
			continue
		}
		if diff := cmp.Diff(c, got, cmp.AllowUnexported(jsonCodec{}, rawCodec{}, csvCodec{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Name(), diff)
		}
	}
	for _, name := range []string{"", "xml", "json()", "csv", "csv()", "csv(a,)", `csv(")`} {
		if c, err := Parse(name); err == nil {
			t.Errorf("%q is %s, want an error", name, c.Name())
		}
	}
}

func FuzzDecodeCSV(f *testing.F) {
	for _, s := range []string{"44,1.5,true", "\"a,b\",,", "a\nb,1,2", "\"\"\"\",1e400,x", ",,\r\n"} {
		f.Add([]byte(s))
	}
	s := fieldsOf(f, "a string, b any, c any")
	c := CSV("a", "b", "c")
	f.Fuzz(func(t *testing.T, line []byte) {
		var b, again row.Batch
		if bad := c.Decoder(s, Options{}).Decode([]row.Record{{Value: line}}, &b); len(bad) > 0 || line == nil {
			return
		}
		out := encoded(t, c.Encoder(s, Options{}), &b, 0)
		if bad := c.Decoder(s, Options{}).Decode(records(out), &again); len(bad) > 0 {
			t.Fatalf("%q became %q, which does not decode: %v", line, out, bad[0].Err)
		}
		if twice := encoded(t, c.Encoder(s, Options{}), &again, 0); twice != out {
			t.Fatalf("%q became %q, then %q", line, out, twice)
		}
	})
}
