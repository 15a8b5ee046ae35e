package oracle

import "slices"

// Concat are the events of several logs as one. A step that reads them all sees the streams of a partition in the order
// of the logs; one that rows move to sees partition by partition or, if each log moves for itself, log by log.
func (k Key) Concat(each bool, logs ...Log) (out Log) {
	width := 0
	for _, l := range logs {
		for _, e := range l {
			width = max(width, e.Partition+1)
		}
	}
	for i, l := range logs {
		for _, e := range l {
			copied := *e
			copied.Stream = e.Partition*len(logs) + i
			if each {
				copied.Stream = i*width + e.Partition
			}
			if each || !k.Moved {
				copied.Source = copied.Stream
			}
			out = append(out, &copied)
		}
	}
	return out
}

// Where are the events that are as wanted; the others still let time go on.
func (l Log) Where(wanted func(*Event) bool) Log {
	out := slices.Clone(l)
	for i, e := range l {
		if !wanted(e) {
			left := *e
			left.Bad, out[i] = true, &left
		}
	}
	return out
}
