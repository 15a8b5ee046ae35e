package render

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/display"
)

const sparkWidth = 40 // characters

// words is the chart for a terminal: a line for each series, all on the same scale.
func words(spec chart.Spec, d chart.Data) string {
	heading := display.Visible(spec.Heading())
	x, y, ok := d.Bounds()
	if !ok {
		return heading + ": waiting for rows"
	}
	wide := 0
	for _, s := range d.Series {
		wide = max(wide, len([]rune(cut(s.Name, maxName))))
	}
	if d.Scale == chart.Category && len(d.Series) == 1 {
		return heading + "\n" + lengths(d)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, values %s to %s\n", heading, ends(d, x), reading(y[0]), reading(y[1]))
	for _, s := range d.Series {
		name := cut(s.Name, maxName)
		last := reading(s.Last())
		if spec.Mark != chart.Line {
			last = ""
		}
		line := fmt.Sprintf("%s%s  %-*s  %s", name, strings.Repeat(" ", wide-len([]rune(name))), sparkWidth, s.Spark(x, y, sparkWidth), last)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if n := d.Partial(); n > 0 {
		fmt.Fprintf(&b, "%d of the values are partial: their windows began before the sample\n", n)
	}
	if d.Left > 0 {
		fmt.Fprintf(&b, "and %d more series\n", d.Left)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// lengths is a line for each name along x.
func lengths(d chart.Data) string {
	s, wide, most := d.Series[0], 0, 0.0
	for i, x := range s.X {
		if s.Has(i) {
			wide, most = max(wide, len([]rune(cut(d.Names[int(x)], maxName)))), max(most, math.Abs(s.Y[i]))
		}
	}
	var lines []string
	for i, x := range s.X {
		if s.Has(i) {
			bar := strings.Repeat("█", int(math.Round(math.Abs(s.Y[i])/max(most, math.SmallestNonzeroFloat64)*sparkWidth)))
			lines = append(lines, fmt.Sprintf("%-*s  %s %s", wide, cut(d.Names[int(x)], maxName), bar, reading(s.Y[i])))
		}
	}
	return strings.Join(lines, "\n")
}

// ends are the first and last x.
func ends(d chart.Data, x [2]float64) string {
	switch d.Scale {
	case chart.Time:
		const layout = "2006-01-02 15:04:05"
		a, b := time.UnixMicro(int64(x[0])).UTC(), time.UnixMicro(int64(x[1])).UTC()
		if a.Format("2006-01-02") == b.Format("2006-01-02") {
			return a.Format(layout) + " – " + b.Format("15:04:05") + " UTC"
		}
		return a.Format(layout) + " – " + b.Format(layout) + " UTC"
	case chart.Category:
		return fmt.Sprintf("%d names", len(d.Names))
	case chart.Span:
		return spoken(time.Duration(x[0])*time.Microsecond) + " – " + spoken(time.Duration(x[1])*time.Microsecond)
	}
	return reading(x[0]) + " – " + reading(x[1])
}
