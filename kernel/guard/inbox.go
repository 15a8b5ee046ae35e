package guard

import "sync"

// An inbox holds what a peer sent until zmq4 takes it. put waits while it is full, which
// holds back that peer alone.
type inbox struct {
	mu     sync.Mutex
	moved  sync.Cond
	queue  []message
	bytes  int
	limit  int
	ended  bool // no more will come; what is queued can still be taken
	closed bool // nothing can be taken
}

func newInbox(limit int) *inbox {
	b := &inbox{limit: limit}
	b.moved.L = &b.mu
	return b
}

func (b *inbox) put(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.bytes > b.limit && !b.ended && !b.closed {
		b.moved.Wait()
	}
	b.queue = append(b.queue, m)
	b.bytes += m.size
	b.moved.Broadcast()
}

// take waits for a message; ok is false at the end.
func (b *inbox) take() (m message, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.queue) == 0 && !b.ended && !b.closed {
		b.moved.Wait()
	}
	if len(b.queue) == 0 || b.closed {
		return message{}, false
	}
	m, b.queue[0] = b.queue[0], message{}
	b.queue = b.queue[1:]
	b.bytes -= m.size
	b.moved.Broadcast()
	return m, true
}

func (b *inbox) end()   { b.set(&b.ended) }
func (b *inbox) close() { b.set(&b.closed) }

func (b *inbox) set(flag *bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*flag = true
	b.moved.Broadcast()
}
