package avro

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// FuzzDecode reads any bytes by the schemas of the goldens, with all columns: no
// panic, little memory, and a row that decodes writes and decodes again to the same.
func FuzzDecode(f *testing.F) {
	all := goldens(f)
	for which, g := range all {
		for _, r := range g.records(f)[:5] {
			f.Add(byte(which), r.Value[5:])
		}
	}
	f.Add(byte(1), []byte{0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, which byte, value []byte) {
		g := all[int(which)%len(all)]
		name := "avro-plain(" + g.Schema + ")"
		schema, c, err := parsed(t, name).(codec.Described).Columns(nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		d := c.Decoder(schema, codec.Options{})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var b row.Batch
		d.Decode([]row.Record{{Value: value}}, &b)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
			t.Errorf("%d bytes made for a record of %d", used, len(value))
		}
	})
}

// TestBombsAreRefused has records of few bytes that say that they hold much.
func TestBombsAreRefused(t *testing.T) {
	nulls := `{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"null"}}]}`
	deep := `{"type":"record","name":"R","fields":[{"name":"a","type":["null","R"]}]}`
	long := []byte{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0}
	wide := `{"type":"record","name":"R","fields":[{"name":"x","type":` + endless(13) + `}]}`
	nested := make([]byte, 10_000)
	for i := range nested {
		nested[i] = 2
	}
	for _, c := range []struct {
		schema string
		value  []byte
	}{{nulls, long}, {deep, nested}, {wide, nil}, {strings.ReplaceAll(wide, `"x"`, `"a"`), nil}} {
		for _, want := range []row.Field{{Name: "a", Kind: row.Any}, {Name: "other", Kind: row.Int}} { // read, and passed over
			var b row.Batch
			bad := parsed(t, "avro-plain("+c.schema+")").Decoder(row.NewSchema(want), codec.Options{}).Decode([]row.Record{{Value: append([]byte{}, c.value...)}}, &b)
			if len(bad) != 1 {
				t.Errorf("%s: a record of %d bytes was read as %v", c.schema, len(c.value), b.Cols)
			}
		}
	}
}

// endless is a record of ten others, which hold ten of the next, and so on; none has a byte.
func endless(deep int) string {
	if deep == 0 {
		return `{"type":"record","name":"E0","fields":[]}`
	}
	fields := fmt.Sprintf(`{"name":"f0","type":%s}`, endless(deep-1))
	for i := range 9 {
		fields += fmt.Sprintf(`,{"name":"f%d","type":"E%d"}`, i+1, deep-1)
	}
	return fmt.Sprintf(`{"type":"record","name":"E%d","fields":[%s]}`, deep, fields)
}

func TestSchemasWithoutEnd(t *testing.T) {
	c := parsed(t, "avro-plain("+endless(13)+")")
	s, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil || s.Len() > codec.MaxColumns {
		t.Errorf("%d columns, %v", s.Len(), err)
	}
	text := `{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":2000000000,"scale":1999999999}}]}`
	if _, err := codec.Formats.Parse(codec.Formats{Known: []codec.Format{Format()}}, "avro-plain("+text+")"); err == nil {
		t.Error("a decimal of two thousand million digits was taken")
	}
}
