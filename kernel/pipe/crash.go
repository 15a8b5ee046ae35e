package pipe

import (
	"strings"
	"sync"
	"time"
)

// maxCrash bounds the kept text of a crash, tailSize what is kept of other output, in bytes.
const (
	maxCrash = 256 << 10
	tailSize = 4 << 10
)

// patience is how long text that looks like a crash is held back while its cell runs. A crashing process
// has ended by then: to walk a stack of a gigabyte takes Go's runtime about two seconds.
const patience = 5 * time.Second

// crashSigns begin the first line that Go's runtime writes when it gives up.
var crashSigns = [...]string{"panic: ", "fatal error: ", "runtime: ", "unexpected fault address", "SIGSEGV: ", "SIGQUIT: ", "SIGABRT: "}

// A stderrFilter passes on what the worker writes to stderr and keeps back what looks like the dump of a
// crash: if the process does end, a report takes its place.
type stderrFilter struct {
	emit func(text string)

	mu      sync.Mutex
	tail    string // the last lines that were passed on
	held    strings.Builder
	midLine bool // what was passed on does not end with a newline
	timer   *time.Timer
}

func (f *stderrFilter) write(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held.Len() == 0 {
		n := crashStart(text, f.midLine)
		f.pass(text[:n])
		text = text[n:]
	}
	if text == "" {
		return
	}
	if f.held.Len() == 0 {
		f.timer = time.AfterFunc(patience, f.release)
	}
	if f.held.Len() < maxCrash {
		f.held.WriteString(text)
	}
}

func (f *stderrFilter) pass(text string) {
	if text == "" {
		return
	}
	f.midLine = !strings.HasSuffix(text, "\n")
	f.tail += text
	f.tail = f.tail[max(0, len(f.tail)-tailSize):]
	f.emit(text)
}

// release passes on what was held back: the process goes on, so it was no crash.
func (f *stderrFilter) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.timer != nil {
		f.timer.Stop()
	}
	text := f.held.String()
	f.held.Reset()
	f.pass(text)
}

// last gives the dump, if there was one, and what was printed before it.
func (f *stderrFilter) last() (dump, tail string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.timer != nil {
		f.timer.Stop()
	}
	return f.held.String(), f.tail
}

// crashStart gives the offset of the first line that begins like a crash, or may when the rest of it comes.
func crashStart(text string, midLine bool) int {
	for at := 0; at < len(text); {
		line := text[at:]
		if !midLine {
			for _, sign := range crashSigns {
				if strings.HasPrefix(line, sign) || strings.HasPrefix(sign, line) {
					return at
				}
			}
		}
		end := strings.IndexByte(line, '\n')
		if end < 0 {
			break
		}
		at, midLine = at+end+1, false
	}
	return len(text)
}
