package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// comms knows the open widget channels: identifier to target.
type comms struct {
	mu   sync.Mutex
	open map[string]string
}

func newComms() *comms { return &comms{open: map[string]string{}} }

func (c *comms) note(m Comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m.Kind {
	case CommOpen:
		c.open[m.ID] = m.Target
	case CommClose:
		delete(c.open, m.ID)
	}
}

// list gives the open channels, of one target if it is not empty.
func (c *comms) list(target string) object {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := object{}
	for id, t := range c.open {
		if target == "" || t == target {
			all[id] = object{"target_name": t}
		}
	}
	return all
}

func (c Comm) content() object {
	data := c.Data
	if len(data) == 0 {
		data = json.RawMessage("{}")
	}
	content := object{"comm_id": c.ID, "data": data}
	if c.Kind == CommOpen {
		content["target_name"] = c.Target
	}
	return content
}

func (k *kernel) commInfo(_ context.Context, r *request) (any, error) {
	asked, err := parse[struct {
		Target string `json:"target_name"`
	}](r)
	return object{"status": "ok", "comms": k.comms.list(asked.Target)}, err
}

// comm hands a widget's message to the evaluator. A channel that it refuses is closed at once, so that the
// frontend does not wait for it.
func (k *kernel) comm(ctx context.Context, r *request) (any, error) {
	asked, err := parse[struct {
		ID     string          `json:"comm_id"`
		Target string          `json:"target_name"`
		Data   json.RawMessage `json:"data"`
	}](r)
	if err != nil {
		return nil, err
	}
	c := Comm{Kind: r.Header.Type, ID: asked.ID, Target: asked.Target, Data: asked.Data, Buffers: r.Buffers}
	k.comms.note(c)
	out := k.newOutput(r, executeRequest{})
	defer out.flush()
	err = fmt.Errorf("no widgets for target %q", c.Target)
	if h, ok := k.eval.(CommHandler); ok {
		err = h.Comm(ctx, c, out)
	}
	if err != nil && c.Kind == CommOpen {
		closing := Comm{Kind: CommClose, ID: c.ID}
		k.comms.note(closing)
		k.publish(wire.Draft{Type: CommClose, Parent: r.RawHeader, Content: closing.content()})
	}
	return nil, err
}
