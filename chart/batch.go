package chart

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// AddBatch adds a point for each row of a batch; open says that all of them
// may still change, partial, which may be nil, which of them are of a part of
// their rows. A null x drops the row, a null y is a gap. The error says
// which column is missing or of the wrong kind, and then nothing is added.
func (r *Ring) AddBatch(b *row.Batch, open bool, partial []bool) error {
	scale, err := r.spec.Check(b.Schema)
	if err != nil {
		return err
	}
	y, x, by := b.Col(r.spec.Y), b.Col(r.spec.X), b.Col(r.spec.By)
	if scale == Category { // of a name there is one point, which is neither at the beginning nor at the end
		if partial = nil; open {
			return nil
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scale, r.unit = scale, ""
	size := 1.0
	if y.Kind == row.Duration {
		r.unit, size = "s", 1e-6
	}
	for i := range b.Len() {
		name := r.spec.Y
		if r.spec.By != "" {
			name = label(by, i)
		}
		at := 0.0
		switch {
		case scale == Category:
			at = r.names.place(label(x, i))
		case r.spec.Mark != Histogram:
			at = value(x, i)
		}
		r.add(name, point{x: at, y: size * value(y, i), open: open, partial: partial != nil && partial[i]})
	}
	return nil
}

// value is row i as a number, times and durations in µs; null is NaN.
func value(v *row.Vec, i int) float64 {
	if v.IsNull(i) {
		return math.NaN()
	}
	switch v.Kind {
	case row.Float:
		return v.Floats[i]
	case row.Int, row.Time, row.Duration:
		return float64(v.Ints[i])
	}
	return math.NaN()
}

// label is row i as the name of a series.
func label(v *row.Vec, i int) string {
	switch x := v.Value(i).(type) {
	case nil:
		return "null"
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case time.Time:
		return x.Format("2006-01-02 15:04:05.999999")
	default:
		return fmt.Sprint(x)
	}
}
