package guard

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// within bounds every wait of these tests: long for a machine, short for a person.
const within = 10 * time.Second

// echo starts a Router that sends back what it gets.
func echo(t testing.TB, network string, limits Limits) *Router {
	t.Helper()
	addr := "127.0.0.1:0"
	if network == "unix" {
		addr = filepath.Join(t.TempDir(), "socket")
	}
	r, err := NewRouter(context.Background(), network, addr, limits, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	go func() {
		for {
			m, err := r.Recv()
			if errors.Is(err, ErrClosed) {
				return
			}
			r.Send(m)
		}
	}()
	return r
}

func publisher(t testing.TB, topics Topics, limits Limits) *Publisher {
	t.Helper()
	p, err := NewPublisher(context.Background(), "tcp", "127.0.0.1:0", topics, limits, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// raw is a peer made of bytes.
type raw struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

func dial(t testing.TB, addr net.Addr) *raw {
	t.Helper()
	c, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(within))
	return &raw{Conn: c, t: t, r: bufio.NewReader(c)}
}

// shake does the handshake as a socket of a kind.
func shake(t testing.TB, addr net.Addr, kind, identity string) *raw {
	t.Helper()
	p := dial(t, addr)
	for _, seg := range (hello{kind, identity}).replay().segments {
		p.Write(seg)
	}
	if _, err := io.ReadFull(p.r, make([]byte, greetingSize)); err != nil {
		t.Fatalf("greeting: %v", err)
	}
	if flags, _ := p.frame(); flags != flagCommand {
		t.Fatalf("flags %x, want READY", flags)
	}
	return p
}

func (p *raw) frame() (flags byte, body []byte) {
	p.t.Helper()
	flags, size, err := readHeader(p.r)
	if err == nil {
		body, err = readBody(p.r, int(size))
	}
	if err != nil {
		p.t.Fatalf("frame: %v", err)
	}
	return flags, body
}

func (p *raw) send(frames ...string) {
	for _, seg := range encode(bytesOf(frames)).segments {
		p.Write(seg)
	}
}

func (p *raw) receive() (frames []string) {
	p.t.Helper()
	for {
		flags, body := p.frame()
		frames = append(frames, string(body))
		if flags&flagMore == 0 {
			return frames
		}
	}
}

// ended tells whether the other side closes the connection.
func (p *raw) ended() bool {
	_, err := io.Copy(io.Discard, p.r)
	return err == nil || !errors.Is(err, context.DeadlineExceeded) && !isTimeout(err)
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

func bytesOf(frames []string) (b [][]byte) {
	for _, f := range frames {
		b = append(b, []byte(f))
	}
	return b
}

// served fails unless a peer that connects now gets an answer within a second.
func served(t testing.TB, r *Router) {
	t.Helper()
	began := time.Now()
	p := shake(t, r.Addr(), "DEALER", "")
	p.send("are you there?")
	if got := p.receive(); len(got) != 1 || got[0] != "are you there?" {
		t.Fatalf("got %q", got)
	}
	if d := time.Since(began); d > time.Second {
		t.Errorf("answered after %v", d)
	}
	p.Close()
}

// A zmq4 socket as client.
func client(t testing.TB, open func(context.Context, ...zmq4.Option) zmq4.Socket, addr net.Addr) zmq4.Socket {
	t.Helper()
	s := open(context.Background(), zmq4.WithID(zmq4.SocketIdentity(t.Name())))
	scheme := map[string]string{"tcp": "tcp", "unix": "ipc"}[addr.Network()]
	if err := s.Dial(fmt.Sprintf("%s://%s", scheme, addr)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRouterAndAClient(t *testing.T) {
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			r := echo(t, network, Limits{})
			c := client(t, zmq4.NewDealer, r.Addr())
			for _, frames := range [][][]byte{
				{[]byte("one")}, {nil}, {nil, []byte("a"), nil}, {bytes.Repeat([]byte("x"), 255)}, {bytes.Repeat([]byte("x"), 256)},
				{bytes.Repeat([]byte("y"), shared-1), bytes.Repeat([]byte("z"), shared)}, {bytes.Repeat([]byte("ten million"), 1e6)},
			} {
				if err := c.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
					t.Fatal(err)
				}
				got, err := c.Recv()
				if err != nil {
					t.Fatal(err)
				}
				if !equal(got.Frames, frames) {
					t.Errorf("sent %d frames of %d bytes, got %d of %d", len(frames), len(frames[0]), len(got.Frames), len(got.Frames[0]))
				}
			}
		})
	}
}

func equal(a, b [][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
