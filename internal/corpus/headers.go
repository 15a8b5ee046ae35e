package corpus

import (
	"slices"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// headers are pipelines whose rows have headers along.
func headers() []Case {
	return []Case{
		{Name: "headers_moved", Spread: true, Build: one(func() df.Frame {
			return cars().Header("from", "concat(car, '@', lap)").GroupBy("gear").ApplyState(distance, "dist float").
				Select("car", "gear", "ts", "dist", "said = upper(_headers.from)").To("out", df.KeyAs("gear", "said"), df.Time("ts"))
		})},
		{Name: "headers_carried", Spread: true, Written: headed, Build: one(func() df.Frame {
			return df.Concat(cars().Where("lap < 2"), cars().Where("lap >= 2")).GroupBy("gear").With("nth = cumcount()").
				AsOf(gps().Select("car", "lat"), df.On("car"), df.Within("10s"), df.Grace("3s")).Select("car", "gear", "ts", "nth", "lat", "of = _headers.of").To("out")
		})},
	}
}

// headed are the records with a header that says of what they are.
func headed(recs []row.Record) ([]row.Record, error) {
	out := slices.Clone(recs)
	for i := range out {
		if i%3 > 0 {
			out[i].Headers = []row.Header{{Key: "of", Value: out[i].Value}}
		}
	}
	return out, nil
}
