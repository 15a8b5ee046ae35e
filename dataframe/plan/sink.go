package plan

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Sink writes rows to a topic.
type Sink struct {
	Topic  string
	Format string
}

// Text is the op as a cell writes it.
func (s *Sink) Text() string { return fmt.Sprintf("to(%q, %s)", s.Topic, s.Format) }

// Schema is unchanged.
func (s *Sink) Schema(in []*row.Schema) (*row.Schema, error) { return in[0], nil }

// Action is what happens to a row that an operator cannot take.
type Action uint8

// What happens to a bad row.
const (
	Stop       Action = iota // the run ends at its last commit
	Skip                     // the row is left out and counted
	DeadLetter               // the row's record goes to a topic, with the reason in its headers
)

// OnError says what happens to bad rows of everything before it.
type OnError struct {
	Action Action
	Topic  string // of DeadLetter
}

// Text is the op as a cell writes it.
func (o *OnError) Text() string {
	switch o.Action {
	case Skip:
		return "onerror(skip)"
	case DeadLetter:
		return fmt.Sprintf("onerror(deadletter(%q))", o.Topic)
	}
	return "onerror(stop)"
}

// Schema is unchanged.
func (o *OnError) Schema(in []*row.Schema) (*row.Schema, error) { return in[0], nil }
