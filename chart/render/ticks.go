package render

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// steps is the distance of ticks along lo to hi: 1, 2 or 5 times a power of
// ten, so that there are at most n steps.
func steps(lo, hi float64, n int) (step float64) {
	raw := (hi - lo) / float64(max(n, 1))
	if !(raw > 0) || math.IsInf(raw, 0) {
		return 1
	}
	ten := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5, 10} {
		if step = m * ten; step >= raw*(1-1e-9) {
			break
		}
	}
	return step
}

// numberTicks labels the multiples of step within lo to hi.
func numberTicks(lo, hi, step float64) []plot.Tick {
	var ticks []plot.Tick
	first := math.Ceil(lo/step - 1e-9)
	for i := 0.0; i < 100; i++ { // far more than fit; a guard where adding no longer changes the value
		v := (first + i) * step
		if v > hi+step*1e-9 {
			break
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: label(v, step)})
	}
	return ticks
}

// nameTicks are names along x, each with so many pixels: all, or those that fit; slant says that they do not fit side by side.
func nameTicks(names []string, room int) (ticks []plot.Tick, slant bool) {
	const letter, line, most = 7, 14, 16 // pixels, pixels, characters
	for _, n := range names {
		slant = slant || min(len([]rune(n)), most)*letter > room
	}
	every := 1
	if slant {
		every = (line + room - 1) / max(1, room)
	}
	for i := 0; i < len(names); i += every {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: cut(names[i], most)})
	}
	return ticks, slant
}

// label writes a number with the decimals that its step needs.
func label(v, step float64) string {
	if math.Abs(v) < step*1e-9 {
		return "0"
	}
	switch a := math.Abs(v); {
	case a >= 1e15 || step < 1e-6:
		return strconv.FormatFloat(v, 'g', 6, 64)
	case step >= 1e9:
		return short(v/1e9, step/1e9) + "G"
	case step >= 1e6:
		return short(v/1e6, step/1e6) + "M"
	case step >= 1e4 && a >= 1e5:
		return short(v/1e3, step/1e3) + "k"
	}
	return short(v, step)
}

func short(v, step float64) string {
	places := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	return thousands(strconv.FormatFloat(v, 'f', places, 64))
}

// reading writes a value for a legend: four significant digits.
func reading(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "–"
	case v == 0:
		return "0"
	case a >= 1e7 || a < 1e-3:
		return strconv.FormatFloat(v, 'g', 4, 64)
	case a >= 1000:
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	}
	places := 3 - int(math.Floor(math.Log10(a)))
	s := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// thousands puts commas into the whole part of a number.
func thousands(s string) string {
	whole, frac, dot := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + frac
	}
	return sign + whole
}
