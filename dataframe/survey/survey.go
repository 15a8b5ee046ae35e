// Package survey learns the facts of a topic from a sample of its records.
//
// [Topic] takes them all in one pass over what a sample holds: the kinds of
// the columns, the unit of the time column, the key, and how rows come late.
package survey

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Topic gives the facts of the topic that src reads, from sampled records of
// it in the order of their offsets, and what was seen column by column. Formats
// beside JSON, CSV and raw, and the schemas of records, come last if they are needed.
func Topic(src *plan.Source, recs []row.Record, partitions int, with ...codec.Formats) (plan.TopicFacts, codec.Report, error) {
	all := recs
	if src.Table { // those that delete teach nothing of columns
		recs = slices.DeleteFunc(slices.Clone(recs), func(r row.Record) bool { return r.Value == nil })
	}
	formats := codec.Formats{}
	for _, f := range with {
		formats = f
	}
	o := formats.Options(codec.Options{})
	given, err := formats.Parse(src.Format)
	if err != nil {
		return plan.TopicFacts{}, codec.Report{}, err
	}
	format, schema, report, err := codec.Learn(given, recs, o.Schemas)
	if err != nil {
		return plan.TopicFacts{}, codec.Report{}, fmt.Errorf("topic %s: %w", src.Topic, err)
	}
	facts := plan.TopicFacts{Partitions: partitions}
	if format.Name() != given.Name() {
		facts.Format = format.Name()
	}
	for _, f := range schema.Fields() {
		facts.Fields = append(facts.Fields, plan.Field(f))
	}
	schema = schema.With(src.Declared...)
	facts.TimeUnit = timeUnit(src, format, schema, recs, o)
	if src.Time != "" && schema.Index(src.Time) >= 0 {
		schema = schema.With(row.Field{Name: src.Time, Kind: row.Time})
	}
	var b row.Batch
	unit := src.TimeUnit
	if unit == "" {
		unit = facts.TimeUnit
	}
	schema = needed(schema, src.Time)
	o.TimeUnit, o.TimeColumn = unit, src.Time
	format.Decoder(schema, o).Decode(recs, &b)
	facts.KeyedBy = keyedBy(&b, partitions)
	if facts.KeyedBy == nil && src.Table && len(all) > 0 && placed(all, partitions) {
		facts.KeyedBy = []string{plan.ByKey}
	}
	times := eventTimes(&b, schema.Index(src.Time))
	facts.Ahead = plan.Duration(ahead(&b, times))
	rows := sound(&b, times, plan.Ahead+time.Duration(facts.Ahead))
	facts.Disorder = plan.Duration(disorder(&b, times, rows))
	facts.Gap = plan.Duration(gap(&b, times, rows))
	return facts, report, nil
}

// needed are the columns that the facts look at: the time, and what may be the key.
func needed(s *row.Schema, time string) *row.Schema {
	var out []row.Field
	for _, f := range s.Fields() {
		if f.Name == time || mayKey(f) {
			out = append(out, f)
		}
	}
	return row.NewSchema(out...)
}

func mayKey(f row.Field) bool { return f.Kind == row.String || f.Kind == row.Int }

// unitRows bounds how many records, evenly spread, are read for the unit of the time.
const unitRows = 2000

// timeUnit guesses the unit of a numeric time column by the size of its
// numbers: until the year 5138, seconds are below 1e11, ms below 1e14, µs below 1e17.
func timeUnit(src *plan.Source, format codec.Codec, schema *row.Schema, recs []row.Record, o codec.Options) string {
	kind, ok := schema.Kind(src.Time)
	if !ok || !kind.Numeric() {
		return ""
	}
	var few []row.Record
	for i := 0; i < len(recs); i += len(recs)/unitRows + 1 {
		few = append(few, recs[i])
	}
	var b row.Batch
	format.Decoder(row.NewSchema(row.Field{Name: src.Time, Kind: row.Float}), o).Decode(few, &b)
	var seen []float64
	for i := range len(b.Origin) {
		if !b.Cols[0].IsNull(i) {
			seen = append(seen, b.Cols[0].Floats[i])
		}
	}
	if len(seen) == 0 {
		return ""
	}
	slices.Sort(seen)
	switch mid := seen[len(seen)/2]; {
	case mid < 1e11:
		return "s"
	case mid < 1e14:
		return "ms"
	case mid < 1e17:
		return "us"
	}
	return "ns"
}

// keyedBy is the first column whose text is the key of every row, if every row
// lies in the partition that its key asks for.
func keyedBy(b *row.Batch, partitions int) []string {
	n := len(b.Origin)
	for i := range n {
		if !placed([]row.Record{*b.Record(i)}, partitions) {
			return nil
		}
	}
	for c, f := range b.Schema.Fields() {
		if n > 0 && mayKey(f) && isKey(b, c) {
			return []string{f.Name}
		}
	}
	return nil
}

// placed says whether records lie where their keys ask for.
func placed(recs []row.Record, partitions int) bool {
	for i := range recs {
		if recs[i].Key == nil || exec.PartitionOf(recs[i].Key, partitions) != recs[i].Partition {
			return false
		}
	}
	return true
}

func isKey(b *row.Batch, col int) bool {
	for i := range len(b.Origin) {
		if b.Cols[col].IsNull(i) || !bytes.Equal(exec.KeyText(&b.Cols[col], i), b.Record(i).Key) {
			return false
		}
	}
	return true
}

// eventTimes are the rows' event times in µs.
func eventTimes(b *row.Batch, col int) []int64 {
	out := make([]int64, len(b.Origin))
	for i := range out {
		out[i] = b.Record(i).Time * 1000
		if col >= 0 && !b.Cols[col].IsNull(i) {
			out[i] = b.Cols[col].Ints[i]
		}
	}
	return out
}

// ahead is how far event times are ahead of their records' own timestamps in
// nine of ten rows, in whole days, if that is more than a wrong clock may be. So a
// few wrong clocks teach nothing, and a column of future times is taken as it is.
func ahead(b *row.Batch, times []int64) time.Duration {
	var by []int64
	for i, t := range times {
		if kafka := b.Record(i).Time; kafka > 0 {
			by = append(by, max(0, t-kafka*1000))
		}
	}
	most := percentile(by, 0.9)
	if most <= plan.Ahead {
		return 0
	}
	const day = 24 * time.Hour
	return (most + day - 1) / day * day
}

// sound are the rows whose event times are not too far ahead of their records.
func sound(b *row.Batch, times []int64, most time.Duration) []int {
	var out []int
	for i, t := range times {
		if kafka := b.Record(i).Time; kafka <= 0 || t-kafka*1000 <= most.Microseconds() {
			out = append(out, i)
		}
	}
	return out
}

// disorder is how far rows lie behind the latest event time before them in
// their partition: the 99.9th percentile over all rows.
func disorder(b *row.Batch, times []int64, rows []int) time.Duration {
	latest := map[int32]int64{}
	behind := make([]int64, 0, len(rows))
	for _, i := range rows {
		p, t := b.Record(i).Partition, times[i]
		if far, seen := latest[p]; seen && far > t {
			behind = append(behind, apart(t, far))
			continue
		}
		latest[p] = t
		behind = append(behind, 0)
	}
	return percentile(behind, 0.999)
}

// apart is the time from a to b, which is not before it; the difference of two
// times may not fit.
func apart(a, b int64) int64 {
	if d := b - a; d >= 0 {
		return d
	}
	return math.MaxInt64
}

// gap is the median time between a row and the one before it with the same key.
func gap(b *row.Batch, times []int64, rows []int) time.Duration {
	last := map[string]int64{}
	var gaps []int64
	for _, i := range rows {
		k, t := string(b.Record(i).Key), times[i]
		if before, seen := last[k]; seen && t >= before {
			gaps = append(gaps, apart(before, t))
		}
		last[k] = t
	}
	return percentile(gaps, 0.5)
}

// longest is the longest time that is told apart from longer ones: a hundred
// years, in µs. One wrong time in a sample gives any difference.
const longest = 100 * 365 * 24 * 3600 * 1_000_000

func percentile(us []int64, q float64) time.Duration {
	if len(us) == 0 {
		return 0
	}
	slices.Sort(us)
	at := min(int(q*float64(len(us))), len(us)-1)
	return time.Duration(min(us[at], longest)) * time.Microsecond
}
