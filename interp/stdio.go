package interp

import (
	"io"
	"os"
	"sync"
	"syscall"
)

// A stdio is the standard streams of cells. What prints through fmt or log writes to the host's writers, in the goroutine that
// prints, so that the host knows whose it is. os.Stdout and os.Stderr are files in Go, so once a cell imports os they are
// pipes that feed the same writers.
type stdio struct {
	in       io.Reader
	out, err *stream
}

// A stream is one of the two outputs.
type stream struct {
	to io.Writer

	mu   sync.Mutex // held from a read of the pipe until the host has its text, so that drain leaves nothing on the way
	file *os.File   // the pipe's end that cells write to, once there is one
	pipe syscall.RawConn
	buf  []byte
}

func newStdio(c Config) *stdio {
	return &stdio{in: c.Stdin, out: &stream{to: c.Stdout}, err: &stream{to: c.Stderr}}
}

// Write writes to the host, after all that is in the pipe.
func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drain()
	return s.to.Write(b)
}

// source is what a reader of cells reads: the host's input in place of os.Stdin.
func (s *stdio) source(r io.Reader) io.Reader {
	if r == io.Reader(os.Stdin) {
		return s.in
	}
	return r
}

// sink is what a writer of cells writes to: the host in place of the pipes, which do not say who wrote.
func (s *stdio) sink(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		for _, out := range []*stream{s.out, s.err} {
			if out.is(f) {
				return out
			}
		}
	}
	return w
}

func (s *stream) is(f *os.File) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file == f
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
	pipe, err := r.SyscallConn()
	if err != nil {
		return own
	}
	s.file, s.pipe, s.buf = w, pipe, make([]byte, 64<<10)
	go s.pump()
	return w
}

// pump copies the pipe to the host for as long as the process lives.
func (s *stream) pump() {
	s.pipe.Read(func(uintptr) (done bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drain()
		return false // wait until there is more
	})
}

// drain gives the host what is in the pipe: at most 1 MB, so that a goroutine which prints for ever does not keep it here.
// It does so in a goroutine that is no cell's, since the caller need not be who wrote it.
func (s *stream) drain() {
	for total := 0; s.pipe != nil && total < 1<<20; {
		n := s.read()
		if n <= 0 {
			return
		}
		total += n
		given := make(chan struct{})
		go func() {
			defer close(given)
			s.to.Write(s.buf[:n]) // a host that cannot take output has no way to hear about it
		}()
		<-given
	}
}

// read reads what is in the pipe, without waiting.
func (s *stream) read() (n int) {
	s.pipe.Control(func(fd uintptr) {
		err := error(syscall.EINTR)
		for err == syscall.EINTR {
			n, err = syscall.Read(int(fd), s.buf)
		}
	})
	return n
}

// flush waits until what was written has reached the host.
func (s *stdio) flush() {
	for _, out := range []*stream{s.out, s.err} {
		out.mu.Lock()
		out.drain()
		out.mu.Unlock()
	}
}
