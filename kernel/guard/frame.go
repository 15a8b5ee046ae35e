package guard

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The flag bits of a ZMTP 3 frame (RFC 23).
const (
	flagMore    = 1 << 0
	flagLong    = 1 << 1
	flagCommand = 1 << 2
)

// ErrProtocol is wrapped by every error about bytes that are not ZMTP 3, or exceed a limit.
var ErrProtocol = errors.New("zmtp protocol violation")

func violation(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(format, args...))
}

// readHeader reads a frame's flags and declared size. The size is a claim of the peer: check it before use.
func readHeader(r *bufio.Reader) (flags byte, size uint64, err error) {
	if flags, err = r.ReadByte(); err != nil {
		return 0, 0, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 {
		return 0, 0, violation("frame flags %#02x, expected the lowest three bits only", flags)
	}
	var b [8]byte
	width := b[7:]
	if flags&flagLong != 0 {
		width = b[:]
	}
	if _, err = io.ReadFull(r, width); err != nil {
		return 0, 0, err
	}
	return flags, binary.BigEndian.Uint64(b[:]), nil
}

// readBody reads n bytes. The buffer grows with what arrives, so a declared size alone costs no memory.
func readBody(r io.Reader, n int) ([]byte, error) {
	body := make([]byte, min(n, 64<<10))
	for got := 0; ; {
		k, err := io.ReadFull(r, body[got:])
		if got += k; err != nil || got == n {
			return body[:got], err
		}
		grown := make([]byte, min(n, 4*len(body)))
		copy(grown, body)
		body = grown
	}
}

// appendHeader appends the header of a frame of size bytes; the long bit is set as the size asks.
func appendHeader(b []byte, flags byte, size int) []byte {
	flags &= flagMore | flagCommand
	if size > 255 {
		return binary.BigEndian.AppendUint64(append(b, flags|flagLong), uint64(size))
	}
	return append(b, flags, byte(size))
}

// shared is the size from which a body is kept by reference instead of copied beside its neighbours.
const shared = 32 << 10

// message is one encoded message or command: short frames share a segment, long bodies stand alone.
type message struct {
	segments  [][]byte
	size      int    // bytes on the wire, about
	droppable bool   // may be left out for a peer that is behind
	after     func() // runs when zmq4 has handled the message
}

func (m *message) add(flags byte, body []byte) {
	last := len(m.segments) - 1
	if last < 0 || len(m.segments[last]) >= shared {
		m.segments = append(m.segments, make([]byte, 0, min(len(body), shared)+512))
		last++
	}
	seg := appendHeader(m.segments[last], flags, len(body))
	m.size += len(body) + 9
	if len(body) < shared {
		m.segments[last] = append(seg, body...)
		return
	}
	m.segments[last] = seg
	m.segments = append(m.segments, body)
}

// encode makes one message of frames.
func encode(frames [][]byte) message {
	var m message
	for i, f := range frames {
		more := byte(flagMore)
		if i == len(frames)-1 {
			more = 0
		}
		m.add(more, f)
	}
	return m
}
