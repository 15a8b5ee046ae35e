package render

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/display"
)

// figure is a chart ready to be drawn: points thinned, ranges and ticks found.
type figure struct {
	spec   chart.Spec
	data   chart.Data
	legend legend
	empty  bool
	// partial: some points are of a part of their rows, because their windows began before the sample.
	partial bool
	names   int // along x, of which some may not be drawn

	x, y           [2]float64 // the ranges of the axes
	xTicks, yTicks []plot.Tick
	xLabel, yLabel string
	slant          bool // the labels of x are too long to stand beside each other
}

// Distances in CSS pixels.
const (
	margin      = 12
	titleHeight = 34
	labelHeight = 13 // of the y label, if there is one
	tickWidth   = 90 // of an x tick with its label
	tickHeight  = 45
	lengthOfBar = 0.8 // of the room that a bar has
)

func newFigure(spec chart.Spec, data chart.Data) (*figure, error) {
	if spec.Mark > chart.Histogram {
		return nil, fmt.Errorf("chart: %s cannot be drawn", spec.Mark)
	}
	for _, s := range data.Series {
		if len(s.X) != len(s.Y) || s.Open < 0 || s.Partial < 0 || s.Partial+s.Open > len(s.X) {
			return nil, fmt.Errorf("chart: series %q has %d x, %d y, %d partial and %d open points", s.Name, len(s.X), len(s.Y), s.Partial, s.Open)
		}
	}
	if n := len(data.Series); n > chart.MaxSeries {
		data.Left += n - chart.MaxSeries
		data.Series = data.Series[:chart.MaxSeries]
	}
	f := &figure{spec: spec, data: data.FirstNames(chart.MaxNames), names: len(data.Names), partial: data.Partial() > 0}
	if spec.Mark == chart.Histogram {
		f.data = data.Bins(chart.BinCount(data.Points()))
	}
	f.legend = newLegend(spec, f.data)
	var ok bool
	f.x, f.y, ok = f.data.Bounds()
	f.empty = !ok
	if ok {
		f.ranges()
		f.thin()
	}
	return f, nil
}

// ranges widens the bounds of the data to those of the axes. The y axis ends
// at ticks, so that a chart which is drawn again and again does not tremble.
func (f *figure) ranges() {
	f.xRange()
	if f.spec.Zero || f.spec.Mark == chart.Bar || f.spec.Mark == chart.Histogram {
		f.y[0], f.y[1] = min(0, f.y[0]), max(0, f.y[1])
	}
	if flat(f.y) {
		pad := max(math.Abs(f.y[0])*.05, .5)
		f.y[0], f.y[1] = f.y[0]-pad, f.y[1]+pad
	}
	step := steps(f.y[0], f.y[1], max(2, (f.spec.Height-titleHeight-labelHeight-40)/tickHeight))
	f.y[0], f.y[1] = math.Floor(f.y[0]/step+1e-9)*step, math.Ceil(f.y[1]/step-1e-9)*step
	f.yTicks = numberTicks(f.y[0], f.y[1], step)
	switch {
	case f.spec.Mark == chart.Histogram:
		f.yLabel = "rows"
	case f.spec.Title != "" || f.data.Unit != "": // else the heading says it
		f.yLabel = unit(f.spec.Y, f.data.Unit)
	}
}

// flat says whether a range is too short for floats to divide it.
func flat(r [2]float64) bool {
	return r[1]-r[0] <= max(math.Abs(r[0]), math.Abs(r[1]))*1e-12
}

// farthest is what µs are times or durations; beyond, they are numbers. It is 285 years, as far as a [time.Duration] goes.
const farthest = 9e15

func (f *figure) xRange() {
	if f.data.Scale == chart.Category {
		f.x = [2]float64{-.5, float64(len(f.data.Names)) - .5}
	} else if f.spec.Mark == chart.Bar || f.spec.Mark == chart.Histogram {
		half := f.barRoom() / 2
		f.x[0], f.x[1] = f.x[0]-half, f.x[1]+half
	}
	if flat(f.x) {
		pad := max(math.Abs(f.x[0])*1e-9, .5)
		if f.data.Scale != chart.Number {
			pad = 5_000_000 // 5 s
		}
		f.x[0], f.x[1] = f.x[0]-pad, f.x[1]+pad
	}
	n := max(2, (f.spec.Width-f.legend.width()-60)/tickWidth)
	f.xLabel = f.spec.X
	switch near := max(-f.x[0], f.x[1]) < farthest; {
	case f.data.Scale == chart.Category:
		f.xTicks, f.slant = nameTicks(f.data.Names, (f.spec.Width-f.legend.width()-60)/max(1, len(f.data.Names)))
		if drawn := len(f.data.Names); drawn < f.names {
			f.xLabel += fmt.Sprintf(" · the first %d of %d", drawn, f.names)
		}
	case f.data.Scale == chart.Time && near:
		var shared string
		f.xTicks, shared = timeTicks(f.x[0], f.x[1], n)
		f.xLabel += " · " + shared
	case f.data.Scale == chart.Span && near:
		f.xTicks = spanTicks(f.x[0], f.x[1], n)
	default:
		f.xTicks = numberTicks(f.x[0], f.x[1], steps(f.x[0], f.x[1], n))
	}
	if f.spec.Mark == chart.Histogram {
		f.xLabel = unit(f.spec.Y, f.data.Unit)
	}
	if f.partial {
		f.xLabel += " · " + how(f.spec.Mark) + " windows that began before the sample"
	}
	if slices.ContainsFunc(f.data.Series, func(s chart.Series) bool { return s.Open > 0 }) {
		f.xLabel += " · " + how(f.spec.Mark) + " windows that are still open"
	}
}

// how says what shows that points are not whole.
func how(m chart.Mark) string {
	switch m {
	case chart.Scatter:
		return "hollow:"
	case chart.Histogram:
		return "with"
	}
	return "dashed:"
}

// thin leaves what pixels can show.
func (f *figure) thin() {
	most := min(chart.MaxPoints, chart.MaxDrawn/max(1, len(f.data.Series)))
	if f.spec.Mark == chart.Scatter { // a dot is the markup of several points
		most = min(most, chart.MaxDrawn/2/max(1, len(f.data.Series)))
	}
	series := make([]chart.Series, len(f.data.Series))
	for i, s := range f.data.Series {
		if f.spec.Mark == chart.Scatter {
			series[i] = s.Spread(f.x, f.y, most)
		} else {
			series[i] = s.Thin(f.x[0], f.x[1], most)
		}
	}
	f.data.Series = series
}

// barRoom is the least distance between two x of a series, in their unit.
func (f *figure) barRoom() float64 {
	if f.data.Scale == chart.Category {
		return 1
	}
	room := math.Inf(1)
	for _, s := range f.data.Series {
		for i := 1; i < len(s.X); i++ {
			if d := s.X[i] - s.X[i-1]; d > 0 {
				room = min(room, d)
			}
		}
	}
	switch {
	case !math.IsInf(room, 0):
		return room
	case f.data.Scale == chart.Number:
		return 1
	}
	return 1_000_000
}

func unit(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " (" + unit + ")"
}

// draw puts the title at the top, the legend at the right, and the plot in what is left.
func (f *figure) draw(c draw.Canvas) {
	c.FillText(write(14, true), vg.Point{X: c.Min.X + margin, Y: c.Max.Y - 20}, cut(f.spec.Heading(), f.spec.Width/9))
	if f.empty {
		f.wait(c)
		return
	}
	c.FillText(write(11, false), vg.Point{X: c.Min.X + margin, Y: c.Max.Y - 37}, cut(f.yLabel, f.spec.Width/7))
	head, side := vg.Length(titleHeight), vg.Length(f.legend.width())
	if f.yLabel != "" {
		head += labelHeight
	}
	f.legend.draw(draw.Crop(c, c.Max.X-c.Min.X-side, -margin, 10, -head))
	f.plot().Draw(draw.Crop(c, margin, -max(side+margin, 20), 6, -head))
}

// wait is the picture of no points.
func (f *figure) wait(c draw.Canvas) {
	frame := draw.Crop(c, margin, -margin, margin, -titleHeight)
	c.SetLineStyle(draw.LineStyle{Color: faint, Width: 1})
	c.Stroke(frame.Rectangle.Path())
	s := write(13, false)
	s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
	message := "waiting for rows"
	if len(f.data.Series) > 0 {
		message = "no values to draw yet"
	}
	c.FillText(s, frame.Center(), message)
}

// plot sets up the axes and the marks.
func (f *figure) plot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	f.axis(&p.X, f.x, f.xTicks)
	f.axis(&p.Y, f.y, f.yTicks)
	p.X.LineStyle = draw.LineStyle{Color: axis, Width: 1}
	p.X.Tick.LineStyle, p.X.Tick.Length = p.X.LineStyle, 5
	p.X.Label.Text, p.X.Label.Padding = cut(f.xLabel, f.spec.Width/9), 4
	p.X.Label.TextStyle = write(11, false)
	p.X.Label.TextStyle.XAlign, p.X.Label.TextStyle.YAlign = draw.XCenter, draw.YBottom
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XCenter, draw.YTop
	if f.slant {
		p.X.Tick.Label.Rotation = math.Pi / 4
		p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XRight, draw.YTop
	}
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = draw.XRight, draw.YCenter
	p.Add(grid(f.yTicks))
	for i, s := range f.data.Series {
		p.Add(f.mark(s, i))
	}
	return p
}

func (f *figure) axis(a *plot.Axis, bounds [2]float64, ticks []plot.Tick) {
	a.Min, a.Max = bounds[0], bounds[1]
	a.Tick.Marker = plot.ConstantTicks(ticks)
	a.Tick.Label = write(11, false)
	a.Padding, a.Width, a.Tick.Width = 0, 0, 0
}

func (f *figure) mark(s chart.Series, i int) plot.Plotter {
	l := lookOf(i, len(f.data.Series))
	switch f.spec.Mark {
	case chart.Scatter:
		return dots{s, l}
	case chart.Bar, chart.Histogram:
		return bars{s, l, i, len(f.data.Series), f.barRoom() * lengthOfBar}
	}
	return line{s, l, i}
}

// cut shortens a text to n characters, all of them visible.
func cut(s string, n int) string {
	r := []rune(display.Visible(s))
	if n = max(n, 4); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return string(r)
}
