package row

// FloorDiv is x / y rounded down, where Go rounds towards 0: a time before
// 1970 is negative, and belongs to the unit in which it lies. y is not 0.
func FloorDiv(x, y int64) int64 {
	q := x / y
	if x%y != 0 && (x < 0) != (y < 0) {
		q--
	}
	return q
}
