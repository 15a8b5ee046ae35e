package guard

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// A tap is a subscriber inside the process, a connection without a wire. zmq4's PUB queue is hidden and
// without a bound; counting what reaches the tap tells what that queue still holds.
type tap struct {
	net.Conn
	script   []byte
	unframer unframer
	messages atomic.Int64
	bytes    atomic.Int64
	ready    chan struct{} // closed when the tap is subscribed
	closed   chan struct{}
	opened   sync.Once
	ended    sync.Once
}

func newTap() *tap {
	conn, _ := net.Pipe()
	t := &tap{Conn: conn, ready: make(chan struct{}), closed: make(chan struct{})}
	t.unframer = newUnframer(t.frame)
	m := hello{socket: "SUB"}.replay()
	m.add(0, []byte{1}) // subscribe to everything
	for _, seg := range m.segments {
		t.script = append(t.script, seg...)
	}
	return t
}

func (t *tap) frame(flags byte, body []byte) error {
	if flags&flagCommand != 0 {
		return nil
	}
	t.bytes.Add(int64(len(body)))
	if flags&flagMore == 0 {
		t.messages.Add(1)
	}
	return nil
}

// Read plays the script. When zmq4 asks for more, the subscription is in force.
func (t *tap) Read(b []byte) (int, error) {
	if len(t.script) > 0 {
		n := copy(b, t.script)
		t.script = t.script[n:]
		return n, nil
	}
	t.opened.Do(func() { close(t.ready) })
	<-t.closed
	return 0, io.EOF
}

func (t *tap) Write(b []byte) (int, error) { return len(b), t.unframer.write(b) }

func (t *tap) Close() error {
	t.ended.Do(func() { close(t.closed) })
	return nil
}
