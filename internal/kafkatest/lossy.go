package kafkatest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What becomes of the broker's answer to an EndTxn, which it has carried out.
const (
	Unknown = 0 // the client hears of an unknown error
	Cut     = 1 // the connection ends instead
	// All others: the client hears it.
)

// Lossy is a client's connection on which what the broker did is not always
// what the client hears: answer is asked at each answer to an EndTxn, with the
// transactional id.
func Lossy(c net.Conn, answer func(id string) int) net.Conn {
	return &lossy{Conn: c, answer: answer, ends: map[int32]*kmsg.EndTxnRequest{}}
}

type lossy struct {
	net.Conn
	answer func(id string) int

	mu    sync.Mutex
	ends  map[int32]*kmsg.EndTxnRequest // under way, by correlation id
	ready []byte                        // of an answer
}

// Write notes the requests. The client writes each as a whole.
func (l *lossy) Write(b []byte) (int, error) {
	if len(b) >= 14 && binary.BigEndian.Uint16(b[4:]) == uint16(kmsg.EndTxn) {
		req, err := endTxn(b)
		if err != nil {
			return 0, err
		}
		l.mu.Lock()
		l.ends[int32(binary.BigEndian.Uint32(b[8:]))] = req
		l.mu.Unlock()
	}
	return l.Conn.Write(b)
}

// endTxn reads a request behind its header: size, kind, version, correlation id, and the client's name.
func endTxn(b []byte) (*kmsg.EndTxnRequest, error) {
	req := kmsg.NewPtrEndTxnRequest()
	req.Version = int16(binary.BigEndian.Uint16(b[6:]))
	at := 14 + max(0, int(int16(binary.BigEndian.Uint16(b[12:]))))
	if req.IsFlexible() {
		at++
	}
	if at > len(b) {
		return nil, fmt.Errorf("request EndTxn of %d bytes: %w", len(b), io.ErrUnexpectedEOF)
	}
	return req, req.ReadFrom(b[at:])
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
	frame, err := readFrame(l.Conn)
	if err != nil {
		return err
	}
	l.ready = frame
	id := int32(binary.BigEndian.Uint32(frame[4:]))
	l.mu.Lock()
	req := l.ends[id]
	delete(l.ends, id)
	l.mu.Unlock()
	if req == nil {
		return nil
	}
	switch l.answer(req.TransactionalID) {
	case Unknown:
		l.ready, err = unknown(frame, req.Version)
		return err
	case Cut:
		l.Conn.Close()
		return io.ErrUnexpectedEOF
	}
	return nil
}

// largest is more than any client here asks for, or is asked for.
const largest = 256 << 20

// readFrame reads a request or an answer, with its size.
func readFrame(from io.Reader) ([]byte, error) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head)
	if size < 4 || size > largest {
		return nil, fmt.Errorf("frame of %d bytes, want from 4 to %d", size, largest)
	}
	frame := append(head, make([]byte, size-4)...)
	_, err := io.ReadFull(from, frame[8:])
	return frame, err
}

// unknown is the answer with its error replaced.
func unknown(frame []byte, version int16) ([]byte, error) {
	resp := kmsg.NewPtrEndTxnResponse()
	resp.Version = version
	at := 8
	if resp.IsFlexible() {
		at++
	}
	if err := resp.ReadFrom(frame[at:]); err != nil {
		return nil, fmt.Errorf("answer to EndTxn: %w", err)
	}
	resp.ErrorCode = kerr.UnknownServerError.Code
	out := resp.AppendTo(append([]byte(nil), frame[:at]...))
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	return out, nil
}
