package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Mark is how points are drawn.
type Mark uint8

// The marks.
const (
	Line      Mark = iota // y over x, joined in the order of x
	Bar                   // a bar from zero to y at each x
	Scatter               // a dot at each x and y
	Histogram             // how often values of y fall into each of some ranges; x is not read
)

var markNames = [...]string{"Line", "Bar", "Scatter", "Histogram"}

// String is the name of the mark, such as "Line".
func (m Mark) String() string {
	if int(m) < len(markNames) {
		return markNames[m]
	}
	return fmt.Sprintf("mark(%d)", uint8(m))
}

// MarkNamed is the mark with a name.
func MarkNamed(name string) (Mark, error) {
	if i := slices.Index(markNames[:], name); i >= 0 {
		return Mark(i), nil
	}
	return 0, fmt.Errorf("chart: no kind %q (have %s)", name, strings.Join(markNames[:], ", "))
}

// Spec is a chart over the columns of a table. The zero value of each field after Y is fine.
type Spec struct {
	Mark  Mark
	X     string // time, duration or number; of Bar and Scatter text and truths, too
	Y     string // number or duration
	By    string // a series for each of its values; "": one series
	Title string // "": made of the columns
	Zero  bool   // the y axis of a line or scatter begins at zero, as that of Bar and Histogram does

	Width, Height int // in CSS pixels, 0: 760 x 340
}

// The limits of what is kept and drawn.
const (
	MaxSeries = 24     // drawn; the others are counted
	MaxPoints = 2_000  // drawn of a series
	MaxDrawn  = 8_000  // points drawn of all series
	MaxNames  = 60     // names drawn along x; the others are counted
	MaxKept   = 10_000 // points kept of a series by a Ring
	maxNames  = 1_000  // series kept by a Ring, and names along x
)

// Scale says what x is.
type Scale uint8

// The scales.
const (
	Number   Scale = iota
	Time           // µs since 1970, UTC
	Span           // a duration, in µs
	Category       // a place in the names of the data
)

// Heading is the title, or what the columns say.
func (s Spec) Heading() string {
	if s.Title != "" {
		return s.Title
	}
	h := s.Y
	if s.Mark == Histogram {
		h = "distribution of " + s.Y
	}
	if s.By != "" {
		h += " by " + s.By
	}
	return h
}

// Check finds the columns in a schema and gives the scale of x.
func (s Spec) Check(schema *row.Schema) (Scale, error) {
	if int(s.Mark) >= len(markNames) {
		return Number, fmt.Errorf("chart: %s is not known, want one of %s", s.Mark, strings.Join(markNames[:], ", "))
	}
	y, err := s.column(schema, "y", s.Y)
	if err != nil {
		return Number, err
	}
	if !y.Numeric() && y != row.Duration && y != row.Null {
		return Number, fmt.Errorf("%s: y column %q is %s, want int, float or duration", s.Mark, s.Y, y)
	}
	if s.By != "" {
		by, err := s.column(schema, "series", s.By)
		if err != nil {
			return Number, err
		}
		if by == row.Float {
			return Number, fmt.Errorf("%s: series column %q is float, and each of its values would be a series of its own: want string, int or bool, or a chart for each of %s and %[2]s", s.Mark, s.By, s.Y)
		}
	}
	if s.Mark == Histogram {
		return Number, nil
	}
	x, err := s.column(schema, "x", s.X)
	if err != nil {
		return Number, err
	}
	switch x {
	case row.Time:
		return Time, nil
	case row.Duration:
		return Span, nil
	case row.Int, row.Float, row.Null:
		return Number, nil
	case row.String, row.Bool, row.Any:
		if s.Mark == Bar || s.Mark == Scatter {
			return Category, nil
		}
		return Number, fmt.Errorf("%s: x column %q is %s, want time, duration, int or float, or a Bar", s.Mark, s.X, x)
	}
	return Number, fmt.Errorf("%s: x column %q is %s, want time, duration, int or float", s.Mark, s.X, x)
}

func (s Spec) column(schema *row.Schema, role, name string) (row.Kind, error) {
	k, ok := schema.Kind(name)
	if !ok {
		return row.Null, fmt.Errorf("%s: no %s column %q (have %s%s)", s.Mark, role, name, strings.Join(schema.Names(), ", "), near.Hint(name, schema.Names()))
	}
	return k, nil
}
