package interp

import (
	"context"
	"strings"
	"testing"
)

// TestDeferIsRefusedWhereItWouldBeWrong looks at what the interpreter cannot do as compiled Go does.
func TestDeferIsRefusedWhereItWouldBeWrong(t *testing.T) {
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Eval(context.Background(), Cell{Number: 1, Text: "func f() {\n\tfor i := range 3 {\n\t\tdefer func() { println(i) }()\n\t}\n}"})
	if err == nil || !strings.Contains(err.Error(), "in a loop, of which all would be the last one") {
		t.Errorf("a defer in a loop gives %v, want it refused", err)
	}
	r, err := e.Eval(context.Background(), Cell{Number: 2, Text: "func g(n int) {}\nfunc h() {\n\tx := 1\n\tdefer g(x)\n\tx = 2\n}"})
	if err != nil || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "takes them now") {
		t.Errorf("a deferred call of a variable gives the notes %q and %v, want one", r.Notes, err)
	}
}
