package interp

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"sync"
	"testing"
	"time"
)

// A session is one entry of the corpus: cells, and everything they print.
type session struct {
	Name  string
	Cells []string
	Want  string
}

func corpus(t testing.TB) []session {
	t.Helper()
	data, err := os.ReadFile("testdata/go-cells.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []session
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// known are the sessions of all collections that do not give their output, and why; docs/language.md tells users.
var known = map[string]string{}

// A buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestCorpus(t *testing.T) {
	passed := 0
	for _, c := range corpus(t) {
		t.Run(c.Name, func(t *testing.T) {
			got, err := play(t, c.Cells)
			if judge(t, c, got, err) {
				passed++
			}
		})
	}
	t.Logf("%d of %d sessions give exactly their output", passed, len(corpus(t)))
}

// judge compares what a session printed with what it should, and reports whether it is the same.
func judge(t *testing.T, c session, got string, err error) bool {
	t.Helper()
	ok := err == nil && got == c.Want
	why, listed := known[c.Name]
	switch {
	case ok && listed:
		t.Errorf("passes now; take it off the list (%s)", why)
	case !ok && !listed:
		t.Errorf("error: %v\n got: %s\nwant: %s", err, got, c.Want)
	case !ok:
		t.Skipf("known to fail because %s", why)
	}
	return ok
}

// play runs cells in a new session and returns what they printed.
func play(t testing.TB, cells []string) (string, error) {
	var out buffer
	e, err := New(Config{Stdout: &out, Stderr: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range cells {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		_, err := e.Eval(ctx, Cell{Number: i + 1, Text: text})
		cancel()
		if err != nil {
			return out.String(), err
		}
	}
	return out.String(), nil
}
