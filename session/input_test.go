package session

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/kernel"
)

// asked is a page whose reader answers.
type asked struct {
	page
	answers []string
}

func (a *asked) Input(_ context.Context, prompt string, hidden bool) (string, error) {
	if len(a.answers) == 0 {
		return "", kernel.ErrNoInput
	}
	a.print(fmt.Sprintf("[%s %t]", prompt, hidden))
	answer := a.answers[0]
	a.answers = a.answers[1:]
	return answer, nil
}

func TestInput(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for i, c := range []struct {
		code    string
		answers []string
		want    string
	}{
		{`"hello " + Input("name?")`, []string{"Ada"}, "[name? false]hello Ada"},
		{`len(Password("word?"))`, []string{"secret"}, "[word? true]6"},
		{"import \"fmt\"\nvar a, b int\nfmt.Scan(&a, &b)\na + b", []string{"1 2 rest"}, "[ false]3"},
		{"var w string\nfmt.Scanln(&w)\nw", []string{"of this cell"}, "[ false]of"},
		{"import (\"bufio\"; \"os\")\nsc := bufio.NewScanner(os.Stdin)\nsc.Scan(); sc.Scan()\nsc.Text()", []string{"one", "two words"}, "[ false][ false]two words"},
		{"var x int\nfmt.Fscan(os.Stdin, &x)\nx", []string{"7"}, "[ false]7"},
	} {
		p := &asked{answers: c.answers}
		res, err := n.Eval(t.Context(), kernel.Cell{Code: c.code, Count: i + 1}, p)
		if err != nil {
			t.Fatalf("%s: %v", c.code, err)
		}
		if got := p.String() + res.Data["text/plain"].(string); got != c.want {
			t.Errorf("%s\ngives %q, want %q", c.code, got, c.want)
		}
	}
}

func TestInputOfAClientThatCannotAsk(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustFail("x := 1\nInput(\"name?\")", "cannot ask for input", "cell 1:2:1")
	if got := n.mustRun("import \"fmt\"\nvar a int\nk, err := fmt.Scan(&a)\nfmt.Println(k, err)"); !strings.Contains(got, "0 input: this client cannot ask") {
		t.Errorf("Scan gives %s", got)
	}
}
