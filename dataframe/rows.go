package dataframe

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// FlatMap calls a Go function for each row, which gives back the rows that take
// its place: none, or several, each made of the given one by [row.Row.With]. The
// columns that it sets are declared after it: FlatMap(fn, "part string").
func (f Frame) FlatMap(fn func(Row) []Row, sets ...string) Frame {
	fields, bad, err := parseFields(sets)
	if err != nil {
		return f.fail("FlatMap", bad, err)
	}
	if fn == nil {
		return f.fail("FlatMap", "", fmt.Errorf("has no function"))
	}
	return f.then(&plan.FlatMap{Func: fn, Adds: fields})
}

// Do calls a Go function for each row, for what it does outside, such as
// printing. The row goes on as it is. After a failure rows run again, so what it
// does may be done twice.
func (f Frame) Do(fn func(Row)) Frame {
	if fn == nil {
		return f.fail("Do", "", fmt.Errorf("has no function"))
	}
	return f.then(&plan.Do{Func: fn})
}

// MapBatch adds a column by a Go function of whole slices, which costs less than
// one of values: MapBatch("power", func(torque, rpm, out []float64) {...},
// "torque", "rpm"). The last slice is for the results. How many rows come together
// is not determined, so out[i] may depend on the values at i alone. Rows with a
// null argument get a null and are not in the slices.
func (f Frame) MapBatch(name string, fn any, columns ...string) Frame {
	if _, err := plan.Slices(fn); err != nil {
		return f.fail("MapBatch", name, err)
	}
	return f.then(&plan.MapBatch{Name: name, Func: fn, Args: columns})
}
