package codec

import (
	"fmt"
	"math"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Put sets column i of the row being filled to a value as [row.Vec.Value] has
// it, in the ways in which any format's values fit a column: an int is a float,
// a number a time of the plan's unit or a duration in ms, and a text of RFC 3339
// a time. The error is a [Misfit].
func (c *Columns) Put(i int, v any) error {
	switch x := v.(type) {
	case nil:
		c.null(i)
		return nil
	case int64:
		return c.PutInt(i, x)
	case float64:
		return c.PutFloat(i, x)
	case string:
		return c.PutText(i, x)
	}
	if vec := c.set(i); vec.Set(c.at, v) != nil {
		return c.misfit(i, v)
	}
	return nil
}

// PutInt is [Columns.Put] for a whole number.
func (c *Columns) PutInt(i int, x int64) error {
	v, ok := c.set(i), true
	switch v.Kind {
	case row.Int:
		v.Ints[c.at] = x
	case row.Float:
		v.Floats[c.at] = float64(x)
	case row.Time:
		if ok = c.unit != noUnit; ok {
			v.Ints[c.at], ok = c.unit.shift(x)
		}
	case row.Duration:
		v.Ints[c.at], ok = millis.shift(x)
	case row.Any:
		v.Anys[c.at] = x
	default:
		ok = false
	}
	if !ok {
		return c.misfit(i, x)
	}
	return nil
}

// PutFloat is [Columns.Put] for a float.
func (c *Columns) PutFloat(i int, x float64) error {
	v, ok := c.set(i), true
	switch v.Kind {
	case row.Float:
		v.Floats[c.at] = x
	case row.Time:
		if ok = c.unit != noUnit; ok {
			v.Ints[c.at], ok = c.unit.part(x)
		}
	case row.Duration:
		v.Ints[c.at], ok = millis.part(x)
	case row.Any:
		v.Anys[c.at] = x
	default:
		ok = false
	}
	if !ok {
		return c.misfit(i, x)
	}
	return nil
}

// PutText is [Columns.Put] for a text, which has to be UTF-8.
func (c *Columns) PutText(i int, s string) error {
	v, ok := c.set(i), true
	switch v.Kind {
	case row.String:
		v.Strs[c.at] = s
	case row.Time:
		v.Ints[c.at], ok = parseTime(s)
	case row.Any:
		v.Anys[c.at] = string([]byte(s)) // it may point into the record
	default:
		ok = false
	}
	if !ok {
		return c.misfit(i, s)
	}
	return nil
}

// misfit is the error for a value of another kind than its column.
func (c *Columns) misfit(i int, v any) error {
	f := c.schema.At(i)
	want := f.Kind.String()
	if f.Kind == row.Time && c.unit == noUnit && row.KindOf(v).Numeric() {
		want = fmt.Sprintf("a time; give its unit as in Time(%q, \"ms\")", f.Name)
	}
	if d, ok := v.(time.Duration); ok {
		v = d.String()
	}
	return Misfit(f.Name, row.Describe(v), want)
}

// part is a number of the unit that need not be whole in µs; see [places.instant].
func (p places) part(f float64) (us int64, ok bool) {
	if f *= math.Pow(10, float64(p)); !(math.Abs(f) < 1<<63) {
		return 0, false
	}
	if p < 0 {
		return int64(math.Floor(f)), true
	}
	return int64(math.Round(f)), true
}
