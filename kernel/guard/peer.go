package guard

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
)

// A peer is one connection as zmq4 sees it. The embedded net.Conn stays an interface: embedding a
// *net.TCPConn would promote its unexported writeBuffers, and net.Buffers would write past Write.
type peer struct {
	net.Conn
	guard    *transporter
	identity string // as zmq4 knows it; see alias

	in      *inbox
	reading [][]byte // segments that zmq4 is reading
	after   func()   // due when zmq4 asks for the next message

	out      *outbox
	unframer unframer
	writing  message // the frames zmq4 has written of its current message
	frames   int

	topics map[string]struct{}
	ended  sync.Once
}

func newPeer(g *transporter, c net.Conn) *peer {
	p := &peer{Conn: c, guard: g, in: newInbox(g.limits.In), out: newOutbox(&g.queued), topics: map[string]struct{}{}}
	p.unframer = newUnframer(p.frame)
	return p
}

// Read gives zmq4 whole messages only. zmq4 asks for the next header after it has handled the last
// message: then what follows from that message is due, such as the welcome to a subscription in force.
func (p *peer) Read(b []byte) (int, error) {
	for len(p.reading) == 0 {
		if after := p.after; after != nil {
			p.after = nil
			after()
		}
		m, ok := p.in.take()
		if !ok {
			return 0, io.EOF
		}
		p.reading, p.after = m.segments, m.after
	}
	n := copy(b, p.reading[0])
	if p.reading[0] = p.reading[0][n:]; len(p.reading[0]) == 0 {
		p.reading = p.reading[1:]
	}
	return n, nil
}

// Write takes bytes of zmq4 and queues whole messages; it never waits for the peer.
func (p *peer) Write(b []byte) (int, error) {
	if err := p.unframer.write(b); err != nil {
		return 0, net.ErrClosed // a net.Error that is no timeout: zmq4 then forgets the connection
	}
	return len(b), nil
}

func (p *peer) frame(flags byte, body []byte) error {
	if p.frames++; p.frames == 1 && flags&flagCommand == 0 {
		p.writing.droppable = p.guard.droppable(body)
	}
	p.writing.add(flags, body)
	if flags&flagMore != 0 {
		return nil
	}
	m := p.writing
	p.writing, p.frames = message{}, 0
	return p.queue(m, p.guard.limits.Out)
}

func (p *peer) queue(m message, limit int) error {
	dropped, err := p.out.put(m, p.guard.share(limit))
	if dropped {
		p.guard.dropped.Add(1)
	}
	if errors.Is(err, errOverflow) {
		p.guard.log.Warn("closed a peer that reads too slowly", "peer", p.RemoteAddr(), "limit", limit)
		p.kill()
	}
	return err
}

// pump reads the peer without waiting for zmq4, so that PING is answered while the kernel is busy.
func (p *peer) pump(r *bufio.Reader) {
	defer p.kill()
	w := walker{r: r, limits: p.guard.limits}
	for {
		u, err := w.next()
		if err != nil {
			if errors.Is(err, ErrProtocol) {
				p.guard.log.Warn("closed a peer", "peer", p.RemoteAddr(), "error", err)
			}
			return
		}
		p.receive(u)
	}
}

func (p *peer) receive(u unit) {
	switch {
	case u.isCommand():
		p.command(u.command)
	case !p.guard.publishes:
		p.in.put(u.message)
	case u.frames == 1 && len(u.first) > 0 && u.first[0] < 2:
		p.subscribe(u.first[0] == 1, u.first[1:])
	} // anything else that a subscriber sends would clog zmq4's reader of it
}

// kill ends the peer now; what it has sent still reaches zmq4.
func (p *peer) kill() {
	p.ended.Do(func() {
		p.out.kill()
		p.in.end()
		p.Conn.Close()
		p.guard.forget(p)
	})
}

// Close lets the writer finish within Linger. zmq4 calls it under its locks, so it does not wait.
func (p *peer) Close() error {
	p.in.close()
	p.out.end()
	p.linger()
	return nil
}
