package row

import (
	"math"
	"testing"
)

func TestFloorDiv(t *testing.T) {
	for _, c := range []struct{ x, y, want int64 }{
		{7, 2, 3}, {-7, 2, -4}, {7, -2, -4}, {-7, -2, 3}, {-8, 2, -4}, {0, -5, 0}, {-1, 1000, -1}, {math.MinInt64, 1000, -9_223_372_036_854_776},
	} {
		if got := FloorDiv(c.x, c.y); got != c.want {
			t.Errorf("%d / %d is %d, want %d", c.x, c.y, got, c.want)
		}
	}
}
