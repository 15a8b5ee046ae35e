package interp

import (
	"bytes"
	"io"
	"os"
	"slices"
	"sync"
)

// A stdio is the standard streams of cells. What prints through fmt or log writes to the host's writers directly.
// os.Stdout and os.Stderr are files in Go, so once a cell imports os they are pipes that feed the same writers, and
// everything goes through them, to stay in order.
type stdio struct {
	in       io.Reader
	out, err *stream
}

// A stream is one of the two outputs.
type stream struct {
	mu   sync.Mutex
	to   io.Writer
	file *os.File // the pipe's end that cells write to, once there is one
	ack  chan struct{}
}

func newStdio(c Config) *stdio {
	return &stdio{in: c.Stdin, out: &stream{to: c.Stdout}, err: &stream{to: c.Stderr}}
}

// Write writes to the host, through the pipe if there is one.
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file != nil {
		return s.file.Write(b)
	}
	return s.to.Write(b)
}

// source is what a reader of cells reads: the host's input in place of os.Stdin.
func (s *stdio) source(r io.Reader) io.Reader {
	if r == io.Reader(os.Stdin) {
		return s.in
	}
	return r
}

// watch makes pipes when a cell imports os.
func (s *stdio) watch(paths []string) {
	if slices.Contains(paths, "os") {
		s.out.flush()
		s.err.flush()
	}
}

// open returns the pipe, making it when first asked; without one the process's own file.
func (s *stream) open(own *os.File) *os.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file != nil {
		return s.file
	}
	r, w, err := os.Pipe()
	if err != nil {
		return own
	}
	s.file, s.ack = w, make(chan struct{}, 1)
	go s.pump(r)
	return w
}

// flushMark is what flush writes into the pipe; the pump answers it and keeps it from the host.
var flushMark = []byte("\x00riffle\x01flush\x02")

// pump copies the pipe to the host.
func (s *stream) pump(r io.Reader) {
	buf, rest := make([]byte, 64<<10), []byte(nil)
	for {
		n, err := r.Read(buf)
		rest = append(rest, buf[:n]...)
		for {
			i := bytes.Index(rest, flushMark)
			if i < 0 {
				break
			}
			s.emit(rest[:i])
			rest = rest[i+len(flushMark):]
			s.ack <- struct{}{}
		}
		keep := partial(rest, flushMark)
		s.emit(rest[:len(rest)-keep])
		rest = append([]byte(nil), rest[len(rest)-keep:]...)
		if err != nil {
			return
		}
	}
}

func (s *stream) emit(b []byte) {
	if len(b) > 0 {
		// A host that cannot take output has no way to hear about it.
		_, _ = s.to.Write(b)
	}
}

// flush waits until what was written has reached the host.
func (s *stream) flush() {
	s.mu.Lock()
	file := s.file
	s.mu.Unlock()
	if file == nil {
		return
	}
	if _, err := file.Write(flushMark); err == nil {
		<-s.ack
	}
}

func (s *stdio) flush() {
	s.out.flush()
	s.err.flush()
}

// partial is how many bytes at the end of b may be the beginning of mark.
func partial(b, mark []byte) int {
	for n := min(len(b), len(mark)-1); n > 0; n-- {
		if bytes.HasPrefix(mark, b[len(b)-n:]) {
			return n
		}
	}
	return 0
}
