package avro

import (
	"fmt"
	"testing"

	"github.com/twmb/avro"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// BenchmarkDecode reads three columns of a record of telemetry, as a plan that needs no more does.
func BenchmarkDecode(b *testing.B) {
	text := `{"type":"record","name":"Car","fields":[{"name":"car","type":"string"},{"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}},
		{"name":"lap","type":"int"},{"name":"speed","type":["null","double"]},{"name":"rpm","type":"int"},{"name":"gear","type":"int"},{"name":"throttle","type":"double"},{"name":"tyre","type":"string"}]}`
	schema := avro.MustParse(text)
	var recs []row.Record
	for i := range 1000 {
		v, err := schema.Encode(map[string]any{"car": fmt.Sprint(i % 20), "ts": 1_700_000_000_000 + int64(i), "lap": i, "speed": float64(i), "rpm": 11000, "gear": 7, "throttle": 0.5, "tyre": "soft"})
		if err != nil {
			b.Fatal(err)
		}
		recs = append(recs, row.Record{Value: v})
	}
	c := parsed(b, "avro-plain("+text+")")
	d := c.Decoder(row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "ts", Kind: row.Time}, row.Field{Name: "speed", Kind: row.Float}), codec.Options{})
	var batch row.Batch
	b.ReportAllocs()
	for b.Loop() {
		if bad := d.Decode(recs, &batch); bad != nil {
			b.Fatal(bad[0].Err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(recs)), "ns/row")
}
