package codec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// times is a record value n times.
func times(n int, value string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = value
	}
	return out
}

func TestInferFindsColumnsAndKinds(t *testing.T) {
	join := func(parts ...[]string) (all []string) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for _, c := range []struct {
		name, schema string
		values       []string
		drift        string
	}{
		{"kinds in the order seen", "car string, speed float, on bool, tags list, e struct", []string{
			`{"car":"44","speed":1.5,"on":true}`, `{"on":null,"tags":[1],"car":"x","e":{}}`}, ""},
		{"ints and floats are float", "x float", []string{`{"x":1}`, `{"x":1.5}`, `{"x":3}`}, ""},
		{"big ints alone are int", "x int", []string{`{"x":9007199254740993}`, `{"x":1}`}, ""},
		{"big ints beside floats", "x any", []string{`{"x":9007199254740993}`, `{"x":1.5}`}, "x: ints beyond 2^53 beside floats, so it is any and nothing is rounded"},
		{"ints beyond 64 bits", "x any", []string{`{"x":18446744073709551615}`, `{"x":1}`}, "x: whole numbers beyond 64 bits are kept as the text of their digits, so it is any"},
		{"few ints beyond 64 bits", "x int", join(times(99, `{"x":1}`), times(1, `{"x":18446744073709551615}`)), "x: 1 of 100 rows have whole numbers beyond 64 bits"},
		{"one in twenty is a stranger", "x float", join(times(1995, `{"x":1.5}`), times(5, `{"x":1}`), times(100, `{"x":"n/a"}`)), "x: 100 of 2,100 rows have string, not float"},
		{"more are not", "x any", join(times(94, `{"x":1.5}`), times(6, `{"x":"n/a"}`)), "x: values of several kinds (94 float, 6 string), so it is any"},
		{"strings stay strings", "x string", []string{`{"x":"1"}`, `{"x":"2023-11-14T22:13:20Z"}`}, ""},
		{"only null", "x any", times(3, `{"x":null}`), "x: null in every row, so it is any"},
		{"members by path", "e.rpm int, e.t.oil float, x int", []string{`{"e":{"rpm":1,"t":{"oil":1.5}},"x":1}`, `{"e":{"rpm":2,"t":null}}`, `{"e":{}}`}, ""},
		{"an exact name is the same column", "e.r float", []string{`{"e":{"r":1}}`, `{"e.r":1.5}`}, ""},
		{"few values among objects", "e.r int", join(times(99, `{"e":{"r":1}}`), times(1, `{"e":5}`)), "e: 1 of 100 rows have int, not struct"},
		{"few objects among values", "e int", join(times(99, `{"e":5}`), times(1, `{"e":{"r":1}}`)), "e: 1 of 100 rows have struct, not int"},
		{"objects and values", "e any", []string{`{"e":{"r":1}}`, `{"e":5}`}, "e: values of several kinds (1 int, 1 struct), so it is any"},
		{"of duplicates the last", "x int", []string{`{"x":"a","x":1}`}, ""},
		{"nothing from a record that does not decode", "x int", []string{`{"y":1,`, `{"x":1}`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			schema, report := Infer(JSON(), records(c.values...))
			if diff := cmp.Diff(c.schema, schema.String()); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.drift, strings.Join(report.Drift(), "\n")); diff != "" {
				t.Errorf("drift (-want +got):\n%s", diff)
			}
			var b row.Batch
			bad := JSON().Decoder(schema, Options{}).Decode(records(c.values...), &b)
			if float64(len(bad)) > 0.05*float64(len(c.values)) && report.Bad == 0 {
				t.Errorf("the inferred columns make %d of %d rows bad: %v", len(bad), len(c.values), bad[0].Err)
			}
		})
	}
}

func TestInferReportsWhatDoesNotDecode(t *testing.T) {
	recs := records(`{"x":1}`, `{"x":`, `[]`)
	recs = append(recs, row.Record{Partition: 1, Offset: 9})
	_, r := Infer(JSON(), recs)
	if r.Rows != 1 || r.Bad != 3 || r.First != "2@101: malformed JSON at byte 5: it ends, want a value" {
		t.Errorf("got %d rows, %d bad, first %q", r.Rows, r.Bad, r.First)
	}
}

func TestInferBoundsTheColumns(t *testing.T) {
	var doc strings.Builder
	doc.WriteString(`{"x":0`)
	for i := range 5000 {
		doc.WriteString(`,"` + strings.Repeat("k", 1+i/100) + string(rune(0x4e00+i%100)) + `":1`)
	}
	schema, r := Infer(JSON(), records(doc.String()+"}"))
	drift := r.Drift()
	if schema.Len() != MaxColumns || len(drift) != 1 || drift[0] != "there are more than 1,000 columns, the others are left out" {
		t.Errorf("%d columns, drift %q", schema.Len(), drift)
	}
}
