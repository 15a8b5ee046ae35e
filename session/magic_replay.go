package session

import (
	"errors"
	"strings"

	"github.com/riffle-stream/riffle/interp"
)

const replayHelp = `A cell can end the process that holds all variables. The cells that ended well before it run again, in their
order and without their output, but for those that act on something outside the notebook: these are named, with why. Live, Export
and %sh do nothing then.`

// replayMagic is only reached where the kernel, which has the earlier cells, did not answer.
func (s *Session) replayMagic(*running, string) error {
	return errors.New("%replay stands alone in its cell")
}

// acting are the verbs that act on something outside the notebook, or on the user, even in a cell that runs again.
var acting = map[string]bool{"Write": true, "Save": true, "Input": true, "Password": true}

// acts says why a cell may not run a second time without being asked for, or "".
func (s *Session) acts(text string) string {
	code, _ := goCode(0, text)
	why := s.engine.Acts(interp.Cell{Text: code.Text}, func(name string) bool { return acting[name] })
	return strings.Join(why, "; ")
}
