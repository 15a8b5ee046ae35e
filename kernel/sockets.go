package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riffle-stream/riffle/kernel/guard"
	"github.com/riffle-stream/riffle/kernel/wire"
)

// A router exchanges messages with clients one by one; the first frame names the client.
type router interface {
	Recv() ([][]byte, error) // guard.ErrClosed after Close
	Send(frames [][]byte) error
	Flush(d time.Duration) bool
	Close() error
}

// A publisher sends messages to every client that subscribed to their first frame.
type publisher interface {
	Publish(frames [][]byte) error
	Flush(d time.Duration) bool
	Close() error
}

// channels are the five sockets of a kernel.
type channels struct {
	shell, control, stdin, heartbeat router
	iopub                            publisher
}

// listen opens the sockets that the connection file names.
func listen(ctx context.Context, c Connection, codec *wire.Codec, log *slog.Logger) (ch channels, err error) {
	defer func() {
		if err != nil {
			ch.close()
		}
	}()
	open := func(to *router, name string, port int) {
		if err != nil {
			return
		}
		network, addr := c.endpoint(port)
		r, e := guard.NewRouter(ctx, network, addr, guard.Limits{}, log.With("channel", name))
		if e != nil {
			err = fmt.Errorf("%s channel: %w", name, e)
			return
		}
		*to = r
	}
	open(&ch.heartbeat, "heartbeat", c.Heartbeat)
	open(&ch.control, "control", c.Control)
	open(&ch.stdin, "stdin", c.Stdin)
	open(&ch.shell, "shell", c.Shell)
	if err != nil {
		return ch, err
	}
	network, addr := c.endpoint(c.IOPub)
	topics := guard.Topics{Droppable: droppable, Welcome: welcome(codec)}
	p, err := guard.NewPublisher(ctx, network, addr, topics, guard.Limits{Message: 4096}, log.With("channel", "iopub"))
	if err != nil {
		return ch, fmt.Errorf("iopub channel: %w", err)
	}
	ch.iopub = p
	return ch, nil
}

// droppable tells what a client that reads too slowly can do without: text, and displays that the next update replaces.
func droppable(topic []byte) bool {
	return string(topic) == "stream" || string(topic) == "update_display_data"
}

// welcome tells a new subscriber that from here on it misses nothing.
func welcome(codec *wire.Codec) func(topic []byte) [][]byte {
	return func(topic []byte) [][]byte {
		name := topic
		if len(name) == 0 {
			name = []byte("iopub_welcome")
		}
		d := wire.Draft{Route: [][]byte{name}, Type: "iopub_welcome", Content: map[string]any{"subscription": string(topic)}}
		frames, _, _ := codec.Encode(d) // a map of strings encodes
		return frames
	}
}

// beat answers heartbeats: it is a ROUTER, which gives back whatever frames came.
func (ch channels) beat() {
	for {
		frames, err := ch.heartbeat.Recv()
		if errors.Is(err, guard.ErrClosed) {
			return
		}
		if err == nil {
			ch.heartbeat.Send(frames)
		}
	}
}

type closer interface {
	Flush(d time.Duration) bool
	Close() error
}

func (ch channels) each(f func(closer)) {
	for _, s := range []router{ch.shell, ch.control, ch.stdin, ch.heartbeat} {
		if s != nil {
			f(s)
		}
	}
	if ch.iopub != nil {
		f(ch.iopub)
	}
}

// flush waits, at most for d, until clients have what was sent to them.
func (ch channels) flush(d time.Duration) {
	deadline := time.Now().Add(d)
	ch.each(func(s closer) { s.Flush(time.Until(deadline)) })
}

func (ch channels) close() { ch.each(func(s closer) { s.Close() }) }
