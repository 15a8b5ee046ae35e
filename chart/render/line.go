package render

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/riffle-stream/riffle/chart"
)

// line joins points. It differs from plotter.Line in that it has gaps, dashes
// partial and open points, and rounds to tenths of a pixel, which keeps the markup small.
type line struct {
	chart.Series
	look look
	i    int
}

// Plot implements [plot.Plotter].
func (l line) Plot(c draw.Canvas, p *plot.Plot) {
	at := places(c, p)
	var run []vg.Point
	dashed := false
	for i := range l.X {
		if !l.Has(i) {
			l.stroke(c, run, dashed)
			run = run[:0]
			continue
		}
		dash := !l.Whole(i) || len(run) > 0 && !l.Whole(i-1) // what joins the two
		if len(run) > 0 && dash != dashed {
			l.stroke(c, run, dashed)
			run = run[len(run)-1:]
		}
		run, dashed = append(run, at(l.X[i], l.Y[i])), dash
	}
	l.stroke(c, run, dashed)
	l.marks(c, at)
}

func (l line) stroke(c draw.Canvas, run []vg.Point, dashed bool) {
	if len(run) == 1 && !dashed { // a value between gaps
		c.DrawGlyph(draw.GlyphStyle{Color: l.look.color, Radius: 2.2, Shape: draw.CircleGlyph{}}, run[0])
	}
	if len(run) == 1 && dashed {
		c.DrawGlyph(draw.GlyphStyle{Color: l.look.color, Radius: 2, Shape: draw.RingGlyph{}}, run[0])
	}
	if len(run) < 2 {
		return
	}
	path := make(vg.Path, 0, len(run))
	path.Move(run[0])
	for i := 1; i < len(run); i++ {
		if run[i] != run[i-1] {
			path.Line(run[i])
		}
	}
	c.SetLineStyle(l.look.line(dashed))
	c.Stroke(path)
}

const markDistance = 70 // pixels between the marks of a line

// marks puts those of the look along the line, not all series' at the same places.
func (l line) marks(c draw.Canvas, at func(x, y float64) vg.Point) {
	if l.look.mark == nil {
		return
	}
	var path vg.Path
	next := c.Min.X + vg.Length(l.i*11%markDistance)
	for i := range l.X {
		if pt := at(l.X[i], l.Y[i]); l.Has(i) && pt.X >= next {
			l.look.mark(&path, pt, 2.5)
			next = pt.X + markDistance
		}
	}
	c.SetColor(l.look.color)
	c.Fill(path)
}

// places maps a point of the data to the canvas, in tenths of a pixel.
func places(c draw.Canvas, p *plot.Plot) func(x, y float64) vg.Point {
	kx := float64(c.Max.X-c.Min.X) / (p.X.Max - p.X.Min)
	ky := float64(c.Max.Y-c.Min.Y) / (p.Y.Max - p.Y.Min)
	return func(x, y float64) vg.Point {
		return vg.Point{X: tenth(float64(c.Min.X) + (x-p.X.Min)*kx), Y: tenth(float64(c.Min.Y) + (y-p.Y.Min)*ky)}
	}
}

func tenth(v float64) vg.Length { return vg.Length(math.Round(v*10) / 10) }
