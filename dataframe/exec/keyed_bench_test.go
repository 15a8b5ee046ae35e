package exec

import (
	"fmt"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// BenchmarkRunning takes 50,000 rows of 20 keys through expressions over the earlier rows of each.
func BenchmarkRunning(b *testing.B) {
	batches := keyedRows(20)
	for _, e := range []string{"x = prev(speed)", "x = lag(speed, 10)", "x = diff(speed)", "x = cumsum(speed)", "x = cummax(speed)", "x = cumcount(speed > 100)",
		"x = rate(speed)", "x = ewm(speed, '3s')", "x = rank_in(speed, 10)", "x = prev(car)"} {
		b.Run(e[4:], func(b *testing.B) { through(b, keyedOperator[*plan.Running](b, keyed().With(e)), batches) })
	}
	b.Run("where", func(b *testing.B) {
		through(b, keyedOperator[*plan.Running](b, keyed().Where("speed > prev(speed)")), batches)
	})
}

// BenchmarkLookup looks up 50,000 rows of some keys in a table that has all of them.
func BenchmarkLookup(b *testing.B) {
	for _, keys := range []int{20, 20_000} {
		b.Run(fmt.Sprint(keys), func(b *testing.B) {
			table := dataframe.Table("table", dataframe.KeyAs("car"), dataframe.Fields("car string", "name string", "speed float")).Select("car", "name", "top = speed")
			rows := dataframe.Topic("cars", dataframe.KeyAs("car"), dataframe.Fields("car string", "speed float"))
			op := keyedOperator[*plan.Lookup](b, rows.Lookup(table, dataframe.On("car"), dataframe.Grace("0s")))
			batches := keyedRows(keys)
			for _, of := range batches {
				learnt := *of
				learnt.Schema = row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "name", Kind: row.String}, row.Field{Name: "top", Kind: row.Float})
				learnt.Cols = []row.Vec{of.Cols[0], of.Cols[0], of.Cols[1]}
				learnt.Time = make([]int64, of.Len())
				if err := op.process(1, &learnt, nil); err != nil {
					b.Fatal(err)
				}
			}
			through(b, op, batches)
		})
	}
}

func keyed() dataframe.Group {
	return dataframe.Topic("cars", dataframe.KeyAs("car"), dataframe.Fields("car string", "speed float")).GroupBy("car")
}

// keyedOperator is the operator of a frame's step of a kind.
func keyedOperator[T plan.Op](b *testing.B, f dataframe.Frame) processor {
	b.Helper()
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{"cars": {Partitions: 1}, "table": {Partitions: 1}}})
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range p.Steps {
		if _, ok := s.Op.(T); !ok {
			continue
		}
		op, err := (&builder{task: &Task{Counts: newCounts(), cfg: Config{Store: noStore{}}}, stores: map[string]int{}}).operator(s)
		if err != nil {
			b.Fatal(err)
		}
		return op
	}
	b.Fatal("the plan has no such step")
	return nil
}

// keyedRows are 50,000 rows of so many keys in turn, in batches as a task has them.
func keyedRows(keys int) []*row.Batch {
	schema := row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "speed", Kind: row.Float})
	out := fiftyThousand()
	at := int64(0)
	for _, b := range out {
		b.Key = row.MakeVec(row.String, b.Len())
		b.Mark, b.Seq = make([]int64, b.Len()), make([]int64, b.Len())
		for i := range b.Len() {
			b.Key.Strs[i] = fmt.Sprint(at % int64(keys))
			b.Time[i], b.Mark[i], b.Seq[i] = at*1000, at*1000, at
			at++
		}
		b.Schema, b.Cols = schema, []row.Vec{b.Key, b.Cols[0]}
	}
	return out
}
