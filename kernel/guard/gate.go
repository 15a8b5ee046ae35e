package guard

import (
	"bufio"
	"context"
	"errors"
	"net"
	"time"
)

// A gate is the listener that zmq4 accepts from: it hands out peers whose handshake is done.
type gate struct {
	net.Listener
	transporter *transporter
	ctx         context.Context
	ready       chan net.Conn
}

// Accept implements net.Listener. zmq4 tries again after an error, but looks at its context first.
func (g *gate) Accept() (net.Conn, error) {
	select {
	case c := <-g.ready:
		return c, nil
	case <-g.ctx.Done():
		return nil, net.ErrClosed
	}
}

func (g *gate) accept() {
	for {
		c, err := g.Listener.Accept()
		switch {
		case err == nil:
			g.transporter.admit(c)
			go g.greet(c)
		case g.ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return
		default: // out of file descriptors, most often: others must end first
			g.transporter.log.Warn("accept failed", "addr", g.Listener.Addr(), "error", err)
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// greet does the whole handshake with one connection, in its own goroutine and within a deadline.
func (g *gate) greet(c net.Conn) {
	t := g.transporter
	c.SetDeadline(time.Now().Add(t.limits.Handshake))
	r := bufio.NewReaderSize(c, 64<<10)
	h, err := exchange(c, r, t.publishes)
	if err == nil {
		var p *peer
		if p, err = g.seat(c, h); err == nil {
			c.SetDeadline(time.Time{})
			go p.pump(r)
			go p.write()
			g.hand(p)
			return
		}
	}
	t.settle(c)
	c.Close()
	t.log.Debug("refused a connection", "peer", c.RemoteAddr(), "error", err)
}

// exchange sends our greeting and reads the peer's greeting and READY. zmq4 sends our READY later.
func exchange(c net.Conn, r *bufio.Reader, publishes bool) (hello, error) {
	if _, err := c.Write(greeting()); err != nil {
		return hello{}, err
	}
	h, err := readHello(r)
	if err != nil {
		return hello{}, err
	}
	return h, h.fits(publishes)
}

// fits checks the peer's socket type against ours.
func (h hello) fits(publishes bool) error {
	switch h.socket {
	case "SUB", "XSUB":
		if publishes {
			return nil
		}
	case "DEALER", "REQ", "ROUTER":
		if !publishes {
			return nil
		}
	}
	return violation("peer is a %.16q socket, which does not fit", h.socket)
}

// seat makes the connection a peer.
func (g *gate) seat(c net.Conn, h hello) (*peer, error) {
	t := g.transporter
	p := newPeer(t, c)
	if err := t.enrol(p, h.identity); err != nil {
		return nil, err
	}
	if !t.settle(c) {
		t.forget(p)
		return nil, errors.New("guard: evicted by newer connections")
	}
	h.identity = p.identity
	p.in.put(h.replay())
	return p, nil
}

func (g *gate) hand(c net.Conn) {
	select {
	case g.ready <- c:
	case <-g.ctx.Done():
		c.Close()
	}
}
