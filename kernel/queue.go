package kernel

import (
	"context"
	"sync"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// maxQueued bounds the requests that wait for the shell; the sender of more is held back.
const maxQueued = 10_000

// A request is a message of a client and the channel to answer on.
type request struct {
	wire.Message
	from    router
	busy    bool // said so
	aborted bool // an earlier cell failed: not to be run
	last    bool // the kernel ends after this one
}

// client is the routing identity of who sent the request.
func (r *request) client() string {
	if len(r.Route) == 0 {
		return ""
	}
	return string(r.Route[0])
}

// A queue holds the requests on the shell channel: those of a client in their order, while clients take turns, so that
// one with a thousand requests does not keep the others waiting.
type queue struct {
	mu      sync.Mutex
	moved   sync.Cond
	size    int
	turns   []string              // clients with requests, the next first
	waiting map[string][]*request // of each of them
	closed  bool
}

func newQueue() *queue {
	q := &queue{waiting: map[string][]*request{}}
	q.moved.L = &q.mu
	return q
}

func (q *queue) put(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.size >= maxQueued && !q.closed {
		q.moved.Wait()
	}
	from := r.client()
	if len(q.waiting[from]) == 0 {
		q.turns = append(q.turns, from)
	}
	q.waiting[from] = append(q.waiting[from], r)
	q.size++
	q.moved.Broadcast()
}

// take waits for the next request; nil when ctx ends.
func (q *queue) take(ctx context.Context) *request {
	defer context.AfterFunc(ctx, q.close)()
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.size == 0 && !q.closed {
		q.moved.Wait()
	}
	if q.closed {
		return nil
	}
	q.moved.Broadcast()
	return q.pop()
}

// pop takes the first request of the client whose turn it is, which then is the last to have another.
func (q *queue) pop() *request {
	from := q.turns[0]
	q.turns = q.turns[1:]
	r, rest := q.waiting[from][0], q.waiting[from][1:]
	q.waiting[from][0] = nil
	if q.size--; len(rest) == 0 {
		delete(q.waiting, from)
		return r
	}
	q.waiting[from] = rest
	q.turns = append(q.turns, from)
	return r
}

// abort marks the cells that wait now.
func (q *queue) abort() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, requests := range q.waiting {
		for _, r := range requests {
			r.aborted = r.Header.Type == "execute_request"
		}
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.moved.Broadcast()
}
