package live

import (
	"io"
	"slices"
	"sync"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// maxWaiting is how many rows of a root wait for a reader that is slow; older ones are dropped and counted.
const maxWaiting = 20_000

// A source is a root, or its windows that are still open.
type source struct {
	root int
	open bool
}

// speaker sends messages from a goroutine of its own, so that a slow reader
// never holds the run up: the newest rows win.
type speaker struct {
	out  io.Writer
	wake chan struct{}
	done chan struct{}

	mu       sync.Mutex
	first    []Message
	rows     map[source]*Rows
	progress *Progress
	last     *Message
}

func newSpeaker(out io.Writer) *speaker {
	s := &speaker{out: out, wake: make(chan struct{}, 1), done: make(chan struct{}), rows: map[source]*Rows{}}
	go s.run()
	return s
}

// say sends a message that must arrive.
func (s *speaker) say(m Message) {
	s.mu.Lock()
	if m.Bye != nil {
		s.last = &m
	} else {
		s.first = append(s.first, m)
	}
	s.mu.Unlock()
	s.nudge()
}

// tell replaces what was said of the progress.
func (s *speaker) tell(p Progress) {
	s.mu.Lock()
	s.progress = &p
	s.mu.Unlock()
	s.nudge()
}

// give adds rows of a root; idle says that they are given for silence.
func (s *speaker) give(from source, b *row.Batch, idle bool) {
	s.mu.Lock()
	r := s.rows[from]
	if r == nil {
		r = &Rows{Root: from.root, Open: from.open}
		s.rows[from] = r
	}
	for i := range b.Len() {
		key := ""
		if b.Key.Kind == row.String && !b.Key.IsNull(i) {
			key = string([]byte(b.Key.Strs[i]))
		}
		r.Times, r.Keys, r.Data = append(r.Times, b.Time[i]), append(r.Keys, key), append(r.Data, row.AppendRow(nil, b, i))
		r.Idle = append(r.Idle, idle)
	}
	if over := len(r.Data) - maxWaiting; over > 0 {
		r.Dropped += over
		r.Times, r.Keys, r.Data, r.Idle = r.Times[over:], r.Keys[over:], r.Data[over:], r.Idle[over:]
	}
	s.mu.Unlock()
	s.nudge()
}

func (s *speaker) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run sends what waits until the last message has gone or nobody reads.
func (s *speaker) run() {
	defer close(s.done)
	for range s.wake {
		for {
			batch, over := s.take()
			for _, m := range batch {
				if write(s.out, m) != nil {
					return
				}
			}
			if over {
				return
			}
			if len(batch) == 0 {
				break
			}
		}
	}
}

// take is what waits, in the order in which it is to be sent; over says that nothing follows.
func (s *speaker) take() (batch []Message, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch, s.first = s.first, nil
	for from, r := range s.rows {
		if !slices.Contains(r.Idle, true) {
			r.Idle = nil
		}
		batch = append(batch, Message{Rows: r})
		delete(s.rows, from)
	}
	if s.progress != nil {
		batch = append(batch, Message{Progress: s.progress})
		s.progress = nil
	}
	if s.last != nil {
		return append(batch, *s.last), true
	}
	return batch, false
}

// close says why the run ended and waits until that has been sent.
func (s *speaker) close(err error) {
	bye := &Bye{}
	if err != nil {
		bye.Error = err.Error()
	}
	s.say(Message{Bye: bye})
	<-s.done
}
