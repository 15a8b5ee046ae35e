package chart

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sync"
)

// Ring gathers the points of a chart from rows that keep coming: of each
// series the newest, in the order of x, and of one x the value that came last.
// It may be used by many goroutines.
type Ring struct {
	spec  Spec
	limit int

	mu     sync.Mutex
	scale  Scale
	unit   string
	series map[string]*track
	names  categories
	serial float64 // place of the next point, where x is not its key
	left   map[string]bool
}

// track is the points of a series, by key.
type track struct {
	points []point
	first  int // those before are gone
}

type point struct {
	key     float64 // x, or the serial number where one x may have many points
	x, y    float64
	open    bool
	partial bool // of a part of its rows
}

// NewRing gathers for a chart, keeping so many points of a series; 0 means MaxKept.
func NewRing(spec Spec, limit int) *Ring {
	if limit <= 0 {
		limit = MaxKept
	}
	return &Ring{spec: spec, limit: limit, series: map[string]*track{}, names: categories{}, left: map[string]bool{}}
}

// Add puts one point in its place. Open says that the value may still change.
// A point whose x is not a number is dropped; a y that is not one is a gap.
func (r *Ring) Add(series string, x, y float64, open bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(series, point{x: x, y: y, open: open})
}

func (r *Ring) add(series string, p point) {
	p.key = p.x
	if r.spec.Mark == Scatter || r.spec.Mark == Histogram {
		p.key = r.serial
		r.serial++
	}
	if !finite(p.key) {
		return
	}
	t := r.series[series]
	if t == nil {
		if len(r.series) >= maxNames {
			if len(r.left) < maxNames {
				r.left[series] = true
			}
			return
		}
		t = &track{}
		r.series[series] = t
	}
	t.put(p, r.limit)
}

// put keeps points in order; most come at the end. Open ones stand behind those that are closed: one that closes takes
// the place of those before it, and one that comes after its time is left out.
func (t *track) put(p point, limit int) {
	if p.open && t.passed(p.key) {
		return
	}
	if !p.open {
		t.close(p.key)
	}
	kept := t.points[t.first:]
	n := len(kept)
	switch i, found := t.find(p.key); {
	case found:
		kept[i] = p
		return
	case i == n:
		t.points = append(t.points, p)
	case n >= limit && i == 0:
		return // older than all that is kept
	default:
		t.points = slices.Insert(t.points, t.first+i, p)
	}
	if n+1 > limit {
		t.first++
	}
	if t.first > limit { // half is gone: move the rest down, which costs one move a point
		t.points = t.points[:copy(t.points, t.points[t.first:])]
		t.first = 0
	}
}

// passed reports whether a point at key, or behind it, is closed.
func (t *track) passed(key float64) bool {
	for i := len(t.points) - 1; i >= t.first && t.points[i].key >= key; i-- {
		if !t.points[i].open {
			return true
		}
	}
	return false
}

// close takes open points before key away: what they stood for has given no point.
func (t *track) close(key float64) {
	i, _ := t.find(key)
	end := t.first + i
	from := end
	for from > t.first && t.points[from-1].open {
		from--
	}
	t.points = slices.Delete(t.points, from, end)
}

func (t *track) find(key float64) (int, bool) {
	kept := t.points[t.first:]
	if n := len(kept); n == 0 || kept[n-1].key < key {
		return n, false
	}
	return slices.BinarySearchFunc(kept, key, func(p point, k float64) int { return cmp.Compare(p.key, k) })
}

// Data is a copy of what is kept, the series in natural order of their names.
func (r *Ring) Data() Data {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := Data{Scale: r.scale, Unit: r.unit, Left: len(r.left)}
	for _, name := range slices.SortedFunc(maps.Keys(r.series), Natural) {
		d.Series = append(d.Series, r.series[name].snapshot(name))
	}
	if d.Scale == Category {
		d.name(r.names)
	}
	return d
}

func (t *track) snapshot(name string) Series {
	kept := t.points[t.first:]
	s := Series{Name: name, X: make([]float64, len(kept)), Y: make([]float64, len(kept))}
	open := len(kept)
	for i, p := range kept {
		s.X[i], s.Y[i] = p.x, p.y
		if p.open && !math.IsNaN(p.y) {
			open = min(open, i)
		}
		if p.partial && !p.open && s.Partial == i {
			s.Partial++
		}
	}
	s.Open = len(kept) - open
	return s
}
