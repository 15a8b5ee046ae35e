package exec

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// BenchmarkMemory is what lies in memory as a whole, in bytes a key: 100,000 keys of eight letters, each with a row. docs/deploy.md has the numbers.
func BenchmarkMemory(b *testing.B) {
	in := dataframe.Topic("in", dataframe.Fields("id int", "k string", "v float"), dataframe.KeyAs("k"))
	other := dataframe.Topic("other", dataframe.Fields("k string", "w float"), dataframe.KeyAs("k"))
	for _, c := range []struct {
		name  string
		frame dataframe.Frame
		topic string // whose rows come
	}{
		{"window, count and sum", in.GroupBy("k").Tumbling("1h").Agg("n = count()", "sum(v)"), "in"},
		{"running, count and sum", in.GroupBy("k").Running().Agg("n = count()", "sum(v)"), "in"},
		{"dedup", in.Dedup("k", dataframe.Within("1h")), "in"},
		{"row that waits in a join", in.AsOf(other, dataframe.On("k"), dataframe.Within("5s"), dataframe.Grace("1s")), "in"},
		{"row of a table", in.Lookup(dataframe.Table("other", dataframe.Fields("k string", "w float"), dataframe.KeyAs("k")), dataframe.On("k")), "other"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(heapOf(b, c.frame.To("out"), c.topic))/100_000, "B/key")
			}
		})
	}
}

// heapOf is what a task without a store keeps of the rows of a topic.
func heapOf(b *testing.B, f dataframe.Frame, topic string) int64 {
	if f.Err() != nil {
		b.Fatal(f.Err())
	}
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{})
	if err != nil {
		b.Fatal(err)
	}
	topo := Cut(p)
	task, err := NewTask(topo, 0, Config{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	before := allocated()
	for from := 0; from < 100_000; from += 2000 {
		var recs []row.Record
		for i := from; i < from+2000; i++ {
			recs = append(recs, row.Record{Topic: topic, Offset: int64(i), Time: 1_700_000_000_000, Key: fmt.Appendf(nil, "k%07d", i), Value: fmt.Appendf(nil, `{"id":%d,"k":"k%07d","v":%d.5,"w":%d.5}`, i, i, i%350, i%350)})
		}
		for i, input := range topo.Subs[0].Inputs {
			if input.Topic == topic {
				if err := task.Process(i, recs); err != nil {
					b.Fatal(err)
				}
			}
		}
		if err := task.Advance(); err != nil {
			b.Fatal(err)
		}
		if _, err := task.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	after := allocated()
	runtime.KeepAlive(task)
	return after - before
}

func allocated() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
