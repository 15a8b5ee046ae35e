package pipe

import (
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/kernel"
)

// The bodies of frames; Cell, Display and Comm of package kernel are bodies too.

type hello struct {
	Version int `json:"version"`
}

// code is the question of Complete, Inspect and IsComplete.
type code struct {
	Text   string `json:"text"`
	Cursor int    `json:"cursor,omitempty"`
	Detail int    `json:"detail,omitempty"`
}

// reply is what a call gave: any value in the worker, one of the type that it asked for in the front.
type reply[T any] struct {
	Err   *kernel.Error `json:"error,omitempty"`
	Value T             `json:"value,omitempty"`
}

// stream is text, as one byte that names the stream, and the text.
type stream struct{ name, text string }

// streamNames are what the first byte of a stream's body stands for.
var streamNames = [...]string{kernel.Stdout, kernel.Stderr}

func streamNumber(name string) byte { return byte(max(0, slices.Index(streamNames[:], name))) }

func readStream(body []byte) (stream, error) {
	if len(body) == 0 || int(body[0]) >= len(streamNames) {
		return stream{}, fmt.Errorf("%w: text of no stream", ErrProtocol)
	}
	return stream{streamNames[body[0]], string(body[1:])}, nil
}

type place struct {
	Line int `json:"line"`
}

type wipe struct {
	Wait bool `json:"wait"`
}

// ask is a question to the user, answer what he gave; Number tells the questions of one cell apart.
type ask struct {
	Number   uint64 `json:"number"`
	Prompt   string `json:"prompt"`
	Password bool   `json:"password,omitempty"`
}

type answer struct {
	Number      uint64 `json:"number"`
	Value       string `json:"value,omitempty"`
	Refused     bool   `json:"refused,omitempty"`     // the client cannot ask
	Interrupted bool   `json:"interrupted,omitempty"` // the cell was, while it waited
	Err         string `json:"error,omitempty"`
}
