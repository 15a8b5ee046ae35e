package expr

import (
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// rowsPerBatch is the batch at which vector kernels reach their plateau.
const rowsPerBatch = 512

func telemetry(b *testing.B) *row.Batch {
	var speed, rpm, gear, car, mixed, holes []any
	for i := range rowsPerBatch {
		speed, rpm = append(speed, float64(i)), append(rpm, float64(i*7%100))
		gear, car = append(gear, i%8), append(car, []string{"44", "16", "1"}[i%3])
		mixed, holes = append(mixed, float64(i)), append(holes, float64(i))
		if i%5 == 0 {
			holes[i] = nil
		}
	}
	return makeBatch(b, []testColumn{{"speed", row.Float, speed}, {"rpm", row.Float, rpm}, {"gear", row.Int, gear},
		{"car", row.String, car}, {"mixed", row.Any, mixed}, {"holes", row.Float, holes}}, rowsPerBatch)
}

func BenchmarkEval(b *testing.B) {
	batch := telemetry(b)
	for _, src := range []string{
		"speed * 3.6", "speed * rpm + 1", "gear * 2 + 1", "gear * 3.6", "holes * 3.6",
		"speed > 250", "speed > 250 and rpm < 50", "holes > 250 and rpm < 50", "gear in [7, 8]", "car == '44'", "car in ['44', '1']",
		"if(gear > 3, speed, 0)", "holes ?? 0", "sqrt(speed)", "round(speed, 1)", "hash(car)", "haversine(speed, rpm, 45, 9)", "mixed * 3.6",
	} {
		b.Run(src, func(b *testing.B) {
			e, err := Parse(src)
			if err != nil {
				b.Fatal(err)
			}
			p, err := Compile(e, batch.Schema)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				p.Eval(batch)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rowsPerBatch, "ns/row")
		})
	}
}
