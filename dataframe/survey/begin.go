package survey

import (
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Begin is the event time, µs, from which on a sample has all rows of the topic
// that a bound source reads. It is not cut if it has those before as well: it
// was taken from the beginning of the topic.
//
// A sample is cut by Kafka's timestamps, and event times are behind them. The
// rows left out were as prompt as the promptest tenth of the first that are there.
func Begin(src *plan.Source, s *file.Sample, formats codec.Formats) (at int64, cut bool) {
	if s.From == 0 || !startsLater(s, src.Topic) {
		return 0, false
	}
	at = s.From * 1000
	if src.Time == "" {
		return at, true
	}
	format, err := formats.Parse(src.Encoding())
	if err != nil {
		return at, true
	}
	var b row.Batch
	schema := row.NewSchema(row.Field{Name: src.Time, Kind: row.Time})
	format.Decoder(schema, formats.Options(codec.Options{TimeUnit: src.Unit(), TimeColumn: src.Time})).Decode(firsts(s, src.Topic), &b)
	times := eventTimes(&b, 0)
	var behind []int64
	for _, i := range sound(&b, times, src.Ahead()) {
		behind = append(behind, b.Record(i).Time*1000-times[i])
	}
	return at - percentile(behind, 0.1).Microseconds(), true
}

// startsLater says whether a sample leaves out what a topic has first.
func startsLater(s *file.Sample, topic string) bool {
	for _, t := range s.Topics {
		for _, r := range t.Ranges {
			if t.Name == topic && r.From > 0 {
				return true
			}
		}
	}
	return false
}

// firstRows is how many rows of a partition tell how prompt its rows are.
const firstRows = 100

// firsts are the first records of each partition.
func firsts(s *file.Sample, topic string) []row.Record {
	seen := map[int32]int{}
	var out []row.Record
	for _, r := range s.Records {
		if r.Topic == topic && seen[r.Partition] < firstRows {
			seen[r.Partition]++
			out = append(out, r)
		}
	}
	return out
}
