package exec

import (
	"errors"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// try runs fn, which calls a user's function for rows from *at on and leaves
// there the one that it failed for. If the function panicked, it is run again
// as often as the step's policy says for that row.
func (t *Task) try(s *plan.Step, at *int, fn func()) error {
	for row, tries := -1, 0; ; tries++ {
		err := call(fn)
		var p *panicked
		if err == nil || !errors.As(err, &p) {
			return err
		}
		if *at != row {
			row, tries = *at, 0
		}
		if tries >= s.Policy.Tries {
			return err
		}
		if !t.cfg.Lenient { // who looks at a sample does not wait for what may pass
			time.Sleep(s.Policy.Wait << tries)
		}
	}
}
