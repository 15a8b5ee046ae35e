package kernel

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// Text is sent when there is so much, or so long after it was printed, or when something else is shown.
const (
	coalesceBytes = 16 << 10
	coalesceTime  = 20 * time.Millisecond
)

// maxText bounds what one cell may print, in bytes: a notebook is kept as one JSON file.
const maxText = 64 << 20

// A cellOutput is the Output of one cell. It joins pieces of text: a message for each line would overrun
// the queues of clients, which hold a thousand.
type cellOutput struct {
	kernel     *kernel
	parent     *request
	silent     bool
	allowInput bool
	announce   func() // tells of the cell, once, before anything that it shows

	mu    sync.Mutex // held while publishing, so that messages keep their order
	name  string     // the stream that text belongs to
	text  strings.Builder
	timer *time.Timer
	total int
}

func (k *kernel) newOutput(r *request, asked executeRequest) *cellOutput {
	parent := &request{Message: wire.Message{Route: r.Route, Header: r.Header, RawHeader: r.RawHeader}} // without the code: outputs live long
	return &cellOutput{kernel: k, parent: parent, silent: asked.Silent, allowInput: orTrue(asked.AllowInput), announce: func() {}}
}

// lock begins every method.
func (o *cellOutput) lock() {
	o.announce()
	o.mu.Lock()
}

// Stream implements Output.
func (o *cellOutput) Stream(name, text string) {
	o.lock()
	defer o.mu.Unlock()
	if o.silent || text == "" || o.total > maxText {
		return
	}
	if o.total += len(text); o.total > maxText {
		name, text = Stderr, "\noutput cut: a cell may print 64 MB; what follows is dropped\n"
	}
	if name != o.name {
		o.flushText()
		o.name = name
	}
	if o.text.Len() == 0 && len(text) >= coalesceBytes {
		o.sendText(text)
		return
	}
	o.text.WriteString(text)
	if o.text.Len() >= coalesceBytes {
		o.flushText()
	} else if o.timer == nil {
		o.timer = time.AfterFunc(coalesceTime, o.flush)
	}
}

// Show implements Output.
func (o *cellOutput) Show(d Display) {
	kind := "display_data"
	if d.Update {
		kind = "update_display_data"
	}
	transient := object{}
	if d.ID != "" {
		transient["display_id"] = d.ID
	}
	o.send(kind, object{"data": nonNilMap(d.Data), "metadata": nonNilMap(d.Metadata), "transient": transient})
}

// Clear implements Output.
func (o *cellOutput) Clear(wait bool) { o.send("clear_output", object{"wait": wait}) }

// SendComm implements CommSender.
func (o *cellOutput) SendComm(c Comm) {
	o.kernel.comms.note(c)
	o.lock()
	defer o.mu.Unlock()
	o.flushText()
	o.kernel.publish(wire.Draft{Type: c.Kind, Parent: o.parent.RawHeader, Content: c.content(), Buffers: c.Buffers})
}

// Input implements Output.
func (o *cellOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.allowInput {
		return "", ErrNoInput
	}
	o.flush()
	return o.kernel.ask(ctx, o.parent, prompt, password)
}

func (o *cellOutput) send(kind string, content object) {
	o.lock()
	defer o.mu.Unlock()
	if o.silent {
		return
	}
	o.flushText()
	o.kernel.publish(wire.Draft{Type: kind, Parent: o.parent.RawHeader, Content: content})
}

func (o *cellOutput) flush() {
	o.lock()
	defer o.mu.Unlock()
	o.flushText()
}

func (o *cellOutput) flushText() {
	if o.timer != nil {
		o.timer.Stop()
		o.timer = nil
	}
	if o.text.Len() == 0 {
		return
	}
	text := o.text.String()
	o.text.Reset()
	o.sendText(text)
}

func (o *cellOutput) sendText(text string) {
	o.kernel.publish(wire.Draft{Type: "stream", Parent: o.parent.RawHeader, Content: object{"name": o.name, "text": text}})
}
