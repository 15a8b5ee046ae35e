package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/riffle-stream/riffle/kernel/guard"
	"github.com/riffle-stream/riffle/kernel/wire"
)

// memoryRouter is a channel without a network: what a client puts in comes out of Recv.
type memoryRouter struct {
	in     chan [][]byte
	out    chan [][]byte
	closed chan struct{}
}

func newMemoryRouter() *memoryRouter {
	return &memoryRouter{in: make(chan [][]byte, 100), out: make(chan [][]byte, 1000), closed: make(chan struct{})}
}

func (r *memoryRouter) Recv() ([][]byte, error) {
	select {
	case f := <-r.in:
		return f, nil
	case <-r.closed:
		return nil, guard.ErrClosed
	}
}

func (r *memoryRouter) Send(f [][]byte) error    { r.out <- f; return nil }
func (r *memoryRouter) Flush(time.Duration) bool { return true }
func (r *memoryRouter) Close() error             { close(r.closed); return nil }

// memoryPublisher writes what everybody sees as lines of a log.
type memoryPublisher struct {
	mu  sync.Mutex
	log []string
}

func (p *memoryPublisher) Publish(f [][]byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, describe(f))
	return nil
}
func (p *memoryPublisher) Flush(time.Duration) bool { return true }
func (p *memoryPublisher) Close() error             { return nil }

// take gives the lines since the last call.
func (p *memoryPublisher) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	log := p.log
	p.log = nil
	return log
}

// describe is a message in one line: its parent, its type, and what matters of its content.
func describe(frames [][]byte) string {
	var header, parent wire.Header
	var content map[string]any
	for i, v := range []any{&header, &parent, nil, &content} {
		if v != nil {
			if err := json.Unmarshal(frames[len(frames)-4+i], v); err != nil {
				return err.Error()
			}
		}
	}
	keep := []any{}
	for _, k := range []string{"execution_state", "status", "name", "text", "execution_count", "ename", "evalue", "data", "wait", "prompt", "comm_id", "restart"} {
		if v, ok := content[k]; ok {
			keep = append(keep, v)
		}
	}
	return strings.TrimSpace(fmt.Sprintln(append([]any{parent.ID, header.Type}, keep...)...))
}

// bench is a kernel and a client of it, in memory and in virtual time.
type bench struct {
	t       *testing.T
	kernel  *kernel
	shell   *memoryRouter
	control *memoryRouter
	stdin   *memoryRouter
	iopub   *memoryPublisher
	codec   *wire.Codec
	ended   chan struct{}
}

// script is an Evaluator of one function.
type script struct {
	Evaluator // the rest is not called
	eval      func(ctx context.Context, cell Cell, out Output) (Result, error)
}

func (s script) Eval(ctx context.Context, cell Cell, out Output) (Result, error) {
	return s.eval(ctx, cell, out)
}

// inMemory runs a test with a kernel, in a bubble of virtual time.
func inMemory(t *testing.T, eval func(ctx context.Context, cell Cell, out Output) (Result, error), test func(b *bench)) {
	t.Helper()
	inMemoryWith(t, script{eval: eval}, test)
}

func inMemoryWith(t *testing.T, eval Evaluator, test func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, shell: newMemoryRouter(), control: newMemoryRouter(), stdin: newMemoryRouter(),
			iopub: &memoryPublisher{}, codec: wire.NewCodec([]byte("key")), ended: make(chan struct{})}
		ch := channels{shell: b.shell, control: b.control, stdin: b.stdin, heartbeat: newMemoryRouter(), iopub: b.iopub}
		b.kernel = newKernel(ch, wire.NewCodec([]byte("key")), eval, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { defer close(b.ended); b.kernel.run(ctx) }()
		synctest.Wait()
		b.iopub.take()
		test(b)
		cancel()
		<-b.ended
	})
}

// send puts a message on a channel; id names it in what is described.
func (b *bench) send(to *memoryRouter, id, kind, content string) {
	b.t.Helper()
	header := fmt.Sprintf(`{"msg_id": %q, "msg_type": %q}`, id, kind)
	frames, _, err := b.codec.Encode(wire.Draft{Route: [][]byte{[]byte("client")}, Type: kind, Content: json.RawMessage(content)})
	if err != nil {
		b.t.Fatal(err)
	}
	frames[3] = []byte(header)
	frames[2] = sign(frames[3:])
	to.in <- frames
}

func (b *bench) cell(id, code string) {
	b.t.Helper()
	content, _ := json.Marshal(map[string]any{"code": code})
	b.send(b.shell, id, "execute_request", string(content))
}

// replies gives what a channel has sent, once nothing moves any more.
func (b *bench) replies(from *memoryRouter) (lines []string) {
	synctest.Wait()
	for {
		select {
		case f := <-from.out:
			lines = append(lines, describe(f))
		default:
			return lines
		}
	}
}

// published gives what everybody saw, once nothing moves any more.
func (b *bench) published() []string {
	synctest.Wait()
	return b.iopub.take()
}
