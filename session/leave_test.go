package session

import (
	"testing"

	"github.com/riffle-stream/riffle/kernel"
)

func TestLeave(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for _, c := range []struct {
		code   string
		leaves bool
		fails  bool
	}{
		{"exit", true, false}, {" quit\n", true, false}, {"quit()", true, false},
		{"exit(1)", false, true}, {"x := exit", false, true}, {"%time exit", false, true},
		{"exit := 3", false, false}, {"exit", false, false}, {"quit", true, false}, {"func quit() {}", false, false}, {"quit()", false, false},
	} {
		p := &page{}
		res, err := n.Eval(t.Context(), kernel.Cell{Code: c.code}, p)
		if res.Leaves != c.leaves || (err != nil) != c.fails {
			t.Errorf("%q: leaves %v, %v; want %v", c.code, res.Leaves, err, c.leaves)
		}
	}
}
