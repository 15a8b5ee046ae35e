package avro

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/avro"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

var everyKind = row.NewSchema(
	row.Field{Name: "b", Kind: row.Bool}, row.Field{Name: "i", Kind: row.Int}, row.Field{Name: "f", Kind: row.Float},
	row.Field{Name: "s", Kind: row.String}, row.Field{Name: "raw", Kind: row.Bytes}, row.Field{Name: "at", Kind: row.Time},
	row.Field{Name: "took", Kind: row.Duration}, row.Field{Name: "engine.rpm", Kind: row.Int}, row.Field{Name: "engine.oil.bar", Kind: row.Float},
	row.Field{Name: "list", Kind: row.List}, row.Field{Name: "any", Kind: row.Any},
)

// random is a batch of every kind, a third of it null.
func random(rng *rand.Rand, n int) *row.Batch {
	b := &row.Batch{Schema: everyKind}
	for _, f := range everyKind.Fields() {
		v := row.MakeVec(f.Kind, n)
		for i := range n {
			if rng.IntN(3) == 0 {
				v.SetNull(i)
				continue
			}
			if err := v.Set(i, value(rng, f.Kind)); err != nil {
				panic(err)
			}
		}
		b.Cols = append(b.Cols, v)
	}
	return b
}

func value(rng *rand.Rand, k row.Kind) any {
	x := int64(rng.Uint64()) >> rng.IntN(64)
	switch k {
	case row.Bool:
		return x&1 == 1
	case row.Int:
		return x
	case row.Float:
		return math.Float64frombits(rng.Uint64()&^(1<<62)) * float64(rng.IntN(3))
	case row.String:
		return strings.Repeat("ä€x", rng.IntN(3))
	case row.Bytes:
		return bytes.Repeat([]byte{0xff, 0}, rng.IntN(3))
	case row.Time:
		return time.UnixMicro(x >> 8).UTC()
	case row.Duration:
		return time.Duration(x>>12) * time.Microsecond
	case row.List:
		return []any{x, "y", nil}
	}
	return row.Object{{Name: "k", Value: x}}
}

// noted are schemas that a registry was given.
type noted struct {
	codec.Stored
	subject string
}

func (n *noted) Register(subject string, s codec.Schema) (int, error) {
	s.ID = 7
	n.subject, n.Stored = subject, codec.Stored{7: &s}
	return 7, nil
}

func TestDerivedSchemaKeepsRows(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	b := random(rng, 300)
	for _, name := range []string{"avro", "avro-plain", "avro-single"} {
		registry := &noted{}
		o := codec.Options{Schemas: registry, Subject: "car-speed-value"}
		e := parsed(t, name).Encoder(everyKind, o)
		var recs []row.Record
		for i := range 300 {
			v, err := e.Append(nil, b, i)
			if err != nil {
				t.Fatalf("%s: row %d: %v", name, i, err)
			}
			recs = append(recs, row.Record{Value: v})
		}
		text := e.(*encoder).codec.text
		if name == "avro" && (registry.subject != "car-speed-value" || registry.Stored[7].Text != text || !strings.Contains(text, `"name":"car_speed"`)) {
			t.Errorf("registered %q: %v", registry.subject, registry.Stored[7])
		}
		if name != "avro" {
			name += "(" + text + ")"
		}
		c, schema, report, err := codec.Learn(parsed(t, name), recs, registry)
		if err != nil || report.Bad > 0 {
			t.Fatalf("%s: %v %s", name, err, report.First)
		}
		var got row.Batch
		c.Decoder(schema, codec.Options{Schemas: registry}).Decode(recs, &got)
		for i := range 300 {
			for k, f := range everyKind.Fields() {
				want := b.Cols[k].Value(i)
				if f.Kind.Nested() && want != nil {
					want = asJSON(t, want)
				}
				if have := got.Col(f.Name).Value(i); !cmp.Equal(want, have) {
					t.Fatalf("%s: row %d: %s is %v, want %v", name, i, f.Name, have, want)
				}
			}
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := appendJSON(nil, v, codec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := input{b: out}
	return string(in.bytes())
}

// TestDerivedRecordsAreAvro has the library decode what is written without it.
func TestDerivedRecordsAreAvro(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := random(rng, 100)
	e := parsed(t, "avro-plain").Encoder(everyKind, codec.Options{TimeUnit: "ms"})
	schema := avro.MustParse(e.(*encoder).codec.text)
	for i := range 100 {
		v, err := e.Append(nil, b, i)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		rest, err := schema.Decode(v, &got)
		if err != nil || len(rest) > 0 {
			t.Fatalf("row %d: %v, %d bytes left", i, err, len(rest))
		}
		if want := b.Col("s").Value(i); got["s"] != want {
			t.Errorf("row %d: s is %v, want %v", i, got["s"], want)
		}
		if at, ok := got["at"].(time.Time); ok && at.UnixMilli() != row.FloorDiv(b.Col("at").Ints[i], 1000) {
			t.Errorf("row %d: at is %v", i, at)
		}
	}
}

func TestGivenSchemaIsWritten(t *testing.T) {
	given := `{"type":"record","name":"Car","fields":[{"name":"car","type":"string"},{"name":"speed","type":"float"},
		{"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
		{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"laps","type":{"type":"array","items":"int"}},
		{"name":"engine","type":{"type":"record","name":"E","fields":[{"name":"rpm","type":["null","int"]}]}},{"name":"team","type":"string","default":"none"}]}`
	s := row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "speed", Kind: row.Float}, row.Field{Name: "price", Kind: row.Float},
		row.Field{Name: "at", Kind: row.Time}, row.Field{Name: "laps", Kind: row.List}, row.Field{Name: "engine.rpm", Kind: row.Int})
	b := &row.Batch{Schema: s}
	for i, v := range []any{"44", 281.5, -12.25, time.UnixMilli(1700000000123).UTC(), []any{int64(1), int64(2)}, int64(11000)} {
		b.Cols = append(b.Cols, row.MakeVec(s.At(i).Kind, 1))
		if err := b.Cols[i].Set(0, v); err != nil {
			t.Fatal(err)
		}
	}
	c := parsed(t, "avro-plain("+given+")")
	v, err := c.Encoder(s, codec.Options{}).Append(nil, b, 0)
	if err != nil {
		t.Fatal(err)
	}
	schema, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got row.Batch
	if bad := c.Decoder(schema, codec.Options{}).Decode([]row.Record{{Value: v}}, &got); len(bad) > 0 {
		t.Fatal(bad[0].Err)
	}
	for i, n := range s.Names() {
		if want := b.Cols[i].Value(0); !cmp.Equal(want, got.Col(n).Value(0)) {
			t.Errorf("%s is %v, want %v", n, got.Col(n).Value(0), want)
		}
	}
	if team := got.Col("team").Value(0); team != "none" {
		t.Errorf("team is %v, want the default", team)
	}
	lacks := row.NewSchema(row.Field{Name: "color", Kind: row.String})
	if _, err := c.Encoder(lacks, codec.Options{}).Append(nil, b, 0); err == nil || !strings.Contains(err.Error(), "color") {
		t.Errorf("a column that the schema does not have gives %v", err)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	car := `{"type":"record","name":"Car","fields":[{"name":"speed","type":"string"},{"name":"at","type":"long"}]}`
	for _, c := range []struct {
		name, value string
		want        row.Field
		says        string
	}{
		{"avro", `{"speed":1}`, row.Field{Name: "speed", Kind: row.String}, `record has no id of a schema: it begins with "{\"spe"`},
		{"avro", "\x00\x00\x00\x00\x09\x02x\x02", row.Field{Name: "speed", Kind: row.String}, `no such schema: id 9 is not among those stored with the rows, which are [3]`},
		{"avro", "\x00\x00\x00\x00\x03\x02x\x02", row.Field{Name: "speed", Kind: row.Float}, `speed is string "x", want float`},
		{"avro", "\x00\x00\x00\x00\x03\x02x\x02", row.Field{Name: "at", Kind: row.Time}, `at is int 1, want a time; give its unit as in Time("at", "ms")`},
		{"avro", "\x00\x00\x00\x00\x03\x02\xff\x02", row.Field{Name: "speed", Kind: row.String}, `speed: value is not UTF-8`},
		{"avro", "\x00\x00\x00\x00\x03\x02x\x02?", row.Field{Name: "at", Kind: row.Int}, `malformed Avro: 1 bytes are left after the record: it was written with another schema`},
		{"avro", "\x00\x00\x00\x00\x03\x04x", row.Field{Name: "at", Kind: row.Int}, `malformed Avro at byte 1: 2 bytes are wanted, 1 are left`},
		{"avro", "\x00\x00\x00\x00\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", row.Field{Name: "at", Kind: row.Int}, `malformed Avro at byte 0: a number does not end`},
		{"avro-single(" + car + ")", "\x02x\x02", row.Field{Name: "at", Kind: row.Int}, `malformed Avro: it does not begin with c301`},
	} {
		stored := codec.Stored{3: {ID: 3, Type: schemaType, Text: car}}
		var b row.Batch
		bad := parsed(t, c.name).Decoder(row.NewSchema(c.want), codec.Options{Schemas: stored}).Decode([]row.Record{{Value: []byte(c.value)}}, &b)
		if len(bad) != 1 || !strings.HasPrefix(bad[0].Err.Error(), c.says) {
			t.Errorf("%q as %s: %v, want %s", c.value, c.want, bad, c.says)
		}
	}
}

// TestSilentRegistryIsNoBadRow asks again after an answer that did not come.
func TestSilentRegistryIsNoBadRow(t *testing.T) {
	s := &silent{}
	d := parsed(t, "avro").Decoder(row.NewSchema(row.Field{Name: "x", Kind: row.Int}), codec.Options{Schemas: s})
	for range 2 {
		var b row.Batch
		bad := d.Decode([]row.Record{{Value: []byte("\x00\x00\x00\x00\x01\x02")}}, &b)
		if len(bad) != 1 || !errors.Is(bad[0].Err, codec.ErrRegistry) {
			t.Fatalf("got %v, want an error of the registry", bad)
		}
	}
	if s.asked != 2 {
		t.Errorf("the registry was asked %d times, want 2", s.asked)
	}
}

type silent struct {
	codec.Stored
	asked int
}

func (s *silent) Schema(int) (*codec.Schema, error) {
	s.asked++
	return nil, codec.ErrRegistry
}
