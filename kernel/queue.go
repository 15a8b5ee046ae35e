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
	aborted bool // an earlier cell failed: not to be run
	last    bool // the kernel ends after this one
}

// A queue holds the requests on the shell channel in their order.
type queue struct {
	mu       sync.Mutex
	moved    sync.Cond
	requests []*request
	closed   bool
}

func newQueue() *queue {
	q := &queue{}
	q.moved.L = &q.mu
	return q
}

func (q *queue) put(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.requests) >= maxQueued && !q.closed {
		q.moved.Wait()
	}
	q.requests = append(q.requests, r)
	q.moved.Broadcast()
}

// take waits for the next request; nil when ctx ends.
func (q *queue) take(ctx context.Context) *request {
	defer context.AfterFunc(ctx, q.close)()
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.requests) == 0 && !q.closed {
		q.moved.Wait()
	}
	if q.closed {
		return nil
	}
	r := q.requests[0]
	q.requests[0] = nil
	q.requests = q.requests[1:]
	q.moved.Broadcast()
	return r
}

// abort marks the cells that wait now.
func (q *queue) abort() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range q.requests {
		r.aborted = r.Header.Type == "execute_request"
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.moved.Broadcast()
}
