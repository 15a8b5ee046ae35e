package kernel

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// strict is an Evaluator that holds the kernel to what it promises of cursors.
type strict struct{ t *testing.T }

func (s strict) Eval(_ context.Context, cell Cell, _ Output) (Result, error) {
	return Result{Bundle: Text(cell.Code), Expressions: map[string]Expression{"code": {Bundle: Text(cell.Code)}}}, nil
}

func (s strict) Complete(_ context.Context, code string, cursor int) (Completion, error) {
	s.check(code, cursor)
	return Completion{Start: -1, End: len(code) + 7, Candidates: []Candidate{{Text: code}}}, nil
}

func (s strict) Inspect(_ context.Context, code string, cursor, _ int) (Bundle, error) {
	s.check(code, cursor)
	return Text(code), nil
}

func (s strict) IsComplete(context.Context, string) (Completeness, error) {
	return Completeness{Status: Complete}, nil
}

func (s strict) check(code string, cursor int) {
	if cursor < 0 || cursor > len(code) || cursor < len(code) && !utf8.RuneStart(code[cursor]) {
		s.t.Errorf("cursor %d in %q", cursor, code)
	}
}

// FuzzRequest: whatever JSON a client that has the key sends as the content of a request, there is one reply, with a
// status, between busy and idle.
func FuzzRequest(f *testing.F) {
	kinds := []string{"execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_info_request",
		"kernel_info_request", "interrupt_request", "shutdown_request", CommOpen, CommMsg, CommClose, "unknown_request"}
	for i, content := range []string{`{"code": "x", "silent": false, "user_expressions": {"a": "b"}}`, `{"code": "é€", "cursor_pos": 1}`,
		`{"code": "x", "cursor_pos": -7, "detail_level": 1}`, `{"code": "("}`,
		`{"hist_access_type": "range", "session": -1, "start": -5, "stop": 99, "n": -3, "output": true, "raw": true}`, `{"target_name": "t"}`,
		`null`, `[]`, `{"restart": 1}`, `{"comm_id": "w", "target_name": "t", "data": {"n": [1]}}`, `{"data": null}`, `{}`} {
		f.Add(uint8(i), content)
	}
	for _, access := range []string{"tail", "search", "range", "other"} {
		f.Add(uint8(4), `{"hist_access_type": "`+access+`", "n": 2, "pattern": "*[", "unique": true, "session": 0, "start": 1}`)
	}
	f.Fuzz(func(t *testing.T, kind uint8, content string) {
		if !json.Valid([]byte(content)) {
			return // the codec refuses it
		}
		shell, iopub := newMemoryRouter(), &memoryPublisher{}
		k := newKernel(channels{shell: shell, iopub: iopub}, wire.NewCodec(nil), strict{t}, Options{})
		k.history.add(1, "first")
		k.history.setOutput("shown")
		r := &request{from: shell, Message: wire.Message{Route: [][]byte{[]byte("client")}, RawHeader: json.RawMessage(`{"msg_id":"a"}`), Content: json.RawMessage(content)}}
		r.Header.Type = kinds[int(kind)%len(kinds)]
		k.handle(t.Context(), r, k.shellHandler(r))
		log := iopub.take()
		if len(log) < 2 || log[0] != "a status busy" || log[len(log)-1] != "a status idle" {
			t.Errorf("everybody sees %q", log)
		}
		checkReply(t, shell, r.Header.Type)
	})
}

// checkReply fails unless a request has one reply with a status that Jupyter knows, and another message none.
func checkReply(t *testing.T, from *memoryRouter, kind string) {
	t.Helper()
	want := 0
	if strings.HasSuffix(kind, "_request") {
		want = 1
	}
	if len(from.out) != want {
		t.Fatalf("%d replies to %s", len(from.out), kind)
	}
	if want == 0 {
		return
	}
	frames := <-from.out
	var reply struct{ Status string }
	err := json.Unmarshal(frames[len(frames)-1], &reply)
	if err != nil || !slices.Contains([]string{"ok", "error", Complete}, reply.Status) {
		t.Errorf("reply %s, %v", frames[len(frames)-1], err)
	}
}
