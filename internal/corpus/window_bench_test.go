package corpus

import (
	"testing"

	df "github.com/riffle-stream/riffle/dataframe"
)

// BenchmarkWindows runs rows through windows, decoding included.
func BenchmarkWindows(b *testing.B) {
	cars := df.Topic("cars", df.Time("ts")).GroupBy("car")
	aggs := []string{"mean(speed)", "min(speed)", "max(speed)", "n = count()"}
	for name, f := range map[string]df.Frame{
		"tumbling":    cars.Tumbling("10s").Grace("2s").Agg(aggs...),
		"hopping":     cars.Hopping("10s", "1s").Grace("2s").Agg(aggs...),
		"sliding":     cars.Sliding("10s").Grace("2s").Agg(aggs...),
		"session":     cars.Session("10s").Grace("2s").Agg(aggs...),
		"each":        cars.Tumbling("10s").Grace("2s").Emit(df.Each("1s")).Agg(aggs...),
		"p95":         cars.Tumbling("10s").Grace("2s").Agg("p95(speed)"),
		"sliding_p95": cars.Sliding("10s").Grace("2s").Agg("p95(speed)"),
	} {
		b.Run(name, func(b *testing.B) {
			recs := Spread(Generate(1, 20, 600), 1)
			p, err := Bind([]df.Frame{f}, recs, 1)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				d, err := NewDriver(p, 1, recs)
				if err != nil {
					b.Fatal(err)
				}
				if err := d.Feed(recs); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(recs)), "ns/row")
		})
	}
}
