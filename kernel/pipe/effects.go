package pipe

import (
	"context"
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/kernel"
)

// handle does what one frame of the worker asks for.
func (w *worker) handle(f frame) error {
	switch f.kind {
	case helloFrame:
		return greet(f)
	case replyFrame:
		w.drain()
		if c := w.end(f.id); c != nil {
			w.filter.release()
			c.replied <- f
		}
		return nil
	}
	if f.kind == placeFrame {
		return apply(f, func(p place) { w.place(f.id, p.Line) })
	}
	out := w.output(f.id)
	if out == nil {
		return nil // an effect before any cell: nobody to show it to
	}
	return w.effect(f, out)
}

func greet(f frame) error {
	h, err := decode[hello](f)
	if err == nil && h.Version != version {
		err = fmt.Errorf("%w: the worker speaks version %d, the kernel %d: start both from one program", ErrProtocol, h.Version, version)
	}
	return err
}

func (w *worker) effect(f frame, out kernel.Output) error {
	switch f.kind {
	case streamFrame:
		s, err := readStream(f.body)
		if err == nil {
			out.Stream(s.name, s.text)
		}
		return err
	case showFrame:
		w.drain()
		return apply(f, out.Show)
	case clearFrame:
		w.drain()
		return apply(f, func(c wipe) { out.Clear(c.Wait) })
	case sendCommFrame:
		if sender, ok := out.(kernel.CommSender); ok {
			return apply(f, sender.SendComm)
		}
		return nil
	case askFrame:
		w.drain()
		return apply(f, func(a ask) { go w.ask(f.id, a, out) })
	}
	return fmt.Errorf("%w: unexpected kind %d from the worker", ErrProtocol, f.kind)
}

func apply[T any](f frame, do func(T)) error {
	v, err := decode[T](f)
	if err == nil {
		do(v)
	}
	return err
}

// ask puts a question of the worker to the user.
func (w *worker) ask(id uint64, q ask, out kernel.Output) {
	w.mu.Lock()
	c := w.calls[id]
	w.mu.Unlock()
	if c == nil {
		w.link.send(answerFrame, id, answer{Number: q.Number, Refused: true}) // the cell has ended: nobody waits there
		return
	}
	a := answer{Number: q.Number}
	value, err := out.Input(c.ctx, q.Prompt, q.Password)
	switch {
	case err == nil:
		a.Value = value
	case errors.Is(err, kernel.ErrNoInput):
		a.Refused = true
	case errors.Is(err, context.Canceled):
		a.Interrupted = true
	default:
		a.Err = err.Error()
	}
	w.link.send(answerFrame, id, a)
}
