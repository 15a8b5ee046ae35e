package pipe

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/riffle-stream/riffle/kernel"
)

// A remoteOutput is a cell's Output in the worker. What it cannot send is lost with the front, which
// ends the worker anyway.
type remoteOutput struct {
	server *server
	id     uint64
	below  atomic.Int64 // the line that was said to run, counted from 0
}

// maxPiece is how much text goes into one frame, which then fits into a pipe: while the front and its clients are at one
// piece, the worker is at the next.
const maxPiece = 64<<10 - 4 - headSize - 1

// Stream implements kernel.Output.
func (o *remoteOutput) Stream(name, text string) { o.Print(name, []byte(text)) }

// Print implements kernel.Printer.
func (o *remoteOutput) Print(name string, text []byte) {
	for len(text) > 0 {
		n := wholeRunes(text, maxPiece)
		o.server.link.text(o.id, name, text[:n])
		text = text[n:]
	}
}

// Show implements kernel.Output. What does not fit, or is no JSON, is replaced by a line that says so.
func (o *remoteOutput) Show(d kernel.Display) {
	if err := o.server.link.send(showFrame, o.id, d); err != nil {
		d.Bundle = kernel.Text(fmt.Sprintf("cannot be shown: %v", err))
		o.server.link.send(showFrame, o.id, d)
	}
}

// Clear implements kernel.Output.
func (o *remoteOutput) Clear(wait bool) { o.server.link.send(clearFrame, o.id, wipe{Wait: wait}) }

// Place implements kernel.Placer. The front takes the first line for the one that runs, until it is told of another.
func (o *remoteOutput) Place(line int) {
	if below := int64(line - 1); o.below.Swap(below) != below {
		o.server.link.send(placeFrame, o.id, place{line})
	}
}

// SendComm implements kernel.CommSender.
func (o *remoteOutput) SendComm(c kernel.Comm) { o.server.link.send(sendCommFrame, o.id, c) }

// Input implements kernel.Output.
func (o *remoteOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	number, answered := o.server.expect()
	defer o.server.forget(number)
	if err := o.server.link.send(askFrame, o.id, ask{Number: number, Prompt: prompt, Password: password}); err != nil {
		return "", fmt.Errorf("input: %w", err)
	}
	select {
	case a := <-answered:
		switch {
		case a.Refused:
			return "", kernel.ErrNoInput
		case a.Interrupted:
			return "", context.Canceled
		case a.Err != "":
			return "", errors.New(a.Err)
		}
		return a.Value, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s *server) expect() (number uint64, answered chan answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	answered = make(chan answer, 1)
	s.answers[s.asked] = answered
	return s.asked, answered
}

func (s *server) forget(number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.answers, number)
}
