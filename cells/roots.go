package cells

import "sync"

// collector gathers the frames that verbs are called with while a sliced
// program builds its graph. It stands for the session that a notebook has.
var collector struct {
	sync.Mutex
	on    bool
	roots []Frame
}

// Roots runs the statements of a sliced notebook and gives the frames that its
// calls of Live and Export are about, in the order of the calls.
func Roots(run func()) []Frame {
	collector.Lock()
	collector.on, collector.roots = true, nil
	collector.Unlock()
	run()
	collector.Lock()
	defer collector.Unlock()
	collector.on = false
	return collector.roots
}

func tap(v any) {
	collector.Lock()
	defer collector.Unlock()
	if collector.on {
		collector.roots = append(collector.roots, Frames(v)...)
	}
}

// Frames are the frames that a value shows: a frame itself, or that of a view or chart.
func Frames(v any) []Frame {
	switch x := v.(type) {
	case Frame:
		return []Frame{x}
	case View:
		return []Frame{x.Frame}
	case Chart:
		return []Frame{x.Frame}
	}
	return nil
}
