package session

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

// board keeps what is shown of each display, and how often it was.
type board struct {
	page
	shows sync.Map // id -> *[]kernel.Display
}

func (b *board) Show(d kernel.Display) {
	list, _ := b.shows.LoadOrStore(d.ID, &[]kernel.Display{})
	*list.(*[]kernel.Display) = append(*list.(*[]kernel.Display), d)
	b.print(fmt.Sprintln(d.Data["text/plain"]))
}

// last is the text that each display ends with, and the number of messages.
func (b *board) last() (texts []string, messages int) {
	b.shows.Range(func(_, v any) bool {
		list := *v.(*[]kernel.Display)
		messages += len(list)
		texts = append(texts, list[len(list)-1].Data["text/plain"].(string))
		return true
	})
	return texts, messages
}

func (n *notebook) watch(code string) (*board, error) {
	n.count++
	b := &board{}
	_, err := n.Eval(n.t.Context(), kernel.Cell{Code: code, Count: n.count}, b)
	return b, err
}

func TestProgress(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	for name, c := range map[string]struct {
		code   string
		shows  []string // parts of what a display ends with
		at     int      // displays
		failed string
	}{
		"whole":  {"sum := 0\nfor i := range Progress(100_000) { sum += i }\nsum", []string{"100,000 of 100,000  100 %"}, 1, ""},
		"label":  {"for range Progress(3, \"laps\") {}", []string{"laps", "3 of 3"}, 1, ""},
		"nested": {"for range Progress(50) { for range Progress(20) {} }", []string{"50 of 50", "20 of 20"}, 2, ""},
		"break":  {"for i := range Progress(10) { if i == 4 { break } }", []string{"4 of 10", "stopped"}, 1, ""},
		"panic":  {"for i := range Progress(10) { if i == 4 { panic(\"oh\") } }", []string{"4 of 10", "stopped"}, 1, "oh"},
		"none":   {"for range Progress(0) { panic(0) }", nil, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := n.watch(c.code)
			if fmt.Sprint(err) == "<nil>" != (c.failed == "") || err != nil && !strings.Contains(err.Error(), c.failed) {
				t.Fatalf("error %v", err)
			}
			texts, messages := b.last()
			if len(texts) != c.at {
				t.Errorf("%d displays, want %d: %q", len(texts), c.at, texts)
			}
			for _, want := range c.shows {
				if !strings.Contains(strings.Join(texts, "\n"), want) {
					t.Errorf("they end with %q, want %q in it", texts, want)
				}
			}
			if messages > 100 {
				t.Errorf("%d messages: nobody wants more than ten a second", messages)
			}
		})
	}
}

func TestProgressMoves(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	b, err := n.watch("import \"time\"\nfor range Progress(6) { time.Sleep(110 * time.Millisecond) }")
	if err != nil {
		t.Fatal(err)
	}
	if _, messages := b.last(); messages < 3 {
		t.Errorf("%d messages in 0.6 s, want about 6", messages)
	}
	b.shows.Range(func(_, v any) bool {
		for i, d := range *v.(*[]kernel.Display) {
			if d.Update != (i > 0) {
				t.Errorf("message %d of a bar updates: %t", i, d.Update)
			}
		}
		return true
	})
}

func TestProgressIsInterrupted(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun(`import "time"`)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	b := &board{}
	_, err := n.Eval(ctx, kernel.Cell{Code: "for range Progress(1_000_000) { time.Sleep(10 * time.Millisecond) }", Count: 2}, b)
	texts, _ := b.last()
	if err == nil || len(texts) != 1 || !strings.Contains(texts[0], "interrupted") {
		t.Errorf("an interrupted bar ends with %q, %v", texts, err)
	}
}
