package guard

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// errOverflow says that a peer is so far behind that only closing it is left.
var errOverflow = errors.New("peer reads too slowly")

// errEnded says that the peer is gone or going.
var errEnded = errors.New("peer has ended")

// An outbox holds what goes to a peer until its writer takes it. put never waits.
type outbox struct {
	total  *atomic.Int64 // bytes of all outboxes of the socket
	mu     sync.Mutex
	moved  sync.Cond
	queue  []message
	bytes  int       // queued, or taken and not yet written
	last   time.Time // of the last byte the peer took, or of the first queued after a pause
	ended  bool      // nothing more goes in; the writer finishes what is queued
	killed bool
}

func newOutbox(total *atomic.Int64) *outbox {
	b := &outbox{total: total}
	b.moved.L = &b.mu
	return b
}

// put queues m. Past the limit a droppable message is left out whole (dropped is true); another may go
// half as far again before the peer is given up with errOverflow.
func (b *outbox) put(m message, limit int) (dropped bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended || b.killed {
		return false, errEnded
	}
	if after := b.bytes + m.size; b.bytes > 0 && after > limit {
		if m.droppable {
			return true, nil
		}
		if after > limit+limit/2 {
			return false, errOverflow
		}
	}
	if b.bytes == 0 {
		b.last = time.Now()
	}
	b.queue = append(b.queue, m)
	b.add(m.size)
	b.moved.Signal()
	return false, nil
}

// take waits for messages and gives all that are queued; none at the end.
func (b *outbox) take() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.queue) == 0 && !b.ended && !b.killed {
		b.moved.Wait()
	}
	if b.killed {
		return nil
	}
	taken := b.queue
	b.queue = nil
	return taken
}

// wrote notes that the peer took bytes of what was taken.
func (b *outbox) wrote(bytes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.killed {
		b.add(-bytes)
	}
	b.last = time.Now()
}

func (b *outbox) add(bytes int) {
	b.bytes += bytes
	b.total.Add(int64(bytes))
}

func (b *outbox) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.moved.Broadcast()
}

func (b *outbox) kill() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.killed, b.queue = true, nil
	b.add(-b.bytes)
	b.moved.Broadcast()
}

func (b *outbox) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes == 0
}

// behind tells whether a peer that still reads has more than limit bytes to take. One that has
// taken nothing for patience is not waited for: it does not hold up the others.
func (b *outbox) behind(limit int, patience time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes > limit && time.Since(b.last) < patience
}
