package avro

import (
	"fmt"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// quick compiles a value that goes into a column without being anything else on the way, or gives nil.
func (c *compiler) quick(column int, w, r *node) step {
	switch kind := c.want.At(column).Kind; {
	case w.kind == "boolean" && kind == row.Bool:
		return func(d *decoder) {
			v, at := d.columns.Set(column)
			v.Bools[at] = 0
			if d.in.bool() {
				v.Bools[at] = 1
			}
		}
	case w.kind == "int" || w.kind == "long":
		return c.whole(column, w, r, kind)
	case kind == row.Float && w.kind == "float":
		return func(d *decoder) { v, at := d.columns.Set(column); v.Floats[at] = d.in.float() }
	case kind == row.Float && w.kind == "double":
		return func(d *decoder) { v, at := d.columns.Set(column); v.Floats[at] = d.in.double() }
	case kind == row.String && w.kind == "string" && r.logical != "decimal":
		return c.string(column)
	case kind == row.Bytes && (w.kind == "bytes" || w.kind == "string"):
		return func(d *decoder) { v, at := d.columns.Set(column); v.Strs[at] = text(d.in.bytes()) }
	case kind == row.Bytes && w.kind == "fixed":
		return func(d *decoder) { v, at := d.columns.Set(column); v.Strs[at] = text(d.in.take(w.size)) }
	case kind == row.String && w.kind == "enum":
		return func(d *decoder) { v, at := d.columns.Set(column); v.Strs[at] = d.in.symbol(w, r) }
	}
	return nil
}

func (c *compiler) string(column int) step {
	return func(d *decoder) {
		b := d.in.bytes()
		if !utf8.Valid(b) {
			d.misfit(column, codec.ErrText)
			return
		}
		v, at := d.columns.Set(column)
		v.Strs[at] = text(b)
	}
}

// whole compiles an int or long.
func (c *compiler) whole(column int, w, r *node, kind row.Kind) step {
	read := (*input).long
	if w.kind == "int" {
		read = (*input).int
	}
	switch kind {
	case row.Int:
		return func(d *decoder) { v, at := d.columns.Set(column); v.Ints[at] = read(&d.in) }
	case row.Float:
		return func(d *decoder) { v, at := d.columns.Set(column); v.Floats[at] = float64(read(&d.in)) }
	case row.Time, row.Duration:
		return c.micros(column, r, read)
	}
	return nil
}

// micros compiles a number of a type that has a unit, as a time or a length of time.
func (c *compiler) micros(column int, r *node, read func(*input) int64) step {
	if _, ok := r.micros(0); !ok {
		return nil
	}
	return func(d *decoder) {
		x := read(&d.in)
		us, ok := r.micros(x)
		if !ok {
			d.misfit(column, codec.Misfit(c.want.At(column).Name, fmt.Sprintf("%s %d", r.logical, x), "a time within 64 bits of µs"))
			return
		}
		v, at := d.columns.Set(column)
		v.Ints[at] = us
	}
}
