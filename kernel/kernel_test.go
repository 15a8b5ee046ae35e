package kernel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func sign(parts [][]byte) []byte {
	h := hmac.New(sha256.New, []byte("key"))
	for _, p := range parts {
		h.Write(p)
	}
	return hex.AppendEncode(nil, h.Sum(nil))
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("- want, + got:\n%s", d)
	}
}

func printing(text string) func(context.Context, Cell, Output) (Result, error) {
	return func(_ context.Context, cell Cell, out Output) (Result, error) {
		out.Stream(Stdout, text)
		return Result{Bundle: Text(cell.Code)}, nil
	}
}

func TestCellInOrder(t *testing.T) {
	inMemory(t, printing("text"), func(b *bench) {
		b.cell("a", "1")
		same(t, b.published(), "a status busy", "a execute_input 1", "a stream stdout text", "a execute_result 1 map[text/plain:1]", "a status idle")
		same(t, b.replies(b.shell), "a execute_reply ok 1")
	})
}

// distant is a Starter whose cells run elsewhere for a second.
type distant struct {
	script
	started func(out Output)
}

func (d distant) Start(_ context.Context, _ Cell, out Output) func() (Result, error) {
	d.started(out)
	return func() (Result, error) {
		time.Sleep(time.Second)
		return Result{Bundle: Text("done")}, nil
	}
}

// What is said of a cell comes while it runs, once, and before all that it shows, however early that is.
func TestACellIsAnnouncedWhileItRuns(t *testing.T) {
	for name, started := range map[string]func(Output){
		"nothing yet": func(Output) {},
		"at once":     func(out Output) { out.Show(Display{Bundle: Text("first")}) },
	} {
		t.Run(name, func(t *testing.T) {
			inMemoryWith(t, distant{started: started}, func(b *bench) {
				b.cell("a", "1")
				got := b.published()
				same(t, got[:2], "a status busy", "a execute_input 1")
				same(t, b.replies(b.shell))
				time.Sleep(2 * time.Second)
				got = append(got, b.published()...)
				same(t, got[len(got)-2:], "a execute_result 1 map[text/plain:done]", "a status idle")
				if n := len(got); n > 5 || n == 5 && got[2] != "a display_data map[text/plain:first]" {
					t.Errorf("published %q", got)
				}
			})
		})
	}
}

func TestPayload(t *testing.T) {
	page := Text("help")
	for _, c := range []struct {
		result Result
		want   string
	}{
		{Result{}, `[]`},
		{Result{Page: &page}, `[{"data":{"text/plain":"help"},"source":"page","start":0}]`},
		{Result{Leaves: true}, `[{"keepkernel":false,"source":"ask_exit"}]`},
	} {
		if got, err := json.Marshal(payload(c.result)); err != nil || string(got) != c.want {
			t.Errorf("%s, %v; want %s", got, err, c.want)
		}
	}
}

// Text that comes while a cell runs is joined for 20 ms, in virtual time.
func TestTextIsJoined(t *testing.T) {
	eval := func(ctx context.Context, _ Cell, out Output) (Result, error) {
		for range 5 {
			out.Stream(Stdout, "a")
			out.Stream(Stdout, "b")
			time.Sleep(8 * time.Millisecond)
		}
		out.Stream(Stderr, "c")
		out.Stream(Stdout, "d")
		out.Clear(true)
		out.Stream(Stdout, strings.Repeat("e", coalesceBytes))
		out.Stream(Stdout, "f")
		return Result{}, nil
	}
	inMemory(t, eval, func(b *bench) {
		b.send(b.shell, "a", "execute_request", `{"code": "x", "silent": false}`)
		time.Sleep(time.Second)
		got := b.published()
		same(t, got[2:len(got)-1], "a stream stdout ababab", "a stream stdout abab", "a stream stderr c", "a stream stdout d", "a clear_output true",
			"a stream stdout "+strings.Repeat("e", coalesceBytes), "a stream stdout f")
	})
}

func TestLateTextHasTheParentOfItsCell(t *testing.T) {
	eval := func(_ context.Context, cell Cell, out Output) (Result, error) {
		time.AfterFunc(time.Second, func() { out.Stream(Stdout, "late "+cell.Code) })
		return Result{}, nil
	}
	inMemory(t, eval, func(b *bench) {
		b.cell("a", "1")
		b.published()
		time.Sleep(500 * time.Millisecond)
		b.cell("b", "2")
		b.published()
		time.Sleep(2 * time.Second)
		same(t, b.published(), "a stream stdout late 1", "b stream stdout late 2")
	})
}

func TestFailureAbortsWhatWaits(t *testing.T) {
	eval := func(_ context.Context, cell Cell, _ Output) (Result, error) {
		time.Sleep(time.Second)
		return Result{}, errors.New("failed " + cell.Code)
	}
	inMemory(t, eval, func(b *bench) {
		b.cell("a", "1")
		b.published()
		b.cell("b", "2")
		b.send(b.shell, "i", "kernel_info_request", "{}")
		time.Sleep(time.Second + settle/2)
		b.cell("c", "3") // on its way when the cell failed
		time.Sleep(settle)
		b.cell("d", "4") // sent when the client could know
		time.Sleep(2 * time.Second)
		same(t, b.replies(b.shell), "a execute_reply error 1 Error failed 1", "b execute_reply aborted", "i kernel_info_reply ok",
			"c execute_reply aborted", "d execute_reply error 2 Error failed 4")
	})
}

func TestInterrupt(t *testing.T) {
	eval := func(ctx context.Context, _ Cell, _ Output) (Result, error) {
		<-ctx.Done()
		return Result{}, ctx.Err()
	}
	inMemory(t, eval, func(b *bench) {
		b.send(b.control, "idle", "interrupt_request", "{}")
		same(t, b.replies(b.control), "idle interrupt_reply ok")
		for _, id := range []string{"a", "b"} {
			b.cell(id, "wait")
			same(t, b.replies(b.shell))
			b.send(b.control, "stop "+id, "interrupt_request", "{}")
			same(t, b.replies(b.control), "stop "+id+" interrupt_reply ok")
			time.Sleep(settle)
			got := b.replies(b.shell)
			if len(got) != 1 || !strings.Contains(got[0], id+" execute_reply error") || !strings.Contains(got[0], "Interrupted") {
				t.Errorf("got %q", got)
			}
		}
	})
}

func TestControlAnswersWhileACellRuns(t *testing.T) {
	eval := func(ctx context.Context, _ Cell, _ Output) (Result, error) {
		<-ctx.Done()
		return Result{}, ctx.Err()
	}
	inMemory(t, eval, func(b *bench) {
		b.cell("a", "1")
		b.published()
		b.send(b.control, "i", "kernel_info_request", "{}")
		same(t, b.replies(b.control), "i kernel_info_reply ok")
		same(t, b.published(), "i status busy", "i status idle")
	})
}

func TestInput(t *testing.T) {
	eval := func(ctx context.Context, _ Cell, out Output) (Result, error) {
		out.Stream(Stdout, "before")
		s, err := out.Input(ctx, "name?", false)
		return Result{Bundle: Text("hello " + s)}, err
	}
	inMemory(t, eval, func(b *bench) {
		b.send(b.stdin, "stale", "input_reply", `{"value": "stale"}`)
		same(t, b.replies(b.stdin)) // it has arrived before the cell
		b.cell("a", "1")
		same(t, b.published(), "a status busy", "a execute_input 1", "a stream stdout before")
		same(t, b.replies(b.stdin), "a input_request name?")
		b.send(b.stdin, "r", "input_reply", `{"value": "Ada"}`)
		same(t, b.published(), "a execute_result 1 map[text/plain:hello Ada]", "a status idle")
		b.send(b.shell, "n", "execute_request", `{"code": "x", "allow_stdin": false}`)
		time.Sleep(settle)
		got := b.replies(b.shell)
		if !strings.Contains(got[len(got)-1], "cannot ask for input") {
			t.Errorf("got %q", got)
		}
	})
}

// A cell that does not stop does not keep the kernel from ending.
func TestShutdown(t *testing.T) {
	eval := func(ctx context.Context, _ Cell, _ Output) (Result, error) {
		time.Sleep(time.Hour)
		return Result{}, nil
	}
	inMemory(t, eval, func(b *bench) {
		b.cell("a", "1")
		b.published()
		began := time.Now()
		b.send(b.control, "s", "shutdown_request", `{"restart": true}`)
		same(t, b.replies(b.control), "s shutdown_reply ok true")
		same(t, b.published(), "s status busy", "s shutdown_reply ok true", "s status idle")
		<-b.ended
		if d := time.Since(began); d > parting {
			t.Errorf("ended after %v", d)
		}
		time.Sleep(time.Hour) // the cell's goroutine ends, as the bubble wants it
	})
}

func TestMessagesOfOthersAreDropped(t *testing.T) {
	inMemory(t, printing("x"), func(b *bench) {
		b.shell.in <- [][]byte{[]byte("client"), []byte("<IDS|MSG>"), []byte("forged"), []byte("{}"), []byte("{}"), []byte("{}"), []byte("{}")}
		b.shell.in <- nil
		same(t, b.replies(b.shell))
		if n := b.kernel.refused.Load(); n != 2 {
			t.Errorf("%d messages were refused, want 2", n)
		}
		b.cell("a", "1")
		same(t, b.replies(b.shell), "a execute_reply ok 1")
	})
}

// A client of a later protocol, or on another channel, is told, and does not wait.
func TestUnknownMessages(t *testing.T) {
	inMemory(t, printing("x"), func(b *bench) {
		b.send(b.shell, "u", "unknown_request", "{}")
		b.send(b.shell, "v", "unknown_word", "{}")
		b.send(b.control, "w", "complete_request", `{"code": "x"}`)
		same(t, b.replies(b.shell), `u unknown_reply error UnknownMessage this kernel has no answer to "unknown_request" on this channel`)
		same(t, b.replies(b.control), `w complete_reply error UnknownMessage this kernel has no answer to "complete_request" on this channel`)
		got := b.published()
		slices.Sort(got)
		same(t, got, "u status busy", "u status idle", "v status busy", "v status idle", "w status busy", "w status idle")
	})
}

func TestTextOfACellIsBounded(t *testing.T) {
	piece := strings.Repeat("x", 1<<20)
	eval := func(_ context.Context, _ Cell, out Output) (Result, error) {
		for range maxText>>20 + 10 {
			out.Stream(Stdout, piece)
		}
		return Result{}, nil
	}
	inMemory(t, eval, func(b *bench) {
		b.cell("a", "1")
		total, cut := 0, 0
		for _, line := range b.published() {
			if strings.Contains(line, "stream stdout") {
				total += len(line)
			} else if strings.Contains(line, "output cut") {
				cut++
			}
		}
		if total > maxText+10_000 || total < maxText-10_000 || cut != 1 {
			t.Errorf("%d bytes were sent, and %d notes", total, cut)
		}
	})
}

// words is an Evaluator that knows one word, and a target of widgets.
type words struct{ Evaluator }

func (words) Complete(_ context.Context, code string, cursor int) (Completion, error) {
	return Completion{Start: 0, End: cursor, Candidates: []Candidate{{Text: code + "!"}}}, nil
}

func (words) Inspect(_ context.Context, code string, cursor, detail int) (Bundle, error) {
	if code != "word" {
		return Bundle{}, errors.New("no such word")
	}
	return Text(code[:cursor]), nil
}

func (words) IsComplete(context.Context, string) (Completeness, error) {
	return Completeness{Status: Incomplete}, nil
}

func (words) Comm(_ context.Context, c Comm, out Output) error {
	if c.Target != "echo" {
		return errors.New("no such target")
	}
	out.(CommSender).SendComm(Comm{Kind: CommMsg, ID: c.ID, Data: c.Data})
	return nil
}

func TestIntrospection(t *testing.T) {
	inMemoryWith(t, words{}, func(b *bench) {
		b.send(b.shell, "c", "complete_request", `{"code": "é", "cursor_pos": 1}`)
		b.send(b.shell, "i", "inspect_request", `{"code": "word", "cursor_pos": 2}`)
		b.send(b.shell, "j", "inspect_request", `{"code": "other"}`)
		b.send(b.shell, "q", "is_complete_request", `{"code": "("}`)
		b.send(b.shell, "m", "complete_request", `{"code": 7}`)
		got := b.replies(b.shell)
		same(t, got[:4], "c complete_reply ok", "i inspect_reply ok map[text/plain:wo]", "j inspect_reply error Error no such word", "q is_complete_reply incomplete")
		if !strings.HasPrefix(got[4], "m complete_reply error Error complete_request: malformed content") {
			t.Errorf("got %q", got[4])
		}
	})
}

func TestComms(t *testing.T) {
	inMemoryWith(t, words{}, func(b *bench) {
		b.send(b.shell, "w", "comm_open", `{"comm_id": "w1", "target_name": "echo", "data": {"n": 1}}`)
		b.send(b.control, "x", "comm_open", `{"comm_id": "w2", "target_name": "other", "data": {}}`)
		same(t, b.replies(b.shell))
		if d := cmp.Diff(object{"w1": object{"target_name": "echo"}}, b.kernel.comms.list("")); d != "" {
			t.Error(d)
		}
		var answers []string
		for _, line := range b.published() {
			if strings.Contains(line, "comm") {
				answers = append(answers, line)
			}
		}
		slices.Sort(answers)
		same(t, answers, "w comm_msg map[n:1] w1", "x comm_close map[] w2")
	})
}
