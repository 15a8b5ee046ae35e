package display

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// NewColumn writes values as the cells of a column: nil is null, numbers stand
// to the right, floats share their number of decimals and times their
// fraction of a second. Cells round floats to seven digits or so: they are for
// reading.
func NewColumn(name, kind string, values []any) Column {
	c := Column{Name: name, Kind: kind, Cells: make([]string, len(values)), Null: make([]bool, len(values))}
	f := formatOf(values)
	for i, v := range values {
		c.Null[i] = v == nil
		c.Cells[i] = f.cell(v)
	}
	if f.numbers {
		c.Align = Right
	}
	return c
}

// format is what the cells of a column have in common.
type format struct {
	numbers  bool // all values but nulls are numbers or durations
	decimals int  // of floats; -1: each as short as it can be
	fraction int  // digits of a second, of times: 0, 3, 6 or 9
}

const (
	maxDecimals = 6
	digits      = 7 // significant, of a float
)

func formatOf(values []any) format {
	f := format{numbers: true}
	for _, v := range values {
		switch x := v.(type) {
		case nil:
			continue
		case float64:
			f.float(x)
			continue
		case float32:
			f.float(float64(x))
			continue
		case time.Time:
			f.time(x)
		case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, time.Duration:
			continue
		}
		f.numbers = false
	}
	return f
}

// float widens the decimals to those that x needs.
func (f *format) float(x float64) {
	a := math.Abs(x)
	switch {
	case f.decimals < 0 || math.IsNaN(x) || math.IsInf(x, 0) || x == 0:
		return
	case a < 1e-4 || a >= 1e15:
		f.decimals = -1
		return
	}
	whole := max(1, int(math.Floor(math.Log10(a)))+1)
	places := max(0, min(maxDecimals, digits-whole))
	if a < 1 {
		places = maxDecimals
	}
	s := strings.TrimRight(strconv.FormatFloat(a, 'f', places, 64), "0")
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		f.decimals = max(f.decimals, len(s)-dot-1, 1)
	} else {
		f.decimals = max(f.decimals, 1) // a float is seen to be one
	}
}

func (f *format) time(t time.Time) {
	switch ns := t.Nanosecond(); {
	case ns%1_000_000_000 == 0:
	case ns%1_000_000 == 0:
		f.fraction = max(f.fraction, 3)
	case ns%1_000 == 0:
		f.fraction = max(f.fraction, 6)
	default:
		f.fraction = 9
	}
}

func (f format) cell(v any) string {
	switch x := v.(type) {
	case nil:
		return "null"
	case string:
		return x
	case float64:
		return f.number(x)
	case float32:
		return f.number(float64(x))
	case time.Time:
		return stamp(x, f.fraction)
	}
	return Sprint(v)
}

func (f format) number(x float64) string {
	if f.decimals < 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return strconv.FormatFloat(x, 'g', digits, 64)
	}
	return strconv.FormatFloat(x, 'f', max(f.decimals, 1), 64)
}

// stamp is a time for reading; one that is not in UTC says so.
func stamp(t time.Time, fraction int) string {
	layout := "2006-01-02 15:04:05"
	if fraction > 0 {
		layout += "." + strings.Repeat("0", fraction)
	}
	if _, offset := t.Zone(); offset != 0 {
		layout += " -07:00"
	}
	return t.Format(layout)
}
