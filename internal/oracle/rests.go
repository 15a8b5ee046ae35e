package oracle

import "math"

// Resting is the log when some of its partitions rest for good: none of them holds up time.
func (l Log) Resting(partitions ...int) Log {
	out := l[:len(l):len(l)]
	for _, p := range partitions {
		out = append(out, &Event{Bad: true, Partition: p, Stream: p, Mark: math.MaxInt64})
	}
	return out
}
