package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Sink writes rows to a topic, or each to one of several.
type Sink struct {
	Topic  string
	Format string
	Key    []string // columns whose text is the record's key; none: that of the row
	Time   string   // the column that is the record's timestamp; "": the event time
	// To is what gives the topic, one of Topics; the zero value: Topic.
	To     expr.Expr
	Topics []string
}

// Names are the topics that the sink writes.
func (s *Sink) Names() []string {
	if s.Topics != nil {
		return s.Topics
	}
	return []string{s.Topic}
}

// Text is the op as a cell writes it.
func (s *Sink) Text() string {
	var b strings.Builder
	if s.Topics != nil {
		fmt.Fprintf(&b, "tooneof(%q, [%s]", s.To.String(), quoted(s.Topics))
	} else {
		fmt.Fprintf(&b, "to(%q", s.Topic)
	}
	b.WriteString(", " + brief(s.Format))
	if len(s.Key) > 0 {
		fmt.Fprintf(&b, ", key(%s)", quoted(s.Key))
	}
	if s.Time != "" {
		fmt.Fprintf(&b, ", time(%q)", s.Time)
	}
	return b.String() + ")"
}

// Subject is the name under which a schema registry keeps the schema of a topic's rows.
func Subject(topic string) string { return topic + "-value" }

// Schema is unchanged.
func (s *Sink) Schema(in []*row.Schema) (*row.Schema, error) {
	for _, k := range s.Key {
		if in[0].Index(k) < 0 {
			return nil, wrong("KeyAs", k, Unknown(k, in[0]))
		}
	}
	if k, ok := in[0].Kind(s.Time); s.Time != "" && !ok {
		return nil, wrong("Time", s.Time, Unknown(s.Time, in[0]))
	} else if s.Time != "" && k != row.Time {
		return nil, wrongf("Time", s.Time, "column %q is %s, want a time", s.Time, k)
	}
	if s.Topics == nil {
		return in[0], nil
	}
	k, err := s.To.Check(in[0])
	if err != nil {
		return nil, wrong("ToOneOf", s.To.String(), err)
	}
	if k != row.String && k != row.Any && k != row.Null {
		return nil, wrongf("ToOneOf", s.To.String(), "is %s, want the name of a topic", k)
	}
	return in[0], nil
}

// reads are the columns that the sink looks at beside those that it writes.
func (s *Sink) reads(in map[string]bool) {
	need(in, s.Key...)
	if s.Time != "" {
		need(in, s.Time)
	}
	if s.Topics != nil {
		needExpr(in, s.To)
	}
}

// Outputs is several ends of one graph. Bind puts its inputs in its place.
type Outputs struct{}

// Text is the op as a cell writes it.
func (*Outputs) Text() string { return "outputs()" }

// Schema is that of the first end.
func (*Outputs) Schema(in []*row.Schema) (*row.Schema, error) { return in[0], nil }

// Ends are the nodes that a graph ends in, in the order in which they were given.
func Ends(roots []*Node) []*Node {
	var out []*Node
	for _, r := range roots {
		if _, several := r.Op.(*Outputs); several {
			out = append(out, Ends(r.In)...)
		} else {
			out = append(out, r)
		}
	}
	return out
}

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
