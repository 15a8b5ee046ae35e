package expr

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/errors.txt with what is seen")

// TestErrors compares the whole text of errors: the source with its mark, and the message.
func TestErrors(t *testing.T) {
	const file = "testdata/errors.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b := oneRow(t)
	var got []string
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		src, _, _ := strings.Cut(block, "\n")
		_, _, err := eval(src, b)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v, want an *Error", src, err)
			continue
		}
		if e.Src != src || e.Pos < 0 || e.Len < 0 || e.Pos+e.Len > len(src) {
			t.Errorf("%s: error at %d+%d of %q", src, e.Pos, e.Len, e.Src)
		}
		got = append(got, e.Caret()+"\n"+e.Error())
	}
	all := strings.Join(got, "\n\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(all), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(text), all); diff != "" && !*update {
		t.Error(diff)
	}
}

func TestCaretOfWideText(t *testing.T) {
	_, err := Parse("größe +\t* 2")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if want := "größe + * 2\n        ^"; e.Caret() != want {
		t.Errorf("got\n%s\nwant\n%s", e.Caret(), want)
	}
}
