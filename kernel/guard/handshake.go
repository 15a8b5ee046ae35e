package guard

import (
	"bufio"
	"encoding/binary"
	"io"
	"strings"
)

const (
	greetingSize = 64
	maxReady     = 4096
	maxIdentity  = 255
)

// greeting is ours. It says ZMTP 3.0, so that libzmq subscribes by message as zmq4 expects.
func greeting() []byte {
	b := make([]byte, greetingSize)
	b[0], b[9], b[10] = 0xff, 0x7f, 3
	copy(b[12:], "NULL")
	return b
}

// hello is what a peer said of itself.
type hello struct{ socket, identity string }

// readHello reads the peer's greeting and READY. It fails at the first byte that is wrong, so that
// an HTTP request is answered by a closed connection and not by a timeout.
func readHello(r *bufio.Reader) (hello, error) {
	if err := readGreeting(r); err != nil {
		return hello{}, err
	}
	flags, size, err := readHeader(r)
	if err != nil {
		return hello{}, err
	}
	if flags&flagCommand == 0 || flags&flagMore != 0 || size > maxReady {
		return hello{}, violation("frame with flags %#02x and %d bytes, expected READY", flags, size)
	}
	body, err := readBody(r, int(size))
	if err != nil {
		return hello{}, err
	}
	return parseReady(body)
}

func readGreeting(r *bufio.Reader) error {
	var b [greetingSize]byte
	checks := []struct {
		to int
		ok func() bool
	}{
		{1, func() bool { return b[0] == 0xff }},
		{10, func() bool { return b[9] == 0x7f }},
		{11, func() bool { return b[10] >= 3 }},
		{greetingSize, func() bool { return string(b[12:32]) == "NULL"+strings.Repeat("\x00", 16) }},
	}
	from := 0
	for _, c := range checks {
		if _, err := io.ReadFull(r, b[from:c.to]); err != nil {
			return err
		}
		if !c.ok() {
			return violation("greeting % x, expected ZMTP 3 with mechanism NULL", b[:min(c.to, 32)])
		}
		from = c.to
	}
	return nil
}

// parseReady reads a READY command: name, then properties {1 byte name size, name, 4 bytes value size, value}.
func parseReady(body []byte) (hello, error) {
	rest, ok := strings.CutPrefix(string(body), "\x05READY")
	if !ok {
		return hello{}, violation("command %.16q, expected READY", body)
	}
	var h hello
	for rest != "" {
		name, value, after, ok := property(rest)
		if !ok {
			return hello{}, violation("READY property %.16q is cut short", rest)
		}
		switch strings.ToLower(name) {
		case "socket-type":
			h.socket = value
		case "identity":
			h.identity = value
		}
		rest = after
	}
	if len(h.identity) > maxIdentity {
		return hello{}, violation("routing identity of %d bytes, the limit is %d", len(h.identity), maxIdentity)
	}
	return h, nil
}

func property(s string) (name, value, rest string, ok bool) {
	n := int(s[0])
	if n == 0 || len(s) < 1+n+4 {
		return "", "", "", false
	}
	name, s = s[1:1+n], s[1+n:]
	size := uint64(binary.BigEndian.Uint32([]byte(s[:4])))
	if s = s[4:]; size > uint64(len(s)) {
		return "", "", "", false
	}
	return name, s[:size], s[size:], true
}

// replay is the handshake that zmq4 reads in place of the peer's own: canonical, so nothing in it can surprise zmq4.
func (h hello) replay() message {
	ready := appendProperty([]byte("\x05READY"), "Socket-Type", h.socket)
	if h.identity != "" {
		ready = appendProperty(ready, "Identity", h.identity)
	}
	m := message{segments: [][]byte{greeting()}}
	m.add(flagCommand, ready)
	return m
}

func appendProperty(b []byte, name, value string) []byte {
	b = append(append(b, byte(len(name))), name...)
	return append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
}
