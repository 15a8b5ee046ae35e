package interp

import "sync"

// A deferral is the list of what a function has deferred. The interpreter's own defers keep places, not values, and hold
// a lock that their closures may want.
type deferral struct{ calls []func() }

func (e *engine) push(d *deferral, f func()) { d.calls = append(d.calls, f) }

// A slot holds a panic for the function that is called next, if that is the deferred one and recovers.
type slot struct {
	value any
	taken bool
}

// slots are those of goroutines that are calling a deferred function.
type slots struct {
	mu  sync.Mutex
	all map[int64]*slot
}

// slot takes the slot of the calling goroutine.
func (s *slots) take() *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		return nil
	}
	id := goroutine()
	n := s.all[id]
	delete(s.all, id)
	return n
}

func (s *slots) put(n *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[int64]*slot{}
	}
	s.all[goroutine()] = n
}

// guard runs the body of a function, and then what it deferred.
func (e *engine) guard(d *deferral, body func()) {
	defer func() { e.unwind(d, recover()) }()
	body()
}

// unwind calls what was deferred, last first, while a panic is under way if there is one. What is recovered is over;
// another panic takes its place.
func (e *engine) unwind(d *deferral, panicking any) {
	for len(d.calls) > 0 {
		f := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		panicking = e.unwindOne(f, panicking)
	}
	if panicking != nil {
		panic(panicking)
	}
}

func (e *engine) unwindOne(f func(), panicking any) (still any) {
	s := &slot{value: panicking}
	_, quits := value(panicking).(quit)
	if panicking != nil && !quits {
		e.slots.put(s)
	}
	still = panicking
	defer func() {
		e.slots.take()
		if s.taken {
			still = nil
		}
		if r := recover(); r != nil {
			still = r
		}
	}()
	f()
	return still
}

// recovered is what recover() gives in a cell's function that had a slot when it was called. What ends the cell itself
// is not for the cell to stop.
func (e *engine) recovered(s *slot) any {
	if s == nil || s.taken {
		return nil
	}
	s.taken = true
	return e.recoverable(s.value)
}
