package exec

// Counts are what happened in a task, by the number of the step.
type Counts struct {
	Rows    map[int]int64 // rows that came to the step
	Late    map[int]int64 // rows that came to a window or join after it had closed for them
	NullKey map[int]int64 // rows without a key at a step that needs one
	Bad     map[int]int64 // rows that the step could not take
	Cut     map[int]int64 // rows given whose aggregates hold less than there was
}

func newCounts() Counts {
	return Counts{map[int]int64{}, map[int]int64{}, map[int]int64{}, map[int]int64{}, map[int]int64{}}
}

// Add adds what another task counted.
func (c *Counts) Add(o Counts) {
	if c.Rows == nil {
		*c = newCounts()
	}
	for _, pair := range [][2]map[int]int64{{c.Rows, o.Rows}, {c.Late, o.Late}, {c.NullKey, o.NullKey}, {c.Bad, o.Bad}, {c.Cut, o.Cut}} {
		for k, v := range pair[1] {
			pair[0][k] += v
		}
	}
}
