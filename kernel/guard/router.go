package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// ErrClosed is returned by a socket that has been closed.
var ErrClosed = errors.New("socket is closed")

// A Router is a ROUTER socket: the first frame of a message names the peer.
type Router struct {
	socket
}

// NewRouter listens on addr of network "tcp" or "unix". A nil logger discards.
func NewRouter(ctx context.Context, network, addr string, limits Limits, logger *slog.Logger) (*Router, error) {
	t := newTransporter(network, limits, orDiscard(logger))
	s, err := listen(ctx, t, addr, zmq4.NewRouter)
	if err != nil {
		return nil, err
	}
	return &Router{s}, nil
}

// Recv waits for the next message; ErrClosed after Close.
func (r *Router) Recv() ([][]byte, error) {
	m, err := r.zmq.Recv()
	if err != nil {
		return nil, r.cause(err)
	}
	return m.Frames, nil
}

// Send queues a message for the peer that the first frame names and returns. A peer that has left gets
// nothing, without an error, as ZeroMQ has it; if its identity is an alias, which another channel gave, the
// message goes to the peer with the identity proper. The frames must not be changed afterwards.
func (r *Router) Send(frames [][]byte) error {
	if len(frames) == 0 {
		return errors.New("a message to nobody: the first frame has to name the peer")
	}
	if to := string(frames[0]); !r.transporter.known(to) {
		frames = append([][]byte{[]byte(unaliased(to))}, frames[1:]...)
	}
	if err := r.zmq.Send(zmq4.NewMsgFrom(frames...)); err != nil && r.ctx.Err() != nil {
		return ErrClosed
	}
	return nil // an error of zmq4 here is about a peer that has just ended
}

// Flush waits until every message is in its peer's socket buffer, at most for d; false if some are not.
func (r *Router) Flush(d time.Duration) bool {
	return eventually(d, r.flushed)
}

// socket is what Router and Publisher share.
type socket struct {
	zmq         zmq4.Socket
	transporter *transporter
	ctx         context.Context
	cancel      context.CancelFunc
}

func listen(ctx context.Context, t *transporter, addr string, open func(context.Context, ...zmq4.Option) zmq4.Socket) (socket, error) {
	scheme, err := t.register()
	if err != nil {
		return socket{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0))
	s := socket{zmq: open(ctx, quiet), transporter: t, ctx: ctx, cancel: cancel}
	if err := s.zmq.Listen(scheme + "://" + addr); err != nil {
		cancel()
		return socket{}, fmt.Errorf("cannot listen on %s %s: %w", t.network, addr, err)
	}
	return s, nil
}

// Addr is where the socket listens.
func (s *socket) Addr() net.Addr { return s.zmq.Addr() }

// Close ends the socket. Peers get what is queued for them within Limits.Linger, in the background: to be
// sure of it, Flush first.
func (s *socket) Close() error {
	s.cancel()
	err := s.zmq.Close()
	s.transporter.every(func(p *peer) bool { return p.Close() == nil }) // those zmq4 has not accepted yet
	return err
}

// Dropped is the number of messages left out for peers that were behind.
func (s *socket) Dropped() int64 { return s.transporter.dropped.Load() }

func (s *socket) flushed() bool {
	return s.transporter.every(func(p *peer) bool { return p.out.empty() })
}

func (s *socket) cause(err error) error {
	if s.ctx.Err() != nil {
		return ErrClosed
	}
	return err
}

// eventually asks until ok or for d.
func eventually(d time.Duration, ok func() bool) bool {
	deadline := time.Now().Add(d)
	for !ok() {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(200 * time.Microsecond)
	}
	return true
}

func orDiscard(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}
