package guard

import (
	"context"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Bounds of what zmq4's own queue holds, in messages, and of how long a slow subscriber slows the others.
const (
	maxInFlight = 4096
	patience    = 250 * time.Millisecond
)

// A Publisher is an XPUB socket: the first frame of a message is its topic.
type Publisher struct {
	socket
	tap      *tap
	messages atomic.Int64
	bytes    atomic.Int64
}

// Topics is how a Publisher treats messages and subscriptions by topic. Both functions may be nil.
type Topics struct {
	// Droppable tells whether a message may be left out for a subscriber that is behind.
	Droppable func(topic []byte) bool
	// Welcome gives the first message to a new subscription, for that subscriber alone. Its first
	// frame must begin with the topic, or the subscriber's own filter leaves it out.
	Welcome func(topic []byte) [][]byte
}

// NewPublisher listens on addr of network "tcp" or "unix". A nil logger discards.
func NewPublisher(ctx context.Context, network, addr string, topics Topics, limits Limits, logger *slog.Logger) (*Publisher, error) {
	t := newTransporter(network, limits, orDiscard(logger))
	p := &Publisher{tap: newTap()}
	t.publishes, t.welcome = true, topics.Welcome
	t.tap = func(context.Context) net.Conn { return p.tap }
	if topics.Droppable != nil {
		t.droppable = topics.Droppable
	}
	s, err := listen(ctx, t, addr, zmq4.NewPub)
	if err != nil {
		return nil, err
	}
	p.socket = s
	return p, nil
}

// Publish sends a message to the subscribers of its topic, at the pace of those that read: it waits while
// one of them is far behind. The frames must not be changed afterwards.
func (p *Publisher) Publish(frames [][]byte) error {
	select {
	case <-p.tap.ready:
	case <-p.ctx.Done():
		return ErrClosed
	}
	for !p.paced() {
		if p.ctx.Err() != nil {
			return ErrClosed
		}
		time.Sleep(200 * time.Microsecond)
	}
	size := 0
	for _, f := range frames {
		size += len(f)
	}
	p.messages.Add(1)
	p.bytes.Add(int64(size))
	return p.cause(p.zmq.Send(zmq4.NewMsgFrom(frames...)))
}

// Flush waits until every message is in its subscribers' socket buffers, at most for d; false if some are not.
func (p *Publisher) Flush(d time.Duration) bool {
	return eventually(d, func() bool { return p.messages.Load() == p.tap.messages.Load() && p.flushed() })
}

// paced tells whether there is room: what zmq4 still holds and what a reading subscriber has not yet taken
// stay together below a fair share, so that only subscribers that do not read lose anything.
func (p *Publisher) paced() bool {
	room := p.transporter.fair()
	return p.messages.Load()-p.tap.messages.Load() < maxInFlight &&
		p.bytes.Load()-p.tap.bytes.Load() < int64(room/2) &&
		p.transporter.every(func(peer *peer) bool { return !peer.out.behind(room/4, patience) })
}
