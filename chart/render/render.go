package render

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/display"
)

// The size of a chart that does not say its own, and the greatest, in CSS pixels.
const (
	width, height       = 760, 340
	minWidth, minHeight = 200, 120
	maxWidth, maxHeight = 3000, 2000
)

// Live draws a chart as SVG and text. Without points it says that it waits for rows.
func Live(spec chart.Spec, data chart.Data) (display.Bundle, error) {
	spec = sized(spec)
	fig, err := newFigure(spec, data)
	if err != nil {
		return display.Bundle{}, err
	}
	markup, err := fig.svg()
	if err != nil {
		return display.Bundle{}, fmt.Errorf("chart as SVG: %w", err)
	}
	return display.SVG(markup, words(spec, fig.data)), nil
}

// Final draws a chart as [Live] does, and as PNG with two dots to a CSS pixel.
func Final(spec chart.Spec, data chart.Data) (display.Bundle, error) {
	b, err := Live(spec, data)
	if err != nil {
		return b, err
	}
	spec = sized(spec)
	fig, err := newFigure(spec, data)
	if err != nil {
		return b, err
	}
	picture, err := fig.png()
	if err != nil {
		return b, fmt.Errorf("chart as PNG: %w", err)
	}
	return b.With(display.MIMEPNG, base64.StdEncoding.EncodeToString(picture)).
		WithMeta(display.MIMEPNG, map[string]any{"width": spec.Width, "height": spec.Height}), nil
}

func sized(s chart.Spec) chart.Spec {
	if s.Width <= 0 {
		s.Width = width
	}
	if s.Height <= 0 {
		s.Height = height
	}
	s.Width, s.Height = max(minWidth, min(maxWidth, s.Width)), max(minHeight, min(maxHeight, s.Height))
	return s
}

// svg draws on a canvas whose point is one CSS pixel.
func (f *figure) svg() (string, error) {
	c := vgsvg.New(vg.Length(f.spec.Width), vg.Length(f.spec.Height))
	f.draw(draw.New(c))
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return "", err
	}
	return compact(buf.String(), f.spec)
}

func (f *figure) png() ([]byte, error) {
	// 72 dots an inch would make a point, which is a CSS pixel here, one dot.
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(f.spec.Width), vg.Length(f.spec.Height)),
		vgimg.UseDPI(2*72), vgimg.UseBackgroundColor(nothing))
	f.draw(draw.New(c))
	picture := image.Image(c.Image())
	if m, ok := picture.(*image.RGBA); ok {
		picture = coarse(m)
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, picture); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// coarse has 16 levels of each channel. At the edges of lines on nothing only
// the opacity differs then, which makes the file half the size.
func coarse(m *image.RGBA) *image.NRGBA {
	b := m.Bounds()
	out := image.NewNRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if c := m.RGBAAt(x, y); c.A != 0 {
				n := color.NRGBAModel.Convert(c).(color.NRGBA)
				out.SetNRGBA(x, y, color.NRGBA{level(n.R), level(n.G), level(n.B), level(n.A)})
			}
		}
	}
	return out
}

func level(v uint8) uint8 { return uint8((int(v) + 8) / 17 * 17) }
