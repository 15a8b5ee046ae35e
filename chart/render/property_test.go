package render

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/display"
)

func live(t *testing.T, spec chart.Spec, data chart.Data) string {
	t.Helper()
	b, err := Live(spec, data)
	if err != nil {
		t.Fatal(err)
	}
	return b.Data[display.MIMESVG].(string)
}

func TestBundleForms(t *testing.T) {
	for _, p := range pictures() {
		l, err := Live(p.spec, p.data)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Data) != 2 || l.Plain() == "" || l.Data[display.MIMESVG] == "" {
			t.Errorf("%s: live forms %v, want SVG and text", p.name, keys(l.Data))
		}
	}
	f, err := Final(chart.Spec{Y: "y", Width: 300, Height: 200}, race(1, 5))
	if err != nil {
		t.Fatal(err)
	}
	data, err := base64.StdEncoding.DecodeString(f.Data[display.MIMEPNG].(string))
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if size := m.Bounds().Size(); size.X != 600 || size.Y != 400 || len(f.Data) != 3 {
		t.Errorf("PNG of %v, forms %v", size, keys(f.Data))
	}
	if _, _, _, a := m.At(1, 399).RGBA(); a != 0 {
		t.Error("the corner of the PNG is not clear")
	}
}

func keys(m map[string]any) (names []string) {
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// TestMarkupIsSafe reads each SVG as XML and lets only what draws pass.
func TestMarkupIsSafe(t *testing.T) {
	for _, p := range pictures() {
		t.Run(p.name, func(t *testing.T) {
			d := xml.NewDecoder(strings.NewReader(live(t, p.spec, p.data)))
			for {
				token, err := d.Token()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				e, ok := token.(xml.StartElement)
				if !ok {
					continue
				}
				if !slices.Contains([]string{"svg", "title", "g", "path", "text"}, e.Name.Local) {
					t.Errorf("element %s", e.Name.Local)
				}
				for _, a := range e.Attr {
					if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") || strings.Contains(a.Value, "url(") {
						t.Errorf("attribute %s=%q", a.Name.Local, a.Value)
					}
				}
			}
		})
	}
}

func TestSameDataSameBytes(t *testing.T) {
	for _, p := range pictures() {
		first := live(t, p.spec, p.data)
		for range 3 {
			if live(t, p.spec, p.data) != first {
				t.Fatalf("%s: drawn twice, and different", p.name)
			}
		}
	}
}

func TestManyDrawAtOnce(t *testing.T) {
	spec, data := chart.Spec{X: "t", Y: "v", By: "car"}, race(5, 50)
	want := live(t, spec, data)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if b, err := Live(spec, data); err != nil || b.Data[display.MIMESVG] != want {
				t.Errorf("drawn beside others: different, error %v", err)
			}
		})
	}
	all.Wait()
}

func TestMarkupIsSmall(t *testing.T) {
	if n := len(live(t, chart.Spec{X: "t", Y: "v", By: "car"}, race(20, 200))); n > 60_000 {
		t.Errorf("20 series of 200 points take %d bytes, want 60,000 at most", n)
	}
	if n := len(live(t, chart.Spec{X: "t", Y: "v", By: "car"}, race(24, 10_000))); n > 120_000 {
		t.Errorf("24 series of 10,000 points take %d bytes, want 120,000 at most", n)
	}
}

func TestOpenPointsAreDashed(t *testing.T) {
	data := race(1, 20)
	spec := chart.Spec{X: "t", Y: "v"}
	if strings.Contains(live(t, spec, data), "dasharray") {
		t.Error("closed points are dashed")
	}
	data.Series[0].Open = 5
	if n := strings.Count(live(t, spec, data), "dasharray"); n != 1 {
		t.Errorf("%d dashed paths, want 1", n)
	}
}

var colored = regexp.MustCompile(`<path d="([^"]*)" style="fill:none;stroke:#008CFF`)

func TestGapsCutTheLine(t *testing.T) {
	data := race(1, 30)
	spec := chart.Spec{X: "t", Y: "v"}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		data.Series[0].Y[10] = bad
		data.Series[0].Y[20] = bad
		if n := len(colored.FindAllString(live(t, spec, data), -1)); n != 3 {
			t.Errorf("%v twice: %d pieces of line, want 3", bad, n)
		}
	}
}

// TestLegendIsBesideTheData adds up the points of every line, and compares with where the legend begins.
func TestLegendIsBesideTheData(t *testing.T) {
	for _, cars := range []int{2, 20, 24} {
		markup := live(t, chart.Spec{X: "t", Y: "v", By: "car"}, race(cars, 100))
		most, legendAt := 0.0, math.Inf(1)
		for _, m := range regexp.MustCompile(`<path d="m([^"z]*)" style="fill:none;stroke:#[0-9A-F]{6};stroke-width:([0-9.]+)`).FindAllStringSubmatch(markup, -1) {
			x, first := 0.0, 0.0
			for i, step := range strings.Split(m[1], "l") {
				v, err := strconv.ParseFloat(regexp.MustCompile(`^-?[0-9.]+`).FindString(step), 64)
				if err != nil {
					t.Fatal(err)
				}
				if x += v; i == 0 {
					first = v
				}
				if m[2] != "3" {
					most = max(most, x)
				}
			}
			if m[2] == "3" { // the swatch of a legend
				legendAt = min(legendAt, first)
			}
		}
		if most == 0 || most >= legendAt {
			t.Errorf("%d cars: data end at %g, the legend begins at %g", cars, most, legendAt)
		}
	}
}

func TestBadData(t *testing.T) {
	for name, s := range map[string]chart.Series{
		"lengths": {X: []float64{1}}, "open": {X: []float64{1}, Y: []float64{1}, Open: 2}, "negative": {Open: -1},
	} {
		if _, err := Live(chart.Spec{}, chart.Data{Series: []chart.Series{s}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Live(chart.Spec{Mark: 99}, chart.Data{}); err == nil {
		t.Error("mark 99: no error")
	}
}

// FuzzLive draws series of any numbers: none may stop the drawing or write what is not a number.
func FuzzLive(f *testing.F) {
	f.Add(uint8(0), uint8(0), 1.0, 2.0, 3.0, 4.0, 0)
	f.Add(uint8(0), uint8(1), 1.79e15, 1.79e15+1, math.MaxFloat64, -math.MaxFloat64, 1)
	f.Add(uint8(1), uint8(2), math.Inf(1), math.NaN(), 5e-324, 0.0, 2)
	f.Add(uint8(3), uint8(0), 0.0, 0.0, 0.0, 0.0, 0)
	f.Fuzz(func(t *testing.T, mark, scale uint8, x0, x1, y0, y1 float64, open int) {
		data := chart.Data{Scale: chart.Scale(scale % 3), Series: []chart.Series{
			{Name: "s", X: []float64{x0, x1}, Y: []float64{y0, y1}, Open: max(0, min(2, open))}}}
		markup := live(t, chart.Spec{Mark: chart.Mark(mark % 4), X: "x", Y: "y"}, data)
		for _, bad := range []string{"NaN", "Inf"} {
			if strings.Contains(markup, bad) {
				t.Errorf("%s in %s", bad, markup)
			}
		}
		if len(markup) > 50_000 {
			t.Errorf("%d bytes", len(markup))
		}
	})
}

// TestPaletteContrast computes WCAG's contrast with the lightest and darkest grounds that notebooks have.
func TestPaletteContrast(t *testing.T) {
	white, dark := luminance(color.NRGBA{255, 255, 255, 255}), luminance(color.NRGBA{0x11, 0x11, 0x11, 255})
	for _, c := range append(palette[:], ink) {
		l := luminance(c)
		if a, b := (white+.05)/(l+.05), (l+.05)/(dark+.05); a < 2.7 || b < 2.7 {
			t.Errorf("%v: contrast %.2f with white, %.2f with #111", c, a, b)
		}
	}
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= .04045 {
			return f / 12.92
		}
		return math.Pow((f+.055)/1.055, 2.4)
	}
	return .2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B)
}

func TestLooksDiffer(t *testing.T) {
	seen := map[string]int{}
	for i := range chart.MaxSeries {
		l := lookOf(i, chart.MaxSeries)
		var path vgPath
		if l.mark != nil {
			l.mark(&path, origin, 1)
		}
		k := fmt.Sprint(l.color, path)
		if j, ok := seen[k]; ok {
			t.Errorf("series %d and %d look the same", i, j)
		}
		seen[k] = i
	}
}
