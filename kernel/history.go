package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
)

// maxHistory bounds the entries kept in memory; older ones stay in the file.
const maxHistory = 10_000

// maxHistoryLine bounds one entry of the file, in bytes.
const maxHistoryLine = 1 << 20

// An entry is a cell that was run.
type entry struct {
	Session int    `json:"session"`
	Line    int    `json:"line"`
	Input   string `json:"input"`
	Output  string `json:"-"` // its result as text, in this session only
}

// A history holds the cells of this session, number session, and of those before it in the file.
type history struct {
	mu      sync.Mutex
	session int
	entries []entry
	file    *os.File
	past    past
	read    bool // the past is among the entries
}

// openHistory appends to the file from now on, and reads from it what it needs when it does. On an error, or if the name
// is empty, the history works without a file.
func openHistory(name string) (*history, error) {
	h := &history{session: 1}
	if name == "" {
		return h, nil
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return h, fmt.Errorf("history: %w", err)
	}
	h.file = f
	if h.past, err = openPast(f); err != nil {
		return h, err
	}
	newest, err := h.past.newest()
	h.session = newest + 1
	return h, err
}

func (h *history) append(e entry) {
	h.entries = append(h.entries, e)
	if len(h.entries) > 2*maxHistory {
		h.entries = slices.Clone(h.entries[maxHistory:])
	}
}

func (h *history) add(line int, input string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := entry{Session: h.session, Line: line, Input: input}
	h.append(e)
	if h.file == nil {
		return
	}
	if b, err := json.Marshal(e); err == nil && len(b) < maxHistoryLine {
		h.file.Write(append(b, '\n')) // history is a comfort: a full disk must not stop a cell
	}
}

// setOutput gives the last cell its result.
func (h *history) setOutput(text any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, ok := text.(string); ok && len(h.entries) > 0 {
		h.entries[len(h.entries)-1].Output = s
	}
}

func (h *history) close() {
	if h.file != nil {
		h.file.Close()
	}
}

type historyRequest struct {
	Output  bool   `json:"output"`
	Access  string `json:"hist_access_type"` // range, tail or search
	Session int    `json:"session"`          // 0 is this one, -1 the one before
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"` // a glob over the whole input
	Unique  bool   `json:"unique"`
}

func (k *kernel) searchHistory(_ context.Context, r *request) (any, error) {
	asked, err := parse[historyRequest](r)
	if err != nil {
		return nil, err
	}
	found := []any{}
	for _, e := range k.history.find(asked) {
		var cell any = e.Input
		if asked.Output {
			cell = []any{e.Input, orNull(e.Output)}
		}
		found = append(found, []any{e.Session, e.Line, cell})
	}
	return object{"status": "ok", "history": found}, nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (h *history) find(asked historyRequest) []entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recall()
	var found []entry
	for _, e := range h.entries {
		if h.matches(e, asked) {
			found = append(found, e)
		}
	}
	if asked.Access == "search" && asked.Unique {
		found = newestOfEach(found)
	}
	if asked.Access != "range" && asked.N != nil {
		found = found[max(0, len(found)-max(0, *asked.N)):]
	}
	return found
}

// recall reads the past when it is first asked for.
func (h *history) recall() {
	if h.read || h.file == nil {
		return
	}
	h.read = true
	before, _ := h.past.entries() // history is a comfort: what cannot be read is not there
	h.entries = append(before, h.entries...)
}

func (h *history) matches(e entry, asked historyRequest) bool {
	switch asked.Access {
	case "tail":
		return true
	case "search":
		return asked.Pattern == "" || glob(asked.Pattern, e.Input)
	case "range":
		session := asked.Session
		if session <= 0 {
			session += h.session
		}
		return e.Session == session && e.Line >= asked.Start && (asked.Stop == nil || e.Line < *asked.Stop)
	}
	return false
}

// newestOfEach keeps the last entry of those with the same input.
func newestOfEach(entries []entry) []entry {
	last := map[string]int{}
	for i, e := range entries {
		last[e.Input] = i
	}
	var kept []entry
	for i, e := range entries {
		if last[e.Input] == i {
			kept = append(kept, e)
		}
	}
	return kept
}
