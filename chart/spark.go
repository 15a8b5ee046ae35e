package chart

import (
	"math"
	"strings"
)

var blocks = []rune("▁▂▃▄▅▆▇█")

// Spark is the series as n characters of rising height over x and y bounds: in
// each column the mean of its points, a space where it has none.
func (s Series) Spark(x, y [2]float64, n int) string {
	sum, count := make([]float64, n), make([]float64, n)
	for i := range s.X {
		if s.Has(i) {
			c := place(s.X[i], x, float64(n))
			sum[c] += s.Y[i]
			count[c]++
		}
	}
	var b strings.Builder
	for i := range n {
		if count[i] == 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(blocks[height(sum[i]/count[i], y)])
	}
	return strings.TrimRight(b.String(), " ")
}

func height(v float64, y [2]float64) int {
	if y[1] <= y[0] {
		return len(blocks) / 2
	}
	return int(math.Round((v - y[0]) / (y[1] - y[0]) * float64(len(blocks)-1)))
}
