package kernel

import (
	"context"
	"fmt"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// hearInput keeps the newest answer from stdin; one that nobody asked for is dropped by ask.
func (k *kernel) hearInput(r *request) {
	if r.Header.Type != "input_reply" {
		return
	}
	select {
	case <-k.input:
	default:
	}
	k.input <- r.Message
}

// ask sends an input_request to the client that runs the cell and waits for its answer.
func (k *kernel) ask(ctx context.Context, cell *request, prompt string, password bool) (string, error) {
	select {
	case <-k.input: // an answer that came too late for an earlier question
	default:
	}
	frames, _, err := k.codec.Encode(wire.Draft{Route: cell.Route, Type: "input_request", Parent: cell.RawHeader,
		Content: object{"prompt": prompt, "password": password}})
	if err == nil {
		err = k.stdin.Send(frames)
	}
	if err != nil {
		return "", fmt.Errorf("input: %w", err)
	}
	select {
	case m := <-k.input:
		answer, err := parse[struct {
			Value string `json:"value"`
		}](&request{Message: m})
		return answer.Value, err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
