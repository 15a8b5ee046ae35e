package exec

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// BenchmarkMemory is what lies in memory as a whole, in bytes a key: 100,000 keys of eight letters, each with a row, or fewer
// whose aggregates hold many values. docs/deploy.md has the numbers.
func BenchmarkMemory(b *testing.B) {
	in := dataframe.Topic("in", dataframe.Fields("id int", "k string", "v float"), dataframe.KeyAs("k"))
	other := dataframe.Topic("other", dataframe.Fields("k string", "w float"), dataframe.KeyAs("k"))
	hourly := func(agg string) dataframe.Frame { return in.GroupBy("k").Tumbling("1h").Agg("x = " + agg) }
	for _, c := range []struct {
		name  string
		frame dataframe.Frame
		topic string // whose rows come
		rows  int    // of each key; 0 is one
	}{
		{"window, count and sum", in.GroupBy("k").Tumbling("1h").Agg("n = count()", "sum(v)"), "in", 0},
		{"running, count and sum", in.GroupBy("k").Running().Agg("n = count()", "sum(v)"), "in", 0},
		{"dedup", in.Dedup("k", dataframe.Within("1h")), "in", 0},
		{"row that waits in a join", in.AsOf(other, dataframe.On("k"), dataframe.Within("5s"), dataframe.Grace("1s")), "in", 0},
		{"row of a table", in.Lookup(dataframe.Table("other", dataframe.Fields("k string", "w float"), dataframe.KeyAs("k")), dataframe.On("k")), "other", 0},
		{"quantile, 1 value", hourly("p95(v)"), "in", 0},
		{"quantile, 1000 values", hourly("p95(v)"), "in", 1000},
		{"quantile, more", hourly("p95(v)"), "in", 2000},
		{"distinct, 1 value", hourly("distinct(id)"), "in", 0},
		{"distinct, 1000 values", hourly("distinct(id)"), "in", 1000},
		{"distinct, more", hourly("distinct(id)"), "in", 2000},
		{"top, 10 values", hourly("top(v, 10)"), "in", 1000},
		{"collect, 1000 numbers", hourly("collect(v)"), "in", 1000},
		{"set, 1000 numbers", hourly("set(id)"), "in", 2000},
		{"mode, 1000 numbers", hourly("mode(id)"), "in", 1000},
		{"histogram, 100 bins", hourly("histogram(v, 100)"), "in", 1000},
		{"session, count and sum", in.GroupBy("k").Session("1h").Agg("n = count()", "sum(v)"), "in", 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			rows := max(c.rows, 1)
			keys := 100_000 / rows
			for b.Loop() {
				b.ReportMetric(float64(heapOf(b, c.frame.To("out"), c.topic, keys, rows))/float64(keys), "B/key")
			}
		})
	}
}

// heapOf is what a task without a store keeps of the rows of a topic: so many of each key, whose values are others, from 1 to 10,000.
// What it keeps to work with it has from rows of other keys before.
func heapOf(b *testing.B, f dataframe.Frame, topic string, keys, rows int) int64 {
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
	const portion = 2000
	offset := int64(0)
	process := func(from int, letter string) {
		var recs []row.Record
		for i := from; i < from+portion; i++ {
			key := fmt.Sprintf("%s%07d", letter, i%keys)
			v := math.Pow(10, 4*float64(i/keys)/float64(rows))
			recs = append(recs, row.Record{Topic: topic, Offset: offset, Time: 1_700_000_000_000, Key: []byte(key), Value: fmt.Appendf(nil, `{"id":%d,"k":%q,"v":%.3f,"w":%d.5}`, i, key, v, i%350)})
			offset++
		}
		run(b, task, topo, topic, recs)
	}
	process(0, "a")
	before := allocated()
	for from := 0; from < keys*rows; from += portion {
		process(from, "k")
	}
	after := allocated()
	runtime.KeepAlive(task)
	return after - before
}

// run has a task take rows of a topic.
func run(b *testing.B, task *Task, topo *Topology, topic string, recs []row.Record) {
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

func allocated() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
