package survey

import (
	"fmt"
	"testing"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Event times here are from an hour before their records; one row in five comes 200 ms after that, the others later.
func TestBeginOfASample(t *testing.T) {
	const from, hour = 1_700_000_000_000, 3_600_000
	topic := file.Topic{Name: "cars", Partitions: 2, Ranges: []file.Range{{From: 0, To: 50}, {From: 7, To: 57}}}
	sample := func(from int64, topic file.Topic) *file.Sample {
		s := &file.Sample{Header: file.Header{From: from, Topics: []file.Topic{topic}}}
		for i := range int64(100) {
			at := int64(1_700_000_000_100) + 50*i
			late := 200 + 300*(i%5)
			s.Records = append(s.Records, row.Record{Topic: "cars", Partition: int32(i % 2), Time: at, Value: fmt.Appendf(nil, `{"ts":%d}`, at-hour-late)})
		}
		return s
	}
	fromStart := topic
	fromStart.Ranges = []file.Range{{To: 50}, {To: 57}}
	byColumn := &plan.Source{Topic: "cars", Format: "json", Time: "ts", TimeUnit: "ms"}
	for name, c := range map[string]struct {
		src    *plan.Source
		sample *file.Sample
		want   int64 // ms; 0: not cut
	}{
		"by Kafka's time": {&plan.Source{Topic: "cars", Format: "json"}, sample(from, topic), from},
		"by a column":     {byColumn, sample(from, topic), from - hour - 200},
		"no cut":          {byColumn, sample(0, topic), 0},
		"nothing before":  {byColumn, sample(from, fromStart), 0},
		"another topic":   {&plan.Source{Topic: "gps", Format: "json"}, sample(from, topic), 0},
	} {
		at, cut := Begin(c.src, c.sample, codec.Formats{})
		if at != c.want*1000 || cut != (c.want != 0) {
			t.Errorf("%s: begins at %d µs, %v; want %d", name, at, cut, c.want*1000)
		}
	}
}
