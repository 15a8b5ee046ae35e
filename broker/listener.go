package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxRequest bounds a request in bytes; clients limit a batch to a hundredth of it.
const maxRequest = 100 << 20

// listener counts the clients that are connected. The broker's own feed comes in by pipe and is not counted.
type listener struct {
	net.Listener
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once

	mu    sync.Mutex
	conns int
	since time.Time // when the last one left
}

func listen(network, address string) (*listener, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	counted := &listener{Listener: l, accepted: make(chan net.Conn), closed: make(chan struct{}), since: time.Now()}
	go counted.pump()
	return counted, nil
}

func (l *listener) pump() {
	for {
		conn, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files, for one: the next may do
			time.Sleep(10 * time.Millisecond)
			continue
		}
		l.count(1)
		guarded := &guard{Conn: conn, left: sync.OnceFunc(func() { l.count(-1) })}
		if !l.hand(guarded) {
			guarded.Close()
		}
	}
}

func (l *listener) hand(conn net.Conn) bool {
	select {
	case l.accepted <- conn:
		return true
	case <-l.closed:
		return false
	}
}

// Accept gives the next connection, from the network or from dial.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.accepted:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener; connections stay.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// dial connects from within the process, uncounted.
func (l *listener) dial() (net.Conn, error) {
	here, there := net.Pipe()
	if !l.hand(there) {
		return nil, net.ErrClosed
	}
	return here, nil
}

func (l *listener) count(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns += n
	l.since = time.Now()
}

// idle is how long nobody has been connected; 0 while somebody is.
func (l *listener) idle() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns > 0 {
		return 0
	}
	return time.Since(l.since)
}

// guard lets only what may be a Kafka request pass: a stray client, such as a browser or one that speaks TLS, must not make the
// fake reserve gigabytes or meet a request that it does not know.
type guard struct {
	net.Conn
	left func()

	head [6]byte // size and key of the request
	told int     // bytes of head that were given on
	rest int     // bytes of the request after head, still to come
}

func (g *guard) Read(p []byte) (int, error) {
	if g.told == len(g.head) && g.rest == 0 {
		g.told = 0
	}
	if g.told == 0 {
		if err := g.next(); err != nil {
			return 0, err
		}
	}
	if g.told < len(g.head) {
		n := copy(p, g.head[g.told:])
		g.told += n
		return n, nil
	}
	n, err := g.Conn.Read(p[:min(len(p), g.rest)])
	g.rest -= n
	return n, err
}

// next reads and judges the start of a request.
func (g *guard) next() error {
	if _, err := io.ReadFull(g.Conn, g.head[:]); err != nil {
		return err
	}
	size, key := binary.BigEndian.Uint32(g.head[:]), int16(binary.BigEndian.Uint16(g.head[4:]))
	// After the key come version, correlation id and the length of a client id.
	if size < 10 || size > maxRequest || kmsg.RequestForKey(key) == nil {
		return fmt.Errorf("request of %d bytes with key %d: not Kafka", size, key)
	}
	g.rest = int(size) - 2
	return nil
}

func (g *guard) Close() error {
	g.left()
	return g.Conn.Close()
}
