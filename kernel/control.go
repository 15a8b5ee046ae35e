package kernel

import (
	"context"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// begin makes the context of a cell, which interrupt requests end.
func (k *kernel) begin(ctx context.Context) (cell context.Context, end func()) {
	cell, cancel := context.WithCancel(ctx)
	k.setInterrupt(cancel)
	return cell, func() {
		k.setInterrupt(nil)
		cancel()
	}
}

func (k *kernel) setInterrupt(f context.CancelFunc) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.interrupt = f
}

// stopCell interrupts the cell that runs, if one does.
func (k *kernel) stopCell() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.interrupt != nil {
		k.interrupt()
	}
}

func (k *kernel) interruptCell(context.Context, *request) (any, error) {
	k.stopCell()
	return object{"status": "ok"}, nil
}

// shutdown answers on the channel and to everybody; the kernel ends once that is sent.
func (k *kernel) shutdown(_ context.Context, r *request) (any, error) {
	asked, err := parse[struct {
		Restart bool `json:"restart"`
	}](r)
	if err != nil {
		return nil, err
	}
	content := object{"status": "ok", "restart": asked.Restart}
	k.publish(wire.Draft{Type: "shutdown_reply", Parent: r.RawHeader, Content: content})
	r.last = true
	return content, nil
}
