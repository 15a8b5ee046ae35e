package session

import (
	"errors"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/kernel"
)

// leave tells whether a cell asks to leave a console as one leaves others, by exit or quit, and says what becomes of
// that. If a cell has declared the name, it is only a name.
func (c *running) leave(err error) bool {
	word := strings.TrimSuffix(strings.TrimSpace(c.text), "()")
	var list source.ErrorList
	if word != "exit" && word != "quit" || !errors.As(err, &list) || len(list) == 0 || list[0].Message != "undefined: "+word {
		return false
	}
	c.out.Stream(kernel.Stdout, "A console ends here. A notebook goes on: what ends it is Shut Down in its menu Kernel.\n")
	c.leaves = true
	return true
}
