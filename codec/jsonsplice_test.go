package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// spliced writes a row of the columns new, whose values are their names, into a record.
func spliced(record string, changed, dropped []string) ([]byte, error) {
	b := &row.Batch{Origin: []int32{0}, Records: records(record)}
	var fields []row.Field
	for _, n := range changed {
		fields = append(fields, row.Field{Name: n, Kind: row.String})
		b.Cols = append(b.Cols, row.Vec{Kind: row.String, Strs: []string{n}})
	}
	b.Schema = row.NewSchema(fields...)
	return Splicer(b.Schema, changed, dropped, Options{}).Append([]byte("<"), b, 0)
}

func TestSpliceKeepsWhatIsNotTouched(t *testing.T) {
	for _, c := range []struct{ record, changed, dropped, want string }{
		{`{"a":1.50,"z":[ 1, 2 ]}`, "", "", `{"a":1.50,"z":[ 1, 2 ]}`},
		{"  {\"a\":1}\n", "", "", "  {\"a\":1}\n"},
		{"  {\"a\":1}\n", "", "b", "  {\"a\":1}\n"},
		{`{"a":1.50,"z":[ 1, 2 ]}`, "n", "", `{"a":1.50,"z":[ 1, 2 ],"n":"n"}`},
		{`{ "a" : 1.50 , "z" : "\u00e9" }`, "n", "", `{ "a" : 1.50 , "z" : "\u00e9","n":"n" }`},
		{`{"a":1,"b":2,"c":3}`, "a", "", `{"b":2,"c":3,"a":"a"}`},
		{`{"a":1,"b":2,"c":3}`, "b", "", `{"a":1,"c":3,"b":"b"}`},
		{`{"a":1,"b":2,"c":3}`, "c", "", `{"a":1,"b":2,"c":"c"}`},
		{`{"a":1,"b":2,"c":3}`, "c,a", "", `{"b":2,"c":"c","a":"a"}`},
		{`{"a":1,"b":2,"c":3}`, "", "a,c", `{"b":2}`},
		{`{"a":1, "b":2, "c":3}`, "", "b", `{"a":1, "c":3}`},
		{`{"a":1, "b":2, "c":3}`, "", "a,b", `{"c":3}`},
		{`{"a":1}`, "", "a", `{}`},
		{`{"a":1}`, "n", "a", `{"n":"n"}`},
		{`{}`, "n", "", `{"n":"n"}`},
		{`{ }`, "", "n", `{ }`},
		{`{"a":1,"a":2,"b":3,"\u0061":4}`, "a", "", `{"b":3,"a":"a"}`},
		{`{"e":{"r":1,"t":2},"x":0}`, "e.r", "", `{"e":{"t":2},"x":0,"e.r":"e.r"}`},
		{`{"e":{"r":1},"x":0}`, "", "e.r", `{"e":{},"x":0}`},
		{`{"e":{"r":1},"x":0}`, "e", "", `{"x":0,"e":"e"}`},
		{`{"e.r":1,"e":{"r":{"r":2},"s":3},"x":0}`, "e.r", "", `{"e":{"s":3},"x":0,"e.r":"e.r"}`},
		{`{"e":5,"x":0}`, "", "e.r", `{"e":5,"x":0}`},
		{`{"e": { "r":1 , "t": {"u":[{"r":1}]} } ,"x":0}`, "e.t.v", "e.r", `{"e": {"t": {"u":[{"r":1}]} } ,"x":0,"e.t.v":"e.t.v"}`},
	} {
		split := func(s string) []string {
			return slices.DeleteFunc(strings.Split(s, ","), func(n string) bool { return n == "" })
		}
		for range 2 {
			got, err := spliced(c.record, split(c.changed), split(c.dropped))
			if err != nil || string(got) != "<"+c.want {
				t.Errorf("%s, changed %q, dropped %q:\n got %s\nwant <%s\nerror %v", c.record, c.changed, c.dropped, got, c.want, err)
			}
		}
	}
}

func TestSpliceNeedsARecord(t *testing.T) {
	s := fieldsOf(t, "a int")
	e := Splicer(s, nil, nil, Options{})
	if _, err := e.Append(nil, oneRow(t, s, 1), 0); !errors.Is(err, ErrNoValue) {
		t.Errorf("got %v, want ErrNoValue", err)
	}
	for _, doc := range []string{``, `7`, `{`, `{"a":1`, `{"a":1}}`, `{"b":{"a"`, `{"b":` + strings.Repeat(`{"b":`, 100_000)} {
		if got, err := spliced(doc, []string{"a", "b.a", "b.b.b.a"}, nil); err == nil {
			t.Errorf("%.20s became %.20s, want an error", doc, got)
		}
	}
}

// expected is what splicing means, on maps: every member that a cut path can mean goes.
func expected(m map[string]any, cut []string) map[string]any {
	out := map[string]any{}
	for name, v := range m {
		if slices.Contains(cut, name) {
			continue
		}
		var inner []string
		for _, c := range cut {
			if rest, ok := strings.CutPrefix(c, name+"."); ok {
				inner = append(inner, rest)
			}
		}
		if o, ok := v.(map[string]any); ok && inner != nil {
			v = expected(o, inner)
		}
		out[name] = v
	}
	return out
}

func checkSplice(t *testing.T, doc []byte, changed, dropped []string) {
	t.Helper()
	got, err := spliced(string(doc), changed, dropped)
	if !acceptable(doc) {
		if err == nil && len(changed)+len(dropped) > 0 {
			t.Fatalf("%q became %q, want it refused", doc, got)
		}
		return
	}
	if err != nil {
		t.Fatalf("%q: %v", doc, err)
	}
	got = got[1:]
	if !json.Valid(got) {
		t.Fatalf("%q, changed %q, dropped %q: %q is not JSON", doc, changed, dropped, got)
	}
	want := expected(object(doc), slices.Concat(changed, dropped))
	for _, n := range changed {
		want[n] = n
	}
	if diff := cmp.Diff(want, object(got)); diff != "" {
		t.Fatalf("%q, changed %q, dropped %q (-want +got):\n%s", doc, changed, dropped, diff)
	}
	if bytes.Equal(doc, got) != (len(changed) == 0 && cmp.Equal(object(doc), want) && len(got) == len(doc)) {
		t.Fatalf("%q, dropped %q: %q, want the original bytes if and only if nothing changed", doc, dropped, got)
	}
}

func TestSpliceAgreesWithMapsOnGeneratedDocuments(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20_000 {
		var changed, dropped []string
		for _, n := range oracleColumns {
			switch r.IntN(5) {
			case 0:
				changed = append(changed, n)
			case 1:
				dropped = append(dropped, n)
			}
		}
		doc := someObject(r, 3)
		checkSplice(t, doc, changed, dropped)
		checkSplice(t, damaged(r, doc), changed, dropped)
	}
}

func FuzzSplice(f *testing.F) {
	for _, doc := range oddDocuments {
		f.Add([]byte(doc), "a,b.a", "b,a.b.c")
	}
	f.Fuzz(func(t *testing.T, doc []byte, changed, dropped string) {
		names := func(s string) []string {
			var out []string
			for _, n := range strings.Split(s, ",") {
				if n != "" && utf8.ValidString(n) && json.Valid([]byte(`"`+n+`"`)) && !strings.Contains(n, `\`) && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
			return out
		}
		c, d := names(changed), names(dropped)
		if len(c) > 20 || len(d) > 20 {
			return
		}
		checkSplice(t, doc, c, d)
	})
}
