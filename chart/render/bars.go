package render

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/riffle-stream/riffle/chart"
)

// grid is faint lines across, at the ticks of y; that of zero is stronger.
type grid []plot.Tick

// Plot implements [plot.Plotter].
func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	at := places(c, p)
	for _, t := range g {
		y := at(p.X.Min, t.Value).Y
		style := draw.LineStyle{Color: faint, Width: 1}
		if t.Value == 0 {
			style.Color = axis
		}
		c.StrokeLine2(style, c.Min.X, y, c.Max.X, y)
	}
}

// bars stand on zero, those of several series side by side; partial and open ones are outlined.
type bars struct {
	chart.Series
	look  look
	i, of int
	room  float64 // of all bars at one x, in its unit
}

// Plot implements [plot.Plotter].
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	at := places(c, p)
	each := b.room / float64(b.of)
	for i := range b.X {
		if !b.Has(i) {
			continue
		}
		left := b.X[i] - b.room/2 + float64(b.i)*each
		from, to := at(left, 0), at(left+each, b.Y[i])
		box := vg.Rectangle{Min: from, Max: to}.Path()
		if b.Whole(i) {
			c.SetColor(b.look.color)
			c.Fill(box)
			continue
		}
		c.SetLineStyle(draw.LineStyle{Color: b.look.color, Width: 1, Dashes: []vg.Length{3, 2}})
		c.Stroke(box)
	}
}

// dots are points that nothing joins; partial and open ones are hollow.
type dots struct {
	chart.Series
	look look
}

// Plot implements [plot.Plotter].
func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	at := places(c, p)
	mark := d.look.mark
	if mark == nil {
		mark = square
	}
	var whole, other vg.Path
	for i := range d.X {
		switch {
		case !d.Has(i):
		case d.Whole(i):
			mark(&whole, at(d.X[i], d.Y[i]), 1.5)
		default:
			mark(&other, at(d.X[i], d.Y[i]), 1.5)
		}
	}
	c.SetColor(d.look.color)
	c.Fill(whole)
	c.SetLineStyle(draw.LineStyle{Color: d.look.color, Width: .75})
	c.Stroke(other)
}
