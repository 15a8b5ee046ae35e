package avro

import (
	"runtime"
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
	nested := make([]byte, 10_000)
	for i := range nested {
		nested[i] = 2
	}
	for _, c := range []struct {
		schema string
		value  []byte
	}{{nulls, long}, {deep, nested}} {
		for _, want := range []row.Field{{Name: "a", Kind: row.Any}, {Name: "other", Kind: row.Int}} { // read, and passed over
			var b row.Batch
			bad := parsed(t, "avro-plain("+c.schema+")").Decoder(row.NewSchema(want), codec.Options{}).Decode([]row.Record{{Value: c.value}}, &b)
			if len(bad) != 1 {
				t.Errorf("%s: a record of %d bytes was read as %v", c.schema, len(c.value), b.Cols)
			}
		}
	}
}
