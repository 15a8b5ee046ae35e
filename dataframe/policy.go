package dataframe

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Policy says what happens to rows that a step cannot take.
type Policy string

// What happens to bad rows; see [DeadLetter] for the third.
const (
	Stop Policy = "stop" // the run ends at its last commit
	Skip Policy = "skip" // the row is left out and counted
)

// DeadLetter sends the row's record to a topic, as it came, with the reason in its headers.
func DeadLetter(topic string) Policy { return Policy("deadletter:" + topic) }

func (p Policy) op() (*plan.OnError, error) {
	switch {
	case p == Stop:
		return &plan.OnError{Action: plan.Stop}, nil
	case p == Skip:
		return &plan.OnError{Action: plan.Skip}, nil
	case strings.HasPrefix(string(p), "deadletter:"):
		topic := strings.TrimPrefix(string(p), "deadletter:")
		return &plan.OnError{Action: plan.DeadLetter, Topic: topic}, CheckTopic(topic)
	}
	return nil, fmt.Errorf("is no policy, want Stop, Skip or DeadLetter(\"topic\")")
}
