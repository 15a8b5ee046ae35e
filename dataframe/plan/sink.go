package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Sink writes rows to a topic.
type Sink struct {
	Topic  string
	Format string
}

// Text is the op as a cell writes it.
func (s *Sink) Text() string { return fmt.Sprintf("to(%q, %s)", s.Topic, brief(s.Format)) }

// Subject is the name under which a schema registry keeps the schema of the topic's rows.
func (s *Sink) Subject() string { return s.Topic + "-value" }

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
	Topic  string        // of DeadLetter
	Tries  int           // how often a function that panicked is called again for a row
	Wait   time.Duration // before the first of them; twice as long before each other
	Budget int           // rows of each BudgetRows that may be left out
}

// What a budget is when none is given, and over how many rows it is counted.
const (
	BudgetRows    = 10_000
	DefaultBudget = BudgetRows / 100
	NoBudget      = -1
)

// Text is the op as a cell writes it; what is the default is left out.
func (o *OnError) Text() string {
	var parts []string
	if o.Tries > 0 {
		parts = append(parts, fmt.Sprintf("retry(%d, %s)", o.Tries, o.Wait))
	}
	switch o.Action {
	case Skip:
		parts = append(parts, "skip")
	case DeadLetter:
		parts = append(parts, fmt.Sprintf("deadletter(%q)", o.Topic))
	default:
		parts = append(parts, "stop")
	}
	switch o.Budget {
	case DefaultBudget:
	case NoBudget:
		parts = append(parts, "budget(off)")
	default:
		parts = append(parts, fmt.Sprintf("budget(%d of %d)", o.Budget, BudgetRows))
	}
	return "onerror(" + strings.Join(parts, ", ") + ")"
}

// Schema is unchanged.
func (o *OnError) Schema(in []*row.Schema) (*row.Schema, error) { return in[0], nil }
