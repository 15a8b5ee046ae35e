package interp

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riffle-stream/riffle/interp/check"
)

// A run is one cell being run, with the goroutines it started.
type run struct {
	cell    int
	stopped atomic.Bool
	done    chan struct{} // closed when stopped
	stmt    atomic.Pointer[check.Stmt]
	whole   atomic.Bool // its statements were done to the last
}

// runs knows which goroutine belongs to which run. Interrupting ends the goroutines of one run and no others, so what
// earlier cells started goes on. A goroutine that we did not start, such as one of compiled code that calls back,
// belongs to the run in the foreground.
type runs struct {
	stopped    atomic.Int64 // runs that were interrupted and have goroutines left
	foreground atomic.Pointer[run]

	mu      sync.Mutex
	owner   map[int64]*run
	members map[*run]int
	reasons map[int64]error // why goroutines quit
}

func newRuns() *runs {
	return &runs{owner: map[int64]*run{}, members: map[*run]int{}, reasons: map[int64]error{}}
}

// quit ends the calling goroutine. One of ours exits, which no recover in the cell can stop; another panics, for its
// owner to recover.
func (r *runs) quit(reason error) {
	id := goroutine()
	r.mu.Lock()
	_, ours := r.owner[id]
	if ours {
		r.reasons[id] = reason
	}
	r.mu.Unlock()
	if ours {
		runtime.Goexit()
	}
	panic(quit{reason})
}

// reason is why the calling goroutine quit, or nil.
func (r *runs) reason() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.reasons) == 0 { // as nearly always: see goroutine
		return nil
	}
	id := goroutine()
	reason := r.reasons[id]
	delete(r.reasons, id)
	return reason
}

// A quit ends a goroutine of a cell from inside: the cell was interrupted, exited, or went too deep.
type quit struct{ reason error }

func newRun(cell int) *run { return &run{cell: cell, done: make(chan struct{})} }

// done is closed when the run of the calling goroutine is stopped.
func (r *runs) done() <-chan struct{} {
	if n := r.of(); n != nil {
		return n.done
	}
	return nil
}

// sleep is time.Sleep that ends with the run.
func (r *runs) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.done():
		r.poll()
	}
}

func (r *runs) start(cell int) *run {
	n := newRun(cell)
	r.foreground.Store(n)
	return n
}

func (r *runs) end(n *run) { r.foreground.CompareAndSwap(n, nil) }

func (r *runs) current() *run { return r.foreground.Load() }

// enter makes the calling goroutine a member of a run until leave.
func (r *runs) enter(n *run) int64 {
	id := goroutine()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.owner[id] = n
	r.members[n]++
	return id
}

func (r *runs) leave(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.owner[id]
	delete(r.owner, id)
	if r.members[n]--; r.members[n] == 0 {
		delete(r.members, n)
		if n.stopped.Load() {
			r.stopped.Add(-1)
		}
	}
}

// interrupt stops a run's goroutines at their next look.
func (r *runs) interrupt(n *run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members[n] > 0 && !n.stopped.Swap(true) {
		r.stopped.Add(1)
		close(n.done)
	}
}

// of is the run of the calling goroutine.
func (r *runs) of() *run {
	if n, sure := r.only(); sure {
		return n
	}
	id := goroutine()
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.owner[id]; n != nil {
		return n
	}
	return r.foreground.Load()
}

// only is the run in the foreground; sure if no other has goroutines, so that nobody has to ask for the calling
// goroutine's number: a cell that prints asks at each line.
func (r *runs) only() (n *run, sure bool) {
	n = r.foreground.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	return n, len(r.members) == 0 || len(r.members) == 1 && r.members[n] > 0
}

// poll ends the calling goroutine if its run is stopped.
func (r *runs) poll() {
	if r.stopped.Load() == 0 {
		return
	}
	if n := r.of(); n != nil && n.stopped.Load() {
		r.quit(ErrInterrupted)
	}
}

// goroutine is the number of the calling goroutine. The run time system tells it in stack traces only, and walks the
// stack for it: tens of microseconds, deep in the interpreter.
func goroutine() int64 {
	var buf [64]byte
	text := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	n, err := strconv.ParseInt(string(text[:max(bytes.IndexByte(text, ' '), 0)]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
