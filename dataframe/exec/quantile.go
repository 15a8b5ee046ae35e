package exec

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/DataDog/sketches-go/ddsketch"
	"github.com/DataDog/sketches-go/ddsketch/store"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// The sketch of many values: within 1% of a value for any that are less than 17 powers of ten apart.
const (
	sketchError = 0.01
	sketchBins  = 2048
)

// quantile holds values as they are up to [plan.MostKept], and beyond that a
// DDSketch of them (Masson, Rim, Lee 2019), whose bins count the same in
// whatever order values come and sketches merge.
type quantile struct {
	q            float64
	n            int64
	least, most  float64
	below, above int64 // how many are infinite, which no bin tells from the others
	nan          bool
	values       []float64
	sketch       *ddsketch.DDSketch // nil: values has all
}

func (q *quantile) add(v *row.Vec, i int, _ place) { q.put(numberAt(v, i)) }

func (q *quantile) put(x float64) {
	if x != x {
		q.nan = true
		return
	}
	if q.n == 0 {
		q.least, q.most = x, x
	}
	q.n, q.least, q.most = q.n+1, min(q.least, x), max(q.most, x)
	if q.sketch == nil && q.n <= plan.MostKept {
		q.values = append(q.values, x)
		return
	}
	q.approximate()
	q.count(x)
}

// approximate goes over to the sketch.
func (q *quantile) approximate() {
	if q.sketch != nil {
		return
	}
	q.sketch = newSketch()
	for _, x := range q.values {
		q.count(x)
	}
	q.values = nil
}

func newSketch() *ddsketch.DDSketch {
	s, err := ddsketch.LogCollapsingLowestDenseDDSketch(sketchError, sketchBins)
	if err != nil {
		panic(err) // of an error that is not between 0 and 1
	}
	return s
}

// count adds a value to the sketch; one beyond its bins counts as its largest.
func (q *quantile) count(x float64) {
	switch {
	case math.IsInf(x, -1):
		q.below++
		return
	case math.IsInf(x, 1):
		q.above++
		return
	}
	most := q.sketch.MaxIndexableValue()
	// The error is of NaN and of values beyond most.
	_ = q.sketch.Add(min(max(x, -most), most))
}

func (q *quantile) merge(other accumulator) {
	o := other.(*quantile)
	q.nan = q.nan || o.nan
	for _, x := range o.values {
		q.put(x)
	}
	if o.sketch == nil {
		return
	}
	q.approximate()
	if q.n == 0 {
		q.least, q.most = o.least, o.most
	}
	q.n, q.least, q.most = q.n+o.n, min(q.least, o.least), max(q.most, o.most)
	q.below, q.above = q.below+o.below, q.above+o.above
	// The error is of sketches of different errors.
	_ = q.sketch.MergeWith(o.sketch)
}

func (q *quantile) result() any {
	switch {
	case q.nan:
		return math.NaN()
	case q.n == 0:
		return nil
	case q.sketch == nil:
		slices.Sort(q.values)
		return between(q.values, q.q)
	case q.q == 0:
		return q.least
	case q.q == 1:
		return q.most
	}
	return q.estimate()
}

// estimate is the value of the bin at the quantile's place.
func (q *quantile) estimate() any {
	place := q.q * float64(q.n-1)
	switch {
	case place < float64(q.below):
		return math.Inf(-1)
	case place > float64(q.n-1-q.above):
		return math.Inf(1)
	}
	share := (place - float64(q.below)) / max(1, q.sketch.GetCount()-1)
	x, err := q.sketch.GetValueAtQuantile(min(max(share, 0), 1))
	if err != nil {
		return nil // it holds none
	}
	return min(max(x, q.least), q.most)
}

// between is the quantile of sorted values, on the line between two of them as NumPy and pandas compute it.
func between(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	a, b, t := sorted[low], sorted[min(low+1, len(sorted)-1)], at-math.Floor(at)
	switch {
	case a == b || t == 0:
		return a
	case t >= 0.5:
		return b - float64((b-a)*(1-t))
	}
	return a + float64((b-a)*t)
}

func (q *quantile) append(dst []byte) []byte {
	dst = append(dst, flag(q.nan), flag(q.sketch != nil))
	if q.sketch == nil {
		slices.Sort(q.values)
		return appendList(reals(), dst, q.values)
	}
	dst = binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(dst, q.n), q.below), q.above)
	for _, x := range []float64{q.least, q.most, q.sketch.GetZeroCount()} {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
	}
	dst = appendBins(dst, q.sketch.GetPositiveValueStore())
	return appendBins(dst, q.sketch.GetNegativeValueStore())
}

// appendBins writes the bins that count something, from the lowest: the same bytes for the same values.
func appendBins(dst []byte, s store.Store) []byte {
	var bins []byte
	n, last := uint64(0), 0
	s.ForEach(func(index int, count float64) bool {
		bins = binary.AppendVarint(bins, int64(index-last))
		bins = binary.AppendUvarint(bins, uint64(count))
		n, last = n+1, index
		return false
	})
	return append(binary.AppendUvarint(dst, n), bins...)
}

func (q *quantile) read(r *varints) {
	q.nan = r.byte() == 1
	if r.byte() == 0 {
		for _, x := range readList(reals(), r) {
			q.put(x)
		}
		return
	}
	q.sketch, q.n, q.below, q.above = newSketch(), r.varint(), r.varint(), r.varint()
	q.least, q.most = r.float(), r.float()
	if zeros := r.float(); zeros > 0 {
		_ = q.sketch.AddWithCount(0, zeros) // 0 is never refused
	}
	readBins(r, q.sketch.GetPositiveValueStore())
	readBins(r, q.sketch.GetNegativeValueStore())
}

func readBins(r *varints, s store.Store) {
	index := 0
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		index += int(r.varint())
		s.AddWithCount(index, float64(r.uvarint()))
	}
}
