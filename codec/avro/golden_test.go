package avro

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// golden is a case that fastavro and the serializer of confluent-kafka wrote; see testdata/golden.py.
type golden struct {
	Name, Schema, Reader string
	ID                   int
	Records              []struct {
		Hex string
		Row map[string]any
	}
}

func (g golden) records(t testing.TB) []row.Record {
	t.Helper()
	var out []row.Record
	for _, r := range g.Records {
		b, err := hex.DecodeString(r.Hex)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row.Record{Value: b, Offset: int64(len(out))})
	}
	return out
}

func (g golden) schemas() codec.Stored {
	return codec.Stored{g.ID: {ID: g.ID, Type: schemaType, Text: g.Schema}}
}

// named is the name of the codec that reads the case.
func (g golden) named() string {
	switch {
	case g.Name == "single":
		return "avro-single(" + g.Schema + ")"
	case g.Reader != "":
		return "avro(" + g.Reader + ")"
	}
	return "avro"
}

func goldens(t testing.TB) []golden {
	t.Helper()
	f, err := os.Open("testdata/golden.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []golden
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var g golden
		if err := exactly(s.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		out = append(out, g)
	}
	return out
}

func parsed(t testing.TB, name string) codec.Codec {
	t.Helper()
	c, err := codec.Formats{Known: []codec.Format{Format()}}.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// flat is what fastavro read with the fields of records as columns by their paths, as far as columns go.
func flat(into, of map[string]any, prefix string, s *row.Schema) map[string]any {
	for k, v := range of {
		path := prefix + k
		if inner, ok := v.(map[string]any); ok && s.Index(path) < 0 {
			flat(into, inner, path+".", s)
			continue
		}
		if s.Index(path) >= 0 {
			into[path] = v
		}
	}
	return into
}

// shown is row i as JSON has it, the absent as null.
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

// exactly reads JSON with all digits of its numbers.
func exactly(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(into)
}

func TestReadsWhatFastavroReads(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			recs := g.records(t)
			c, schema, report, err := codec.Learn(parsed(t, g.named()), recs, g.schemas())
			if err != nil || report.Bad > 0 {
				t.Fatalf("%v, %d bad rows: %s", err, report.Bad, report.First)
			}
			var b row.Batch
			c.Decoder(schema, codec.Options{Schemas: g.schemas()}).Decode(recs, &b)
			for i, r := range g.Records {
				want := map[string]any{}
				for _, n := range schema.Names() {
					want[n] = nil
				}
				flat(want, r.Row, "", schema)
				if got := shown(t, &b, i); !alike(want, got) {
					t.Fatalf("record %d (want fastavro, got ours):\n%s", i, cmp.Diff(want, got))
				}
			}
		})
	}
}

// alike compares what two decoders of JSON gave; a decimal, which fastavro has as text, may be a float.
func alike(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, alike)
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && maps.EqualFunc(x, y, alike)
	case json.Number, string:
		return a == b || alikeNumbers(fmt.Sprint(a), fmt.Sprint(b))
	}
	return a == b
}

// alikeNumbers compares texts of numbers of which one is not whole: 380.0 and 380.
func alikeNumbers(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y && strings.ContainsAny(a+b, ".eE")
}

// TestColumnsDoNotDependOnOneAnother reads each column alone, and in pairs, and expects what it has among all.
func TestColumnsDoNotDependOnOneAnother(t *testing.T) {
	for _, g := range goldens(t) {
		recs := g.records(t)
		c, schema, _, err := codec.Learn(parsed(t, g.named()), recs, g.schemas())
		if err != nil {
			t.Fatal(err)
		}
		var all row.Batch
		c.Decoder(schema, codec.Options{Schemas: g.schemas()}).Decode(recs, &all)
		for i := range schema.Len() {
			some := row.NewSchema(schema.At(i), schema.At((i*7+3)%schema.Len()))
			var b row.Batch
			if bad := c.Decoder(some, codec.Options{Schemas: g.schemas()}).Decode(recs, &b); len(bad) > 0 {
				t.Fatalf("%s: %s: %v", g.Name, some, bad[0].Err)
			}
			for k, f := range some.Fields() {
				for r := range recs {
					if !cmp.Equal(b.Cols[k].Value(r), all.Col(f.Name).Value(r)) {
						t.Fatalf("%s: row %d: %s is %v alone and %v among all", g.Name, r, f.Name, b.Cols[k].Value(r), all.Col(f.Name).Value(r))
					}
				}
			}
		}
	}
}
