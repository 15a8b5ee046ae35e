package dataframe

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

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

// Retry calls a function that panicked again, up to n times for a row, and
// waits in between: that long, and twice as long each time. What happens to a
// row that it fails for still is another policy's business.
func Retry(n int, wait string) Policy { return Policy(fmt.Sprintf("retry:%d:%s", n, wait)) }

// Budget is how many rows may be left out until a run stops after all, such as
// "1%", which it is if none is given; "off" is any number. It is counted over
// each [plan.BudgetRows] rows: by more, it is the program that is wrong, not the rows.
func Budget(share string) Policy { return Policy("budget:" + share) }

// policy is what policies say together; with an error comes the one that is wrong.
func policy(policies []Policy) (*plan.OnError, Policy, error) {
	out := &plan.OnError{Budget: plan.DefaultBudget}
	if len(policies) == 0 {
		return nil, "", errors.New("names no policy, want Stop, Skip or DeadLetter(\"topic\")")
	}
	for _, p := range policies {
		if err := p.add(out); err != nil {
			return nil, p, err
		}
	}
	return out, "", nil
}

func (p Policy) add(o *plan.OnError) error {
	name, arg, _ := strings.Cut(string(p), ":")
	switch name {
	case "stop":
		o.Action = plan.Stop
		return nil
	case "skip":
		o.Action = plan.Skip
		return nil
	case "deadletter":
		o.Action, o.Topic = plan.DeadLetter, arg
		return CheckTopic(arg)
	case "retry":
		return retry(arg, o)
	case "budget":
		return budget(arg, o)
	}
	return errors.New(`is no policy, want Stop, Skip or DeadLetter("topic"), and perhaps Retry(3, "1s") and Budget("1%")`)
}

// The bounds of Retry: longer, and the group would take the task away.
const (
	mostTries = 10
	mostWait  = 10 * time.Second
)

func retry(arg string, o *plan.OnError) error {
	n, wait, _ := strings.Cut(arg, ":")
	tries, err := strconv.Atoi(n)
	if err != nil || tries < 1 || tries > mostTries {
		return fmt.Errorf("tries %s times, want 1 to %d", n, mostTries)
	}
	d, err := ParseDuration(wait)
	if err != nil {
		return err
	}
	if d > mostWait {
		return fmt.Errorf("waits %s, want %s at most", d, mostWait)
	}
	o.Tries, o.Wait = tries, d
	return nil
}

func budget(arg string, o *plan.OnError) error {
	if arg == "off" {
		o.Budget = plan.NoBudget
		return nil
	}
	number, ok := strings.CutSuffix(arg, "%")
	share, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || !(share >= 0 && share <= 100) {
		return fmt.Errorf("is %q, want a share of the rows such as \"1%%\", or \"off\"", arg)
	}
	o.Budget = int(share*plan.BudgetRows/100 + 0.5)
	return nil
}
