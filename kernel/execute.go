package kernel

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// settle is how long a failed cell waits, before it says so, for cells that a client sent together with it.
// What comes after the error was sent may have been sent because of it, and is run.
const settle = 20 * time.Millisecond

type executeRequest struct {
	Code        string            `json:"code"`
	Silent      bool              `json:"silent"`
	History     *bool             `json:"store_history"`
	Expressions map[string]string `json:"user_expressions"`
	AllowInput  *bool             `json:"allow_stdin"`
	StopOnError *bool             `json:"stop_on_error"`
}

func orTrue(b *bool) bool { return b == nil || *b }

// stored tells whether the cell counts and enters the history.
func (e executeRequest) stored() bool { return orTrue(e.History) && !e.Silent && !e.blank() }

func (e executeRequest) blank() bool { return strings.TrimSpace(e.Code) == "" }

func (k *kernel) execute(ctx context.Context, r *request) (any, error) {
	if r.aborted {
		return object{"status": "aborted"}, nil // without a count: it has not run
	}
	asked, err := parse[executeRequest](r)
	if err != nil {
		return nil, err
	}
	if asked.stored() {
		k.count++
	}
	result, err := k.evaluate(ctx, r, asked)
	if err != nil {
		return k.failed(ctx, r, asked, AsError(err)), nil
	}
	k.showResult(r, asked, result)
	return object{"status": "ok", "execution_count": k.count, "payload": payload(result),
		"user_expressions": expressions(result.Expressions)}, nil
}

// evaluate runs the cell, and announces it meanwhile; what it printed is sent when it returns.
func (k *kernel) evaluate(ctx context.Context, r *request, asked executeRequest) (Result, error) {
	out := k.newOutput(r, asked)
	out.announce = sync.OnceFunc(func() { k.announce(r, asked) })
	defer out.flush()
	if asked.blank() && len(asked.Expressions) == 0 {
		return Result{}, nil
	}
	ctx, end := k.begin(ctx)
	defer end()
	wait := k.start(ctx, Cell{ID: cellID(r), Code: asked.Code, Count: k.count, Silent: asked.Silent, Expressions: asked.Expressions}, out)
	out.announce()
	return wait()
}

// start starts a cell, if the evaluator can do that without waiting for it.
func (k *kernel) start(ctx context.Context, c Cell, out Output) (wait func() (Result, error)) {
	if s, ok := k.eval.(Starter); ok {
		return s.Start(ctx, c, out)
	}
	return func() (Result, error) { return k.eval.Eval(ctx, c, out) }
}

// announce tells everybody that a cell runs, before anything that it shows.
func (k *kernel) announce(r *request, asked executeRequest) {
	k.busy(r)
	if !asked.Silent {
		k.publish(wire.Draft{Type: "execute_input", Parent: r.RawHeader, Content: object{"code": asked.Code, "execution_count": k.count}})
	}
	if asked.stored() {
		k.history.add(k.count, asked.Code)
	}
}

func cellID(r *request) string {
	var m struct {
		CellID string `json:"cellId"`
	}
	json.Unmarshal(r.Metadata, &m) // absent in most clients
	return m.CellID
}

func (k *kernel) failed(ctx context.Context, r *request, asked executeRequest, e *Error) any {
	content := object{"ename": e.Name, "evalue": e.Value, "traceback": nonNil(e.Traceback)}
	if !asked.Silent {
		k.publish(wire.Draft{Type: "error", Parent: r.RawHeader, Content: content})
	}
	if orTrue(asked.StopOnError) {
		select {
		case <-time.After(settle):
		case <-ctx.Done():
		}
		k.queue.abort()
	}
	reply := object{"status": "error", "execution_count": k.count, "user_expressions": object{}, "payload": []any{}}
	for name, v := range content {
		reply[name] = v
	}
	return reply
}

func (k *kernel) showResult(r *request, asked executeRequest, result Result) {
	if asked.Silent || len(result.Data) == 0 {
		return
	}
	if asked.stored() {
		k.history.setOutput(result.Data["text/plain"])
	}
	k.publish(wire.Draft{Type: "execute_result", Parent: r.RawHeader, Content: object{
		"execution_count": k.count, "data": result.Data, "metadata": object(nonNilMap(result.Metadata))}})
}

// payload is what a frontend should do besides showing the result.
func payload(r Result) []any {
	all := []any{}
	if r.Page != nil {
		all = append(all, object{"source": "page", "start": 0, "data": r.Page.Data})
	}
	if r.Leaves {
		all = append(all, object{"source": "ask_exit", "keepkernel": false})
	}
	return all
}

func expressions(values map[string]Expression) object {
	all := object{}
	for name, v := range values {
		if v.Err != nil {
			all[name] = object{"status": "error", "ename": v.Err.Name, "evalue": v.Err.Value, "traceback": nonNil(v.Err.Traceback)}
			continue
		}
		all[name] = object{"status": "ok", "data": nonNilMap(v.Data), "metadata": nonNilMap(v.Metadata)}
	}
	return all
}

// nonNil and nonNilMap keep null out of messages: clients expect lists and objects.
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func nonNilMap(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
