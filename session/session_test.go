package session

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/symbols/riffle"
	"github.com/riffle-stream/riffle/kernel"
)

// page is an output that keeps what a cell shows, as plain text.
type page struct{ text strings.Builder }

func (p *page) Stream(_, text string) { p.text.WriteString(text) }
func (p *page) Show(d kernel.Display) { fmt.Fprintln(&p.text, d.Data["text/plain"]) }
func (p *page) Clear(bool)            {}
func (p *page) Input(context.Context, string, bool) (string, error) {
	return "", kernel.ErrNoInput
}

func TestTry(t *testing.T) {
	s, err := New(Config{Dir: t.TempDir(), Program: os.Getenv("RIFFLE"), Prelude: interp.Prelude{Path: "github.com/riffle-stream/riffle/cells", Set: riffle.Set()}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b, _ := os.ReadFile("/tmp/nb/cells.txt")
	for i, code := range strings.Split(string(b), "\n---\n") {
		var p page
		began := time.Now()
		_, err := s.Eval(context.Background(), kernel.Cell{Code: code, Count: i + 1}, &p)
		fmt.Printf("[%d] %s\n%s\n%s\n", i+1, code, p.text.String(), time.Since(began))
		if err != nil {
			fmt.Println("ERROR", strings.Join(kernel.AsError(err).Traceback, "\n"))
		}
	}
}
