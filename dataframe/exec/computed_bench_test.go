package exec

import (
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// BenchmarkFunctions compares a column by an expression with the same by a function, computed and called, over 50,000
// rows in batches as a task has them. "times" is how often the expression's time a function takes, measured in turns, the least of each: the machine may be busy.
func BenchmarkFunctions(b *testing.B) {
	n := newNotebook(b)
	batches := fiftyThousand()
	for _, c := range []struct{ name, expression, function string }{
		{"product", `"x = speed * 3.6"`, `func(v float64) float64 { return v * 3.6 }, "speed"`},
		{"branch", `"x = if(speed > 250, sqrt(speed), speed / 2 + 1)"`, `func(v float64) float64 { if v > 250 { return math.Sqrt(v) }; return v/2 + 1 }, "speed"`},
	} {
		expression := operatorOf(b, stepOf(b, n.run("Show(f.With("+c.expression+"))"), batches[0].Schema))
		step := stepOf(b, n.run("Show(f.Map(\"x\", "+c.function+"))"), batches[0].Schema)
		computed, called := operatorOf(b, step), operatorOf(b, bare(step))
		b.Run(c.name+"/expression", func(b *testing.B) { through(b, expression, batches) })
		b.Run(c.name+"/computed", func(b *testing.B) { through(b, computed, batches) })
		b.Run(c.name+"/called", func(b *testing.B) { through(b, called, batches) })
		b.Run(c.name+"/times", func(b *testing.B) {
			by := [2]time.Duration{time.Hour, time.Hour}
			for b.Loop() {
				for i, op := range []processor{expression, computed} {
					began := time.Now()
					pass50k(b, op, batches)
					by[i] = min(by[i], time.Since(began))
				}
			}
			b.ReportMetric(float64(by[1])/float64(by[0]), "times")
		})
	}
}

// operatorOf is a step's operator.
func operatorOf(b *testing.B, s *plan.Step) processor {
	b.Helper()
	op, err := (&builder{task: &Task{Counts: newCounts()}}).operator(s)
	if err != nil {
		b.Fatal(err)
	}
	return op
}

func through(b *testing.B, op processor, batches []*row.Batch) {
	b.ReportAllocs()
	for b.Loop() {
		pass50k(b, op, batches)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/50_000, "ns/row")
}

// pass50k gives every batch to the operator.
func pass50k(b *testing.B, op processor, batches []*row.Batch) {
	for _, batch := range batches {
		if err := op.process(0, batch, func(*row.Batch) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func fiftyThousand() []*row.Batch {
	schema := row.NewSchema(row.Field{Name: "speed", Kind: row.Float})
	var out []*row.Batch
	for from := 0; from < 50_000; from += batchRows {
		b := &row.Batch{Schema: schema, Cols: []row.Vec{row.MakeVec(row.Float, min(batchRows, 50_000-from))}}
		for i := range b.Cols[0].Floats {
			b.Cols[0].Floats[i] = float64((from+i)%350) + 0.5
		}
		b.Time = make([]int64, b.Cols[0].Len())
		out = append(out, b)
	}
	return out
}
