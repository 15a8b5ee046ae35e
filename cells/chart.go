package cells

// Chart is a frame and how it is drawn. It shows itself as the last expression
// of a cell, in Show, and in Live, where it moves.
type Chart struct {
	Frame Frame
	Kind  string // the name of the function that made it, such as "Line"
	X, Y  string // columns; a Histogram has no X
	By    string // a column whose values become one series each, or ""
	Title string
}

// Line draws y over x, a line for each value of the column by, if one is given.
func Line(f Frame, x, y string, by ...string) Chart { return chart("Line", f, x, y, by) }

// Bar draws a bar from zero to y at each x, which may be text, too. If an x comes again, its bar changes. The bars of
// several values of the column by, if one is given, stand side by side.
func Bar(f Frame, x, y string, by ...string) Chart { return chart("Bar", f, x, y, by) }

// Scatter draws a dot for each row, at x and y, in a colour for each value of the column by, if one is given.
func Scatter(f Frame, x, y string, by ...string) Chart { return chart("Scatter", f, x, y, by) }

// Histogram draws how often a column's values fall into ranges, for each value of the column by, if one is given.
func Histogram(f Frame, column string, by ...string) Chart {
	return chart("Histogram", f, "", column, by)
}

func chart(kind string, f Frame, x, y string, by []string) Chart {
	c := Chart{Frame: f, Kind: kind, X: x, Y: y}
	for _, b := range by {
		c.By = b
	}
	return c
}

// Titled is the chart under a title.
func (c Chart) Titled(title string) Chart {
	c.Title = title
	return c
}
