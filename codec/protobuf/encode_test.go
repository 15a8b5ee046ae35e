package protobuf

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

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

func TestDerivedMessageKeepsRows(t *testing.T) {
	s := row.NewSchema(row.Field{Name: "b", Kind: row.Bool}, row.Field{Name: "i", Kind: row.Int}, row.Field{Name: "f", Kind: row.Float},
		row.Field{Name: "s", Kind: row.String}, row.Field{Name: "raw", Kind: row.Bytes}, row.Field{Name: "at", Kind: row.Time},
		row.Field{Name: "took", Kind: row.Duration}, row.Field{Name: "engine.rpm", Kind: row.Int}, row.Field{Name: "engine.oil.bar", Kind: row.Float},
		row.Field{Name: "list", Kind: row.List}, row.Field{Name: "any", Kind: row.Any})
	b := &row.Batch{Schema: s}
	values := []any{true, int64(-1 << 62), 0.1, "ä", []byte{0xff}, time.UnixMicro(-1).UTC(), -1500 * time.Microsecond, int64(9), 1.5, []any{int64(1), nil}, int64(3)}
	zeros := []any{false, int64(0), 0.0, "", []byte{}, time.UnixMicro(0).UTC(), time.Duration(0), int64(0), 0.0, []any{}, "x"}
	for i, v := range values {
		b.Cols = append(b.Cols, row.MakeVec(s.At(i).Kind, 3))
		for k, x := range []any{v, zeros[i], nil} {
			if err := b.Cols[i].Set(k, x); err != nil {
				t.Fatal(err)
			}
		}
	}
	registry := &noted{}
	e := parsed(t, "protobuf").Encoder(s, codec.Options{Schemas: registry, Subject: "car-speed-value"})
	var recs []row.Record
	for i := range 3 {
		v, err := e.Append(nil, b, i)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, row.Record{Value: v})
	}
	if registry.subject != "car-speed-value" || !strings.Contains(registry.Stored[7].Text, "message CarSpeed {") {
		t.Errorf("registered under %q: %s", registry.subject, registry.Stored[7].Text)
	}
	c, schema, report, err := codec.Learn(parsed(t, "protobuf"), recs, registry)
	if err != nil || report.Bad > 0 {
		t.Fatalf("%v %s", err, report.First)
	}
	var got row.Batch
	c.Decoder(schema, codec.Options{Schemas: registry}).Decode(recs, &got)
	for k := range 3 {
		for i, f := range s.Fields() {
			want := b.Cols[i].Value(k)
			if f.Kind.Nested() && want != nil {
				if want, err = jsonText(want, codec.Options{}); err != nil {
					t.Fatal(err)
				}
			}
			if have := got.Col(f.Name).Value(k); !cmp.Equal(want, have) {
				t.Errorf("row %d: %s is %v, want %v", k, f.Name, have, want)
			}
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	text := `syntax = "proto3"; message Car { string car = 1; uint64 n = 2; } message Bus { string bus = 1; }`
	for _, c := range []struct {
		name, value string
		want        row.Field
		says        string
	}{
		{"protobuf(" + text + ")", "{}", row.Field{Name: "car", Kind: row.String}, `record has no id of a schema`},
		{"protobuf(" + text + ")", "\x00\x00\x00\x00\x03\x02\x02\x0a\x01x", row.Field{Name: "car", Kind: row.String}, `record is a Bus, want a Car`},
		{"protobuf(" + text + ")", "\x00\x00\x00\x00\x03\x02\x08", row.Field{Name: "car", Kind: row.String}, `schema 3: description of messages: there is no message [4]`},
		{"protobuf(" + text + ")", "\x00\x00\x00\x00\x09\x00", row.Field{Name: "car", Kind: row.String}, `no such schema: id 9`},
		{"protobuf-plain(" + text + ")", "\x0a\x05x", row.Field{Name: "car", Kind: row.String}, `malformed Protobuf: field 1`},
		{"protobuf-plain(" + text + ")", "\x0a\x01\xff", row.Field{Name: "car", Kind: row.String}, `car: value is not UTF-8`},
		{"protobuf-plain(" + text + ")", "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", row.Field{Name: "n", Kind: row.Int}, `n is int 18446744073709551615 beyond 63 bits, want int`},
		{"protobuf-plain(" + text + ")", "\x0a\x01x", row.Field{Name: "car", Kind: row.Float}, `car is string`},
	} {
		var b row.Batch
		stored := codec.Stored{3: {ID: 3, Type: schemaType, Text: text}}
		bad := parsed(t, c.name).Decoder(row.NewSchema(c.want), codec.Options{Schemas: stored}).Decode([]row.Record{{Value: []byte(c.value)}}, &b)
		if len(bad) != 1 || !strings.HasPrefix(bad[0].Err.Error(), c.says) {
			t.Errorf("%q as %s: %v, want %s", c.value, c.want, bad, c.says)
		}
	}
}

func TestMessagesWithoutEnd(t *testing.T) {
	text := `syntax = "proto3"; message M0 {}`
	for i := range 13 {
		text += fmt.Sprintf(" message M%d {", i+1)
		for k := range 10 {
			text += fmt.Sprintf(" M%d f%d = %d;", i, k, k+1)
		}
		text += " }"
	}
	c := parsed(t, "protobuf-plain:M13("+text+")")
	s, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil || s.Len() > codec.MaxColumns {
		t.Fatalf("%d columns, %v", s.Len(), err)
	}
	var b row.Batch
	if bad := c.Decoder(row.NewSchema(row.Field{Name: "f1", Kind: row.Any}), codec.Options{}).Decode([]row.Record{{Value: []byte{}}}, &b); len(bad) > 0 {
		t.Error(bad[0].Err)
	}
}

func TestKeysThatDoNotFitAreErrors(t *testing.T) {
	s := row.NewSchema(row.Field{Name: "m", Kind: row.Struct})
	for _, kind := range []string{"int32", "uint32", "uint64", "bool"} {
		e := parsed(t, `protobuf-plain(syntax = "proto3"; message Car { map<`+kind+`, string> m = 1; })`).Encoder(s, codec.Options{})
		b := &row.Batch{Schema: s, Cols: []row.Vec{row.MakeVec(row.Struct, 1)}}
		if err := b.Cols[0].Set(0, row.Object{{Name: "-99999999999", Value: "x"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Append(nil, b, 0); err == nil {
			t.Errorf("-99999999999 was written as a %s", kind)
		}
	}
}

// FuzzDecode compares any bytes as they go straight into columns with what dynamicpb reads.
func FuzzDecode(f *testing.F) {
	_, recs := goldens(f)
	for _, r := range headless(recs)[:20] {
		f.Add(r.Value)
	}
	c := parsed(f, "protobuf-plain:Shapes("+string(file(f, "shapes.proto"))+")")
	schema, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	quickly := c.Decoder(schema, codec.Options{}).(*decoder)
	slowly := c.Decoder(schema, codec.Options{}).(*decoder)
	f.Fuzz(func(t *testing.T, value []byte) {
		var b, want row.Batch
		bad := quickly.Decode([]row.Record{{Value: value}}, &b)
		slowly.columns.Start(1)
		slowly.again = true
		_ = slowly.root.reset(slowly)
		err := slowly.dynamic(value)
		if err != nil || len(bad) > 0 {
			if len(bad) == 0 {
				t.Errorf("dynamicpb refuses what was read: %v", err)
			}
			return
		}
		slowly.columns.Keep(0)
		slowly.columns.Finish([]row.Record{{Value: value}}, &want)
		for i, f := range schema.Fields() {
			if x, y := b.Cols[i].Value(0), want.Cols[i].Value(0); !cmp.Equal(x, y, cmp.Comparer(sameFloat)) {
				t.Errorf("%s is %v straight and %v by dynamicpb", f.Name, x, y)
			}
		}
	})
}

func sameFloat(a, b float64) bool { return a == b || a != a && b != b }
