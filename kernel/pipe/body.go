package pipe

import (
	"encoding/json"

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

type reply struct {
	Err   *kernel.Error   `json:"error,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

type stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
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
