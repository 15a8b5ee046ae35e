package render

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/riffle-stream/riffle/chart"
)

// legend is a column at the right of the plot: of each series its look, its name and its last value.
type legend struct {
	entries []entry
	left    int // series that are not drawn
	values  vg.Length
	names   vg.Length
}

type entry struct {
	name, value string
	look        look
}

const (
	maxName   = 20 // characters
	maxEntry  = 18 // height, in pixels
	swatch    = 18
	legendGap = 8
)

func newLegend(spec chart.Spec, d chart.Data) legend {
	l := legend{left: d.Left}
	if spec.By == "" && len(d.Series) < 2 {
		return l
	}
	style := write(11, false)
	for i, s := range d.Series {
		e := entry{name: cut(s.Name, maxName), look: lookOf(i, len(d.Series))}
		if spec.Mark == chart.Line {
			e.value = reading(s.Last())
			l.values = max(l.values, 36, style.Width(e.value)) // not less, or the plot would move with each digit
		}
		l.names = max(l.names, style.Width(e.name))
		l.entries = append(l.entries, e)
	}
	return l
}

// width is that of the column in pixels, 0 without entries. Fonts of browsers are up to a sixth wider than the one measured.
func (l legend) width() int {
	if len(l.entries) == 0 {
		return 0
	}
	return int(float64(l.names+l.values)*7/6) + swatch + 3*legendGap
}

func (l legend) draw(c draw.Canvas) {
	if len(l.entries) == 0 {
		return
	}
	lines := len(l.entries)
	if l.left > 0 {
		lines++
	}
	step := min(maxEntry, (c.Max.Y-c.Min.Y)/vg.Length(lines))
	size := min(11, step*.9)
	name, value := write(size, false), write(size, false)
	value.XAlign = draw.XRight
	x := c.Min.X + legendGap
	for i, e := range l.entries {
		mid := c.Max.Y - step*(vg.Length(i)+.5)
		base := mid - size*.35
		c.StrokeLine2(draw.LineStyle{Color: e.look.color, Width: 3}, x, mid, x+swatch-4, mid)
		if e.look.mark != nil {
			var path vg.Path
			e.look.mark(&path, vg.Point{X: x + swatch/2 - 2, Y: mid}, 3.5)
			c.SetColor(e.look.color)
			c.Fill(path)
		}
		c.FillText(name, vg.Point{X: x + swatch, Y: base}, e.name)
		if e.value != "" {
			c.FillText(value, vg.Point{X: c.Max.X, Y: base}, e.value)
		}
	}
	if l.left > 0 {
		y := c.Max.Y - step*(vg.Length(lines)-.5) - size*.35
		c.FillText(name, vg.Point{X: x, Y: y}, fmt.Sprintf("and %d more", l.left))
	}
}
