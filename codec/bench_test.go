package codec

import (
	"encoding/json"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

const telemetry = `{"car":"44","lap":12,"speed":287.4,"rpm":11234,"throttle":0.93,"brake":0,"gear":7,"lat":45.61,"lon":9.28,"ts":1700000000000}`

var telemetrySchema = row.NewSchema(
	row.Field{Name: "car", Kind: row.String}, row.Field{Name: "lap", Kind: row.Int}, row.Field{Name: "speed", Kind: row.Float},
	row.Field{Name: "rpm", Kind: row.Int}, row.Field{Name: "throttle", Kind: row.Float}, row.Field{Name: "brake", Kind: row.Int},
	row.Field{Name: "gear", Kind: row.Int}, row.Field{Name: "lat", Kind: row.Float}, row.Field{Name: "lon", Kind: row.Float}, row.Field{Name: "ts", Kind: row.Time})

var inMillis = Options{TimeUnit: "ms", TimeColumn: "ts"}

func telemetryRecords(n int, value string) []row.Record {
	recs := make([]row.Record, n)
	for i := range recs {
		recs[i].Value = []byte(value)
	}
	return recs
}

func columnsOf(names ...string) *row.Schema {
	var fields []row.Field
	for _, n := range names {
		fields = append(fields, telemetrySchema.At(telemetrySchema.Index(n)))
	}
	return row.NewSchema(fields...)
}

// perRow runs f on batches of 512 records and reports ns a record.
func perRow(b *testing.B, value string, f func(recs []row.Record)) {
	recs := telemetryRecords(512, value)
	b.SetBytes(int64(len(value)))
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; done += len(recs) {
		f(recs[:min(len(recs), b.N-done)])
	}
}

func benchDecode(b *testing.B, value string, want *row.Schema, o Options) {
	d := JSON().Decoder(want, o)
	var batch row.Batch
	perRow(b, value, func(recs []row.Record) {
		if bad := d.Decode(recs, &batch); len(bad) > 0 {
			b.Fatal(bad[0].Err)
		}
	})
}

func BenchmarkDecode10Columns(b *testing.B) { benchDecode(b, telemetry, telemetrySchema, inMillis) }

func BenchmarkDecode2Columns(b *testing.B) {
	benchDecode(b, telemetry, columnsOf("car", "speed"), Options{})
}

func BenchmarkDecode2ColumnsWithSpaces(b *testing.B) {
	benchDecode(b, `{"car": "44", "lap": 12, "speed": 287.4, "rpm": 11234, "throttle": 0.93, "brake": 0, "gear": 7, "lat": 45.61, "lon": 9.28, "ts": 1700000000000}`, columnsOf("car", "speed"), Options{})
}

func BenchmarkDecodeNested(b *testing.B) {
	want := row.NewSchema(row.Field{Name: "engine.rpm", Kind: row.Float}, row.Field{Name: "engine.temp", Kind: row.Float}, row.Field{Name: "car", Kind: row.String})
	benchDecode(b, `{"car":"44","lap":12,"engine":{"rpm":11234,"temp":96.5,"note":"ok"},"ts":"2023-11-14T22:13:20Z"}`, want, Options{})
}

func BenchmarkDecode17Digits(b *testing.B) {
	benchDecode(b, `{"lat":45.618374650192837,"lon":9.2811827364519283}`, columnsOf("lat", "lon"), Options{})
}

type telemetryRow struct {
	Car                             string
	Lap, RPM, Brake, Gear           int64
	Speed, Throttle, Lat, Lon, Time float64
}

func BenchmarkDecodeStandardLibrary10Fields(b *testing.B) {
	perRow(b, telemetry, func(recs []row.Record) {
		for i := range recs {
			var r telemetryRow
			if err := json.Unmarshal(recs[i].Value, &r); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecodeStandardLibrary2Fields(b *testing.B) {
	perRow(b, telemetry, func(recs []row.Record) {
		for i := range recs {
			var r struct {
				Car   string
				Speed float64
			}
			if err := json.Unmarshal(recs[i].Value, &r); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchEncode(b *testing.B, schema *row.Schema, e Encoder, o Options) {
	var batch row.Batch
	JSON().Decoder(schema, o).Decode(telemetryRecords(1, telemetry), &batch)
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = e.Append(dst[:0], &batch, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode4Columns(b *testing.B) {
	s := columnsOf("car", "speed", "gear", "ts")
	benchEncode(b, s, JSON().Encoder(s, inMillis), inMillis)
}

func BenchmarkEncodeStandardLibrary4Fields(b *testing.B) {
	r := struct {
		Car   string  `json:"car"`
		Speed float64 `json:"speed"`
		Gear  int64   `json:"gear"`
		Time  int64   `json:"ts"`
	}{"44", 287.4, 7, 1700000000000}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSpliceOneReplaced(b *testing.B) {
	benchEncode(b, telemetrySchema, Splicer(telemetrySchema, []string{"speed"}, nil, inMillis), inMillis)
}

func BenchmarkSpliceOneAdded(b *testing.B) {
	s := columnsOf("speed").With(row.Field{Name: "kmh", Kind: row.Any})
	benchEncode(b, s, Splicer(s, []string{"kmh"}, nil, Options{}), Options{})
}

func BenchmarkInfer(b *testing.B) {
	perRow(b, telemetry, func(recs []row.Record) { Infer(JSON(), recs) })
}

func BenchmarkDecodeCSV(b *testing.B) {
	want := columnsOf("car", "speed", "gear")
	d := CSV("car", "speed", "gear").Decoder(want, Options{})
	var batch row.Batch
	perRow(b, "44,287.4,7", func(recs []row.Record) {
		if bad := d.Decode(recs, &batch); len(bad) > 0 {
			b.Fatal(bad[0].Err)
		}
	})
}
