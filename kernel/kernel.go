package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riffle-stream/riffle/kernel/guard"
	"github.com/riffle-stream/riffle/kernel/wire"
)

// object is the content of a message.
type object = map[string]any

// A kernel is one session with its clients.
type kernel struct {
	channels
	codec   *wire.Codec
	eval    Evaluator
	info    Info
	log     *slog.Logger
	queue   *queue
	history *history
	comms   *comms
	input   chan wire.Message // input_reply messages
	refused atomic.Int64      // messages that Decode refused

	count int // of cells that counted; the shell's alone
	stop  context.CancelFunc

	mu        sync.Mutex
	interrupt context.CancelFunc // of the cell that runs; nil between cells
}

func newKernel(ch channels, codec *wire.Codec, eval Evaluator, opt Options) *kernel {
	return &kernel{channels: ch, codec: codec, eval: eval, info: opt.Info, log: opt.logger(), queue: newQueue(),
		history: &history{session: 1}, comms: newComms(), input: make(chan wire.Message, 1), stop: func() {}}
}

// How long the end waits for a cell to stop, and for clients to read.
const (
	parting = 500 * time.Millisecond
	linger  = time.Second
)

// run serves until a client asks for the shutdown, or ctx ends.
func (k *kernel) run(ctx context.Context) {
	ctx, k.stop = context.WithCancel(ctx)
	defer k.stop()
	k.publish(wire.Draft{Type: "status", Content: object{"execution_state": "starting"}})
	go k.beat()
	go k.receive(k.stdin, k.hearInput)
	go k.receive(k.control, func(r *request) { k.handle(ctx, r, k.controlHandler(r)) })
	go k.receive(k.shell, k.queue.put)
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		k.work(ctx)
	}()
	<-ctx.Done()
	select {
	case <-worked:
	case <-time.After(parting):
	}
	k.flush(linger)
	k.close()
}

// work answers the shell's requests, one after the other.
func (k *kernel) work(ctx context.Context) {
	for r := k.queue.take(ctx); r != nil; r = k.queue.take(ctx) {
		k.handle(ctx, r, k.shellHandler(r))
	}
}

// receive hands on what comes on a channel. A message that cannot be read or is not signed is dropped
// and counted: nothing that comes from outside ends the loop.
func (k *kernel) receive(from router, handle func(*request)) {
	for {
		frames, err := from.Recv()
		if errors.Is(err, guard.ErrClosed) {
			return
		}
		var m wire.Message
		if err == nil {
			m, err = k.codec.Decode(frames)
		}
		if err != nil {
			k.refused.Add(1)
			k.log.Debug("dropped a message", "error", err)
			continue
		}
		handle(&request{Message: m, from: from})
	}
}

// A handler answers a request. Nil content: there is no reply.
type handler func(ctx context.Context, r *request) (content any, err error)

func (k *kernel) shellHandler(r *request) handler {
	switch r.Header.Type {
	case "execute_request":
		return k.execute
	case "complete_request":
		return k.complete
	case "inspect_request":
		return k.inspect
	case "is_complete_request":
		return k.isComplete
	case "history_request":
		return k.searchHistory
	}
	return k.controlHandler(r)
}

// controlHandler gives what can be answered while a cell runs.
func (k *kernel) controlHandler(r *request) handler {
	switch r.Header.Type {
	case "kernel_info_request":
		return k.kernelInfo
	case "interrupt_request":
		return k.interruptCell
	case "shutdown_request":
		return k.shutdown
	case "comm_info_request":
		return k.commInfo
	case CommOpen, CommMsg, CommClose:
		return k.comm
	}
	return unknown
}

// unknown refuses what a later protocol may have, or another channel: a client that waits for the reply gets one.
func unknown(_ context.Context, r *request) (any, error) {
	text := fmt.Sprintf("this kernel has no answer to %.100q on this channel", r.Header.Type)
	return nil, &Error{Name: "UnknownMessage", Value: text, Traceback: []string{text}}
}

// handle answers one request between busy and idle.
func (k *kernel) handle(ctx context.Context, r *request, answer handler) {
	if r.Header.Type != "execute_request" { // a cell is announced while it starts
		k.busy(r)
	}
	content, err := answer(ctx, r)
	k.busy(r)
	if err != nil {
		e := AsError(err)
		content = object{"status": "error", "ename": e.Name, "evalue": e.Value, "traceback": nonNil(e.Traceback)}
	}
	if strings.HasSuffix(r.Header.Type, "_request") {
		k.reply(r, content)
	} else if err != nil {
		k.log.Warn("message failed", "type", r.Header.Type, "error", err)
	}
	k.status(r, "idle")
	if r.last {
		k.stop()
	}
}

// busy is said once of each request.
func (k *kernel) busy(r *request) {
	if !r.busy {
		r.busy = true
		k.status(r, "busy")
	}
}

func (k *kernel) status(r *request, state string) {
	k.publish(wire.Draft{Type: "status", Parent: r.RawHeader, Content: object{"execution_state": state}})
}

func (k *kernel) reply(r *request, content any) {
	kind := strings.TrimSuffix(r.Header.Type, "_request") + "_reply"
	frames, _, err := k.codec.Encode(wire.Draft{Route: r.Route, Type: kind, Parent: r.RawHeader, Content: content})
	if err == nil {
		err = r.from.Send(frames)
	}
	if err != nil {
		k.log.Error("cannot reply", "type", kind, "error", err)
	}
}

// publish sends to everybody; the topic is the message's type.
func (k *kernel) publish(d wire.Draft) {
	d.Route = [][]byte{[]byte(d.Type)}
	frames, _, err := k.codec.Encode(d)
	if err == nil {
		err = k.iopub.Publish(frames)
	}
	if err != nil && !errors.Is(err, guard.ErrClosed) {
		k.log.Error("cannot publish", "type", d.Type, "error", err)
	}
}

// parse reads the content of a request.
func parse[T any](r *request) (T, error) {
	var v T
	if err := json.Unmarshal(r.Content, &v); err != nil {
		return v, fmt.Errorf("%s: malformed content: %w", r.Header.Type, err)
	}
	return v, nil
}
