package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riffle-stream/riffle/dataframe/exec"
)

// Reader reads the state of a run's own tasks, as it was committed last. Give
// one to a [Config]; it may be used from any goroutine.
type Reader struct{ asked chan question }

// NewReader is a reader for one run.
func NewReader() *Reader { return &Reader{make(chan question)} }

// question is answered by the goroutine that runs the tasks, between two transactions.
type question struct {
	ask  func(*session) error
	done chan error
}

// readTimeout is how long a question waits for the end of a transaction.
const readTimeout = 10 * time.Second

var errEnded = errors.New("the program is not reading rows now, so its state cannot be read: it starts, restores or waits; ask again")

// Kept is a step that keeps state.
type Kept struct {
	Step string `json:"step"` // its name, as in --reset-state
	Does string `json:"does"` // its text
	Here int    `json:"tasks"`
}

// Steps are the steps that keep something, and how many of their tasks run here.
func (r *Reader) Steps(ctx context.Context) (out []Kept, err error) {
	err = r.ask(ctx, func(s *session) error {
		for _, p := range s.layout.parts {
			for _, k := range p.kept {
				n := 0
				for id := range s.tasks {
					if id.Sub == p.sub.ID {
						n++
					}
				}
				out = append(out, Kept{k.ID, k.Step.Op.Text(), n})
			}
		}
		return nil
	})
	return out, err
}

// Read gives what a step keeps for the keys that are wanted, in the tasks that
// run here, to fn: in the order of partitions, windows and keys. It ends early, without an error, when fn gives [exec.ErrEnough].
func (r *Reader) Read(ctx context.Context, step string, want func(key string) bool, fn func(exec.Entry) error) error {
	return r.ask(ctx, func(s *session) error {
		var ids []TaskID
		for id, t := range s.tasks {
			if slices.ContainsFunc(t.part.kept, func(k kept) bool { return k.ID == step }) {
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 {
			return fmt.Errorf("%w %q, in the tasks that run here", exec.ErrNoStep, step)
		}
		slices.SortFunc(ids, func(a, b TaskID) int { return int(a.Partition - b.Partition) })
		for _, id := range ids {
			if err := s.tasks[id].run.Read(step, want, fn); errors.Is(err, exec.ErrEnough) {
				return nil
			} else if err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Reader) ask(ctx context.Context, ask func(*session) error) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	q := question{ask, make(chan error, 1)}
	select {
	case r.asked <- q:
		return <-q.done
	case <-ctx.Done():
		return errEnded
	}
}

// tell answers what was asked. It is called when no transaction is open, so that
// only what is committed is seen.
func (s *session) tell() {
	if s.cfg.Reader == nil {
		return
	}
	for {
		select {
		case q := <-s.cfg.Reader.asked:
			q.done <- q.ask(s)
		default:
			return
		}
	}
}
