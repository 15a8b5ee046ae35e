package cells

// Chart is a frame and how it is drawn. It shows itself as the last expression
// of a cell, in Show, and in Live, where it moves.
type Chart struct {
	Frame Frame
	Kind  string // "line"
	X, Y  string // columns: a time or number, and a number
	By    string // a column whose values become one series each, or ""
	Title string
}

// Line draws y over x, a line for each value of the column by, if one is given.
func Line(f Frame, x, y string, by ...string) Chart {
	c := Chart{Frame: f, Kind: "line", X: x, Y: y}
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
