package protobuf

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// golden is a message that Google's library and the serializer of confluent-kafka wrote; see testdata/golden.py.
type golden struct {
	Hex string
	Row map[string]any
}

func goldens(t testing.TB) (all []golden, recs []row.Record) {
	t.Helper()
	s := bufio.NewScanner(bytes.NewReader(file(t, "golden.jsonl")))
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var g golden
		if err := exactly(s.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		b, err := hex.DecodeString(g.Hex)
		if err != nil {
			t.Fatal(err)
		}
		all, recs = append(all, g), append(recs, row.Record{Value: b, Offset: int64(len(recs))})
	}
	return all, recs
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exactly reads JSON with all digits of its numbers.
func exactly(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(into)
}

func parsed(t testing.TB, name string) codec.Codec {
	t.Helper()
	c, err := codec.Formats{Known: []codec.Format{Format()}}.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// headless are the records without what stands before the messages.
func headless(recs []row.Record) []row.Record {
	var out []row.Record
	for _, r := range recs {
		r.Value = r.Value[7:]
		out = append(out, r)
	}
	return out
}

// flat is what the library's JSON says with the fields of messages as columns by their paths.
func flat(into, of map[string]any, prefix string, s *row.Schema) map[string]any {
	for k, v := range of {
		path := prefix + k
		if inner, ok := v.(map[string]any); ok && s.Index(path) < 0 {
			flat(into, inner, path+".", s)
			continue
		}
		into[path] = v
	}
	return into
}

// alike compares a value of the library's JSON with one of ours: whole numbers
// of 64 bits are texts there, durations are seconds, and what is absent is left out.
func alike(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !alike(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, _ := b.(map[string]any)
		for k := range y {
			if !alike(x[k], y[k]) {
				return false
			}
		}
		return len(x) <= len(y)
	case nil:
		return b == nil
	}
	p, q := fmt.Sprint(a), fmt.Sprint(b)
	if t, err := time.Parse(time.RFC3339Nano, p); err == nil {
		u, err := time.Parse(time.RFC3339Nano, q)
		return err == nil && t.Equal(u)
	}
	if d, err := time.ParseDuration(p); err == nil && strings.HasSuffix(p, "s") {
		e, err := time.ParseDuration(q + "ms")
		return err == nil && d == e
	}
	return p == q || strings.ContainsAny(p+q, ".eE") && number(p) == number(q) && number(p) != ""
}

func number(text string) string {
	var f float64
	if json.Unmarshal([]byte(text), &f) != nil {
		return ""
	}
	return fmt.Sprint(f)
}

func TestReadsWhatTheLibraryReads(t *testing.T) {
	all, recs := goldens(t)
	var made codec.Schema
	if err := json.Unmarshal(file(t, "registered.json"), &made); err != nil {
		t.Fatal(err)
	}
	text := string(file(t, "shapes.proto"))
	for _, c := range []struct {
		name   string
		schema codec.Schema
		recs   []row.Record
	}{
		{"protobuf", made, recs},
		{"protobuf", codec.Schema{ID: made.ID, Type: schemaType, Text: text}, recs},
		{"protobuf:race.Shapes(" + text + ")", codec.Schema{ID: made.ID, Type: schemaType, Text: text}, recs},
		{"protobuf-plain:Shapes(" + text + ")", codec.Schema{}, headless(recs)},
		{"protobuf-plain:race.Shapes(" + string(file(t, "shapes.desc")) + ")", codec.Schema{}, headless(recs)},
	} {
		stored := codec.Stored{made.ID: &c.schema}
		frozen, schema, report, err := codec.Learn(parsed(t, c.name), c.recs, stored)
		if err != nil || report.Bad > 0 {
			t.Fatalf("%.30s: %v, %d bad: %s", c.name, err, report.Bad, report.First)
		}
		again := parsed(t, frozen.Name()) // as a program has it, from its text
		var b row.Batch
		again.Decoder(schema, codec.Options{Schemas: stored}).Decode(c.recs, &b)
		for i, g := range all {
			want := map[string]any{}
			for _, n := range schema.Names() {
				want[n] = nil
			}
			flat(want, g.Row, "", schema)
			if got := shown(t, &b, i); !alike(want, got) {
				t.Fatalf("%.30s: record %d (want the library, got ours):\n%s", c.name, i, cmp.Diff(want, got))
			}
		}
	}
}

// shown is row i as JSON has it.
func shown(t *testing.T, b *row.Batch, i int) map[string]any {
	t.Helper()
	text, err := codec.JSON().Encoder(b.Schema, codec.Options{}).Append(nil, b, i)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := exactly(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGivenSchemaIsWritten writes the goldens again, and reads the same.
func TestGivenSchemaIsWritten(t *testing.T) {
	_, recs := goldens(t)
	recs = headless(recs)
	c := parsed(t, "protobuf-plain:Shapes("+string(file(t, "shapes.proto"))+")")
	schema, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b, again row.Batch
	c.Decoder(schema, codec.Options{}).Decode(recs, &b)
	e := c.Encoder(schema, codec.Options{})
	for i := range recs {
		v, err := e.Append(nil, &b, i)
		if err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if bad := c.Decoder(schema, codec.Options{}).Decode([]row.Record{{Value: v}}, &again); len(bad) > 0 {
			t.Fatalf("row %d: %v", i, bad[0].Err)
		}
		if want, got := shown(t, &b, i), shown(t, &again, 0); !cmp.Equal(want, got) {
			t.Fatalf("row %d (want, got):\n%s", i, cmp.Diff(want, got))
		}
	}
}

// TestColumnsDoNotDependOnOneAnother reads each column alone, and expects what it has among all.
func TestColumnsDoNotDependOnOneAnother(t *testing.T) {
	_, recs := goldens(t)
	recs = headless(recs)
	c := parsed(t, "protobuf-plain:Shapes("+string(file(t, "shapes.proto"))+")")
	schema, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all row.Batch
	c.Decoder(schema, codec.Options{}).Decode(recs, &all)
	for i, f := range schema.Fields() {
		var b row.Batch
		c.Decoder(row.NewSchema(f), codec.Options{}).Decode(recs, &b)
		for r := range recs {
			if !cmp.Equal(b.Cols[0].Value(r), all.Cols[i].Value(r)) {
				t.Fatalf("row %d: %s is %v alone and %v among all", r, f.Name, b.Cols[0].Value(r), all.Cols[i].Value(r))
			}
		}
	}
}
