package kernel

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func lines(entries []entry) (s []string) {
	for _, e := range entries {
		s = append(s, fmt.Sprintf("%d:%d %s", e.Session, e.Line, e.Input))
	}
	return s
}

func TestHistoryOfSeveralSessions(t *testing.T) {
	name := filepath.Join(t.TempDir(), "history.jsonl")
	for session := range 3 {
		h, err := openHistory(name)
		if err != nil {
			t.Fatal(err)
		}
		for line, input := range []string{"a := 1", "b/c", "a := 1"} {
			h.add(line+1, fmt.Sprint(input, strings.Repeat("!", session)))
		}
		h.close()
		f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString("{\"session\": 9, cut by a crash\n{}\n")
		f.Close()
	}
	h, err := openHistory(name)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	h.add(1, "now")
	for asked, want := range map[string][]string{
		`{"hist_access_type": "tail", "n": 2}`:                                   {"3:3 a := 1!!", "4:1 now"},
		`{"hist_access_type": "tail", "n": 0}`:                                   nil,
		`{"hist_access_type": "range", "session": 0}`:                            {"4:1 now"},
		`{"hist_access_type": "range", "session": -1, "start": 2}`:               {"3:2 b/c!!", "3:3 a := 1!!"},
		`{"hist_access_type": "range", "session": 1, "start": 1, "stop": 3}`:     {"1:1 a := 1", "1:2 b/c"},
		`{"hist_access_type": "range", "session": 77}`:                           nil,
		`{"hist_access_type": "search", "pattern": "b*", "n": 2}`:                {"2:2 b/c!", "3:2 b/c!!"},
		`{"hist_access_type": "search", "pattern": "a ?? 1", "unique": true}`:    {"1:3 a := 1"},
		`{"hist_access_type": "search", "pattern": "a*1", "unique": false}`:      {"1:1 a := 1", "1:3 a := 1"},
		`{"hist_access_type": "search", "pattern": "*/*", "n": 1}`:               {"3:2 b/c!!"},
		`{"hist_access_type": "nonsense"}`:                                       nil,
		`{"hist_access_type": "tail", "n": -5}`:                                  nil,
		`{"hist_access_type": "search", "pattern": "", "n": 1, "output": false}`: {"4:1 now"},
	} {
		var r historyRequest
		if err := json.Unmarshal([]byte(asked), &r); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, lines(h.find(r))); d != "" {
			t.Errorf("%s: %s", asked, d)
		}
	}
}

// TestLongHistory: the file is not read to start, and its end is enough. A line longer than what is read at first is read.
func TestLongHistory(t *testing.T) {
	name := filepath.Join(t.TempDir(), "history.jsonl")
	var text strings.Builder
	for i := range 3 * maxHistory {
		fmt.Fprintf(&text, "{\"session\":%d,\"line\":%d,\"input\":\"x\"}\n", 1+i/maxHistory, i%maxHistory)
	}
	fmt.Fprintf(&text, "{\"session\":7,\"line\":1,\"input\":\"%s\"}\n", strings.Repeat("x", 2*numberTail))
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := openHistory(name)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if h.session != 8 || len(h.entries) > 0 {
		t.Errorf("session %d with %d entries read, want 8 with none", h.session, len(h.entries))
	}
	h.add(1, "now")
	n := 5
	if got := h.find(historyRequest{Access: "tail", N: &n}); len(got) != n || got[n-1].Input != "now" || got[n-2].Session != 7 || got[0].Line != maxHistory-3 {
		t.Errorf("the last are %.200v", got)
	}
	if len(h.entries) != maxHistory+1 {
		t.Errorf("%d entries in memory, want %d", len(h.entries), maxHistory+1)
	}
}

func TestHistoryWithoutItsFile(t *testing.T) {
	h, err := openHistory(t.TempDir()) // a directory
	if err == nil {
		t.Error("a directory was opened as a file")
	}
	h.add(1, "a")
	if got := lines(h.entries); len(got) != 1 {
		t.Errorf("entries %v, want one in memory", got)
	}
}

func TestHistoryInMemoryIsBounded(t *testing.T) {
	h, _ := openHistory("")
	for i := range 5 * maxHistory {
		h.add(i, "x")
	}
	if n := len(h.entries); n > 2*maxHistory || h.entries[n-1].Line != 5*maxHistory-1 {
		t.Errorf("%d entries, the newest is %d", n, h.entries[n-1].Line)
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "a/b\nc", true}, {"a", "a", true}, {"a", "ab", false},
		{"a*", "ab", true}, {"*b", "ab", true}, {"*b", "ba", false}, {"a*b*c", "a1b2b3c", true}, {"a*b*c", "acb", false},
		{"a**c", "abc", true}, {"?b", "ab", true}, {"?", "", false}, {"a*a", "a", false}, {"*a*", "bab", true}, {"a*?", "a", false},
		{strings.Repeat("*a", 50) + "b", strings.Repeat("a", 5000), false},
	} {
		if got := glob(c.pattern, c.s); got != c.want {
			t.Errorf("glob(%.20q, %.20q) = %v", c.pattern, c.s, got)
		}
	}
}

func TestOffsets(t *testing.T) {
	const code = "aé😀b"
	for points, bytes := range []int{0, 1, 3, 7, 8} {
		if got := byteOffset(code, points); got != bytes {
			t.Errorf("byteOffset(%d) = %d, want %d", points, got, bytes)
		}
		if got := pointOffset(code, bytes); got != points {
			t.Errorf("pointOffset(%d) = %d, want %d", bytes, got, points)
		}
	}
	if byteOffset(code, 99) != len(code) || byteOffset(code, -1) != 0 || pointOffset(code, 99) != 4 || pointOffset(code, -1) != 0 {
		t.Error("a cursor outside of the code is not brought inside")
	}
}
