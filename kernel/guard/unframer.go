package guard

import "encoding/binary"

// An unframer takes the bytes that zmq4 writes, in whatever pieces, and gives frames. zmq4 writes its
// greeting (skipped: the peer has ours already), then header and body of each frame apart.
type unframer struct {
	frame func(flags byte, body []byte) error

	skip   int
	header []byte
	need   int // size of the body being read; -1 while the header is incomplete
	body   []byte
}

func newUnframer(frame func(flags byte, body []byte) error) unframer {
	return unframer{frame: frame, skip: greetingSize, need: -1}
}

func (u *unframer) write(p []byte) error {
	n := min(u.skip, len(p))
	u.skip, p = u.skip-n, p[n:]
	for len(p) > 0 {
		if u.need < 0 {
			p = u.readHeader(p)
		} else {
			p = u.readBody(p)
		}
		if len(u.body) != u.need {
			continue
		}
		flags, body := u.header[0], u.body
		u.header, u.need, u.body = u.header[:0], -1, nil
		if err := u.frame(flags, body); err != nil {
			return err
		}
	}
	return nil
}

func (u *unframer) readHeader(p []byte) []byte {
	u.header = append(u.header, p[0])
	long := u.header[0]&flagLong != 0
	switch {
	case long && len(u.header) == 9:
		u.need = int(binary.BigEndian.Uint64(u.header[1:]))
	case !long && len(u.header) == 2:
		u.need = int(u.header[1])
	}
	return p[1:]
}

// readBody keeps a body that came in one piece by reference: callers of Send never change a frame afterwards.
func (u *unframer) readBody(p []byte) []byte {
	n := min(u.need-len(u.body), len(p))
	if n == u.need {
		u.body = p[:n:n]
	} else {
		u.body = append(u.body, p[:n]...)
	}
	return p[n:]
}
