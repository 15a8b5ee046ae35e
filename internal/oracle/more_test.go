package oracle_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/oracle"
)

// resting tests windows of rows that moved when some partitions rest: those that do not say how far time came.
func resting(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		tr.n, tr.all = pick(tr.rnd, 3, 8), false
		l, recs := tr.log("left")
		awake := l[tr.rnd.IntN(len(l))].Partition // one that holds records: else silence would be the end
		for p := range tr.n {
			if p != awake && tr.rnd.IntN(2) == 0 {
				tr.rests = append(tr.rests, p)
			}
		}
		w := oracle.Windows{By: key, Kind: kinds[tr.rnd.IntN(4)], Size: tr.any(1e6, 7e6), Grace: tr.any(0, 1e6, 10e6), Every: 1e6, Emit: pick(tr.rnd, "final", "final", "current", "each")}
		w.Hop = w.Size
		tr.note = fmt.Sprintf("%+v, resting %v", w, tr.rests)
		f := tr.cut(tr.topic("left"), w).Fold("fd", digits, "num").Agg(oracle.Aggregates...).With("at = _ts")
		return f, recs, inUnit(w.Rows(l.Resting(tr.rests...), tr.n, false), tr.shape.Unit, "window_start", "window_end", "t", "at")
	}
}

func pick[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

func TestPartitionsThatRestHoldUpNothing(t *testing.T) { each(t, resting(oracle.ByGear)) }

// TestSketchesAreWithinTheirBounds has windows of more values than are kept: quantiles are within 1% of a value that is
// right, and what is counted within 5%, which the documentation says of 2% mostly; neither depends on cuts and restarts.
func TestSketchesAreWithinTheirBounds(t *testing.T) {
	first := *seed
	if first == 0 {
		first = rand.Uint64()
	}
	for i := range max(1, *cases/50) {
		rnd := rand.New(rand.NewPCG(first+i, 7))
		tr := &trial{rnd: rnd, shape: oracle.Shape{Unit: 1000}, n: 3, all: true}
		values := map[string][]float64{}
		var recs []row.Record
		for k := range 1500 + rnd.IntN(3000) {
			car, x := strconv.Itoa(rnd.IntN(2)), math.Exp(rnd.NormFloat64()*float64(1+i%4))
			if rnd.IntN(3) == 0 {
				x = -x
			}
			values[car] = append(values[car], x)
			recs = append(recs, row.Record{Topic: "left", Partition: int32(oracle.Partition(car, 3)), Offset: int64(k), Key: []byte(car), Value: fmt.Appendf(nil, `{"car":%q,"speed":%g,"ts":%d}`, car, x, k)})
		}
		got, err := tr.drive(tr.topic("left").GroupBy("car").Tumbling("1h").Grace("0s").Agg("lo = quantile(speed, 0.01)", "md = median(speed)", "p9 = p90(speed)", "hi = p99(speed)", "least = quantile(speed, 0)", "n = distinct(speed)"), recs)
		if err != nil || len(got) != 2 {
			t.Fatalf("seed %d: %d rows, %v", first+i, len(got), err)
		}
		for _, r := range got {
			cols, err := decode(r.Value)
			if err != nil {
				t.Fatal(err)
			}
			all := values[string(r.Key)]
			slices.Sort(all)
			for name, q := range map[string]float64{"lo": 0.01, "md": 0.5, "p9": 0.9, "hi": 0.99, "least": 0} {
				at := q * float64(len(all)-1)
				low, high := all[int(math.Floor(at))], all[int(math.Ceil(at))]
				x, err := strconv.ParseFloat(fmt.Sprint(cols[name]), 64)
				if err != nil || x < low-0.0101*math.Abs(low) || x > high+0.0101*math.Abs(high) {
					t.Errorf("seed %d: %s of %d values is %v, want from %g to %g", first+i, name, len(all), cols[name], low, high)
				}
			}
			if n := float64(cols["n"].(int64)); math.Abs(n-float64(len(all))) > 0.05*float64(len(all)) {
				t.Errorf("seed %d: %v different of %d", first+i, n, len(all))
			}
		}
	}
}
