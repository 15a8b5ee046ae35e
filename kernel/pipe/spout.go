package pipe

import (
	"os"
	"sync"
	"syscall"
)

// A spout reads what the worker process writes to its own stdout or stderr, past the evaluator.
type spout struct {
	file *os.File
	raw  syscall.RawConn
	emit func(text string)

	mu   sync.Mutex // held from a read until its text is emitted, so that drain leaves nothing on the way
	rest []byte     // the beginning of a rune
	buf  [64 << 10]byte
}

func newSpout(f *os.File, emit func(string)) (*spout, error) {
	raw, err := f.SyscallConn()
	return &spout{file: f, raw: raw, emit: emit}, err
}

// run reads until the file is closed or ended.
func (s *spout) run() {
	for ended := false; !ended; {
		err := s.raw.Read(func(fd uintptr) (done bool) {
			s.mu.Lock()
			defer s.mu.Unlock()
			n, err := s.read(int(fd))
			ended = n == 0 && err == nil || err != nil && err != syscall.EAGAIN
			return err != syscall.EAGAIN // otherwise wait until there is something to read
		})
		if err != nil {
			return
		}
	}
}

// drain emits what the worker has written up to now: at most what a pipe holds, so that a goroutine which
// prints for ever does not keep it here.
func (s *spout) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.raw.Control(func(fd uintptr) {
		for total := 0; total < 1<<20; {
			n, err := s.read(int(fd))
			if n <= 0 || err != nil {
				return
			}
			total += n
		}
	})
}

// read emits what is there; the descriptor does not block.
func (s *spout) read(fd int) (int, error) {
	kept := copy(s.buf[:], s.rest)
	n, err := syscall.Read(fd, s.buf[kept:])
	for err == syscall.EINTR {
		n, err = syscall.Read(fd, s.buf[kept:])
	}
	if n <= 0 {
		return n, err
	}
	text := s.buf[:kept+n]
	whole := wholeRunes(text, len(text))
	s.rest = append(s.rest[:0], text[whole:]...)
	if whole > 0 {
		s.emit(string(text[:whole]))
	}
	return n, nil
}

func (s *spout) close() { s.file.Close() }
