package dataframe

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// AsOf joins each row with the latest row of another frame that has the same
// values in the On columns and is not later: AsOf(gps, On("car"), Within("5s")).
// A row without a partner is left out, unless Left is given. Forward and
// Nearest look the other way, and both ways. Without Within the partner may be
// twice as old as two rows of the slower side lie apart on the sample.
func (f Frame) AsOf(other Frame, options ...JoinOption) Frame {
	j, err := joinOptions("AsOf", options)
	if err != nil {
		return f.failed(err)
	}
	return f.join(other, &plan.AsOf{Sides: j.Sides, Within: j.within, Toward: j.toward})
}

// Interval joins each row with every row of another frame that has the same
// values in the On columns and lies in a span of time around it:
// Interval(pits, "-5s", "+1s", On("car")) finds what happened from 5 s before
// a row up to 1 s after it, both included. A row without a partner is left
// out, unless Left is given.
func (f Frame) Interval(other Frame, from, to string, options ...JoinOption) Frame {
	j, err := joinOptions("Interval", options)
	if err != nil {
		return f.failed(err)
	}
	op := &plan.Interval{Sides: j.Sides}
	for _, b := range []struct {
		text string
		to   *time.Duration
	}{{from, &op.From}, {to, &op.To}} {
		if *b.to, err = signedDuration(b.text); err != nil {
			return f.fail("Interval", b.text, err)
		}
	}
	return f.join(other, op)
}

// join is the frame joined with another on columns by which both are keyed.
func (f Frame) join(other Frame, op plan.Op) Frame {
	switch {
	case other.Err() != nil:
		return f.failed(other.Err())
	case f.Err() != nil:
		return f.told()
	}
	on := plan.Joined(op).On
	f.node = plan.New(op, keyed(f.node, on), keyed(other.node, on))
	return f.told()
}

func keyed(n *plan.Node, columns []string) *plan.Node {
	return plan.New(&plan.KeyBy{Columns: columns}, n)
}

// joining is a join on the way from its options.
type joining struct {
	plan.Sides
	op     string
	within *time.Duration
	toward plan.Direction
}

func joinOptions(op string, options []JoinOption) (*joining, error) {
	j := &joining{op: op}
	for _, o := range options {
		if err := o.apply(j); err != nil {
			return nil, err
		}
	}
	if len(j.On) == 0 {
		return nil, &plan.Error{Op: op, Err: fmt.Errorf("has no columns to join on, want such as On(\"car\")")}
	}
	return j, nil
}

// JoinOption says how two frames are joined.
type JoinOption interface{ apply(*joining) error }

type joinFunc func(*joining) error

func (o joinFunc) apply(j *joining) error { return o(j) }

// On names the columns whose values must be equal.
func On(columns ...string) JoinOption {
	return joinFunc(func(j *joining) error {
		j.On = columns
		return nil
	})
}

// Within is how far away in time the partner of AsOf may be, or how long Dedup
// remembers a row.
func Within(d string) JoinOption {
	return spanOption("Within", d, func(j *joining, v time.Duration) error {
		j.within = &v
		return j.only("Within", "AsOf", "Dedup")
	})
}

// Grace is how far rows of either side may come late: a row waits that long
// for its partner. Without it the grace fits the disorder of the samples.
func Grace(d string) JoinOption {
	return spanOption("Grace", d, func(j *joining, v time.Duration) error {
		j.Grace = &v
		return nil
	})
}

// Left keeps the rows that find no partner, with nulls in its columns.
func Left() JoinOption {
	return joinFunc(func(j *joining) error {
		j.Left = true
		return nil
	})
}

// Forward makes AsOf take the earliest partner that is not earlier than the row.
func Forward() JoinOption { return toward("Forward", plan.Forward) }

// Nearest makes AsOf take the partner that is nearest in time, of two as near the earlier.
func Nearest() JoinOption { return toward("Nearest", plan.Nearest) }

func toward(name string, d plan.Direction) JoinOption {
	return joinFunc(func(j *joining) error {
		j.toward = d
		return j.only(name, "AsOf")
	})
}

// Suffix is put behind the names of the other frame's columns that this frame has too.
func Suffix(s string) JoinOption {
	return joinFunc(func(j *joining) error {
		j.Suffix = s
		return nil
	})
}

// only says that an option is of another kind of join.
func (j *joining) only(option string, of ...string) error {
	if slices.Contains(of, j.op) {
		return nil
	}
	return &plan.Error{Op: j.op, Text: option, Err: fmt.Errorf("%s is an option of %s", option, strings.Join(of, " and "))}
}

func spanOption(name, d string, set func(*joining, time.Duration) error) JoinOption {
	return joinFunc(func(j *joining) error {
		v, err := ParseDuration(d)
		if err == nil && v < 0 {
			err = fmt.Errorf("is %s, want 0 or more", v)
		}
		if err != nil {
			return &plan.Error{Op: name, Text: d, Err: err}
		}
		return set(j, v)
	})
}

// signedDuration reads "-5s", "+1s" or "0s".
func signedDuration(s string) (time.Duration, error) {
	d, err := ParseDuration(strings.TrimLeft(s, "+-"))
	if strings.HasPrefix(s, "-") {
		d = -d
	}
	if err != nil || len(s)-len(strings.TrimLeft(s, "+-")) > 1 {
		return 0, fmt.Errorf("%q is no bound, want how much earlier or later, such as \"-5s\", \"0s\" or \"+1s\"", s)
	}
	return d, nil
}
