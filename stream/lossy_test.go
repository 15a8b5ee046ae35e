//go:build synctests

package stream

import (
	"encoding/binary"
	"io"
	"net"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// lossy is a connection on which what the broker did is not always what the
// client hears: an answer to EndTxn may turn into an unknown error, or be cut off.
type lossy struct {
	net.Conn
	answer func() int // 0: an unknown error; 1: the connection ends; else it stays

	mu    sync.Mutex
	ends  map[int32]int16 // versions of the EndTxn requests under way, by correlation id
	ready []byte          // of an answer
}

func newLossy(c net.Conn, answer func() int) *lossy {
	return &lossy{Conn: c, answer: answer, ends: map[int32]int16{}}
}

// Write notes the requests. The client writes each as a whole.
func (l *lossy) Write(b []byte) (int, error) {
	if len(b) >= 12 && binary.BigEndian.Uint16(b[4:]) == uint16(kmsg.EndTxn) {
		l.mu.Lock()
		l.ends[int32(binary.BigEndian.Uint32(b[8:]))] = int16(binary.BigEndian.Uint16(b[6:]))
		l.mu.Unlock()
	}
	return l.Conn.Write(b)
}

// Read gives answers, whole ones read ahead.
func (l *lossy) Read(b []byte) (int, error) {
	if len(l.ready) == 0 {
		if err := l.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, l.ready)
	l.ready = l.ready[n:]
	return n, nil
}

func (l *lossy) next() error {
	head := make([]byte, 8)
	if _, err := io.ReadFull(l.Conn, head); err != nil {
		return err
	}
	frame := append(head, make([]byte, binary.BigEndian.Uint32(head)-4)...)
	if _, err := io.ReadFull(l.Conn, frame[8:]); err != nil {
		return err
	}
	l.ready = frame
	id := int32(binary.BigEndian.Uint32(head[4:]))
	l.mu.Lock()
	version, ok := l.ends[id]
	delete(l.ends, id)
	l.mu.Unlock()
	if !ok {
		return nil
	}
	switch l.answer() {
	case 0:
		l.ready = unknown(frame, version)
	case 1:
		l.Conn.Close()
		return io.ErrUnexpectedEOF
	}
	return nil
}

// unknown is the answer with its error replaced.
func unknown(frame []byte, version int16) []byte {
	resp := kmsg.NewPtrEndTxnResponse()
	resp.Version = version
	at := 8
	if resp.IsFlexible() {
		at++
	}
	if err := resp.ReadFrom(frame[at:]); err != nil {
		panic(err)
	}
	resp.ErrorCode = kerr.UnknownServerError.Code
	out := resp.AppendTo(append([]byte(nil), frame[:at]...))
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	return out
}
