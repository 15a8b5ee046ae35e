package render

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Text and lines are grey, so that they can be read on white and on black.
var (
	nothing = color.NRGBA{}
	ink     = color.NRGBA{R: 0x7a, G: 0x7a, B: 0x7a, A: 0xff}
	faint   = color.NRGBA{R: 0x80, G: 0x80, B: 0x80, A: 0x40}
	axis    = color.NRGBA{R: 0x80, G: 0x80, B: 0x80, A: 0xa0}
)

// palette has eight colours that have a contrast of at least 2.7 with white
// and with #111, and differ by at least 28 in CIELAB as seen by people with
// normal sight, without red and without green cones (Machado 2009).
var palette = [...]color.NRGBA{
	{0x00, 0x8c, 0xff, 0xff}, {0xe0, 0x86, 0x00, 0xff}, {0x16, 0xb1, 0x6a, 0xff}, {0xb1, 0x00, 0x9c, 0xff},
	{0xba, 0x07, 0x0f, 0xff}, {0xcb, 0x86, 0xb2, 0xff}, {0x5a, 0x38, 0xf9, 0xff}, {0x48, 0x64, 0x58, 0xff},
}

// look is how a series is told from others: eight colours, then the same with a mark on the line, then with another.
type look struct {
	color color.NRGBA
	mark  outline // nil: none
	width vg.Length
}

func lookOf(i, of int) look {
	l := look{color: palette[i%len(palette)], width: 1.75}
	if of > len(palette) {
		l.width = 1.25
	}
	switch i / len(palette) {
	case 1:
		l.mark = diamond
	case 2:
		l.mark = square
	}
	return l
}

func (l look) line(dashed bool) draw.LineStyle {
	s := draw.LineStyle{Color: l.color, Width: l.width}
	if dashed {
		s.Dashes = []vg.Length{4, 3}
	}
	return s
}

// outline adds a mark of a radius to a path. The marks of a series are one
// path, and have corners, because that is a third of the markup of circles.
type outline func(p *vg.Path, at vg.Point, radius vg.Length)

func square(p *vg.Path, at vg.Point, r vg.Length) {
	corners(p, at, [4]vg.Point{{X: -r, Y: -r}, {X: r, Y: -r}, {X: r, Y: r}, {X: -r, Y: r}})
}

func diamond(p *vg.Path, at vg.Point, r vg.Length) {
	r *= 1.4
	corners(p, at, [4]vg.Point{{X: -r}, {Y: -r}, {X: r}, {Y: r}})
}

func corners(p *vg.Path, at vg.Point, by [4]vg.Point) {
	p.Move(at.Add(by[0]))
	for _, d := range by[1:] {
		p.Line(at.Add(d))
	}
	p.Close()
}

// write is the style of text of a size in CSS pixels.
func write(size vg.Length, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: ink, Font: f, Handler: plot.DefaultTextHandler}
}
