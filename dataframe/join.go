package dataframe

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// AsOf joins each row with the latest row of another frame that has the same
// values in the On columns and is not later: AsOf(gps, On("car"), Within("5s")).
// A row without a partner is left out, unless Left is given.
func (f Frame) AsOf(other Frame, options ...JoinOption) Frame {
	op := &plan.AsOf{}
	for _, o := range options {
		if err := o.apply(op); err != nil {
			return f.failed(err)
		}
	}
	switch {
	case len(op.On) == 0:
		return f.fail("AsOf", "", fmt.Errorf("has no columns to join on, want such as On(\"car\")"))
	case op.Within == 0:
		return f.fail("AsOf", "", fmt.Errorf("does not say how old a partner may be, want such as Within(\"5s\")"))
	case other.Err() != nil:
		return f.failed(other.Err())
	case f.Err() != nil:
		return f.told()
	}
	f.node = plan.New(op, keyed(f.node, op.On), keyed(other.node, op.On))
	return f.told()
}

func keyed(n *plan.Node, columns []string) *plan.Node {
	return plan.New(&plan.KeyBy{Columns: columns}, n)
}

// JoinOption says how two frames are joined.
type JoinOption interface{ apply(*plan.AsOf) error }

type joinFunc func(*plan.AsOf) error

func (o joinFunc) apply(a *plan.AsOf) error { return o(a) }

// On names the columns whose values must be equal.
func On(columns ...string) JoinOption {
	return joinFunc(func(a *plan.AsOf) error {
		a.On = columns
		return nil
	})
}

// Within is how old a partner may be.
func Within(d string) JoinOption {
	return spanOption("Within", d, func(a *plan.AsOf, v time.Duration) { a.Within = v })
}

// Grace is how far rows of either side may come late: a row waits that long
// for its partner. Without it the grace fits the disorder of the samples.
func Grace(d string) JoinOption {
	return spanOption("Grace", d, func(a *plan.AsOf, v time.Duration) { a.Grace = &v })
}

// Left keeps the rows that find no partner, with nulls in its columns.
func Left() JoinOption {
	return joinFunc(func(a *plan.AsOf) error {
		a.Left = true
		return nil
	})
}

// Suffix is put behind the names of the other frame's columns that this frame has too.
func Suffix(s string) JoinOption {
	return joinFunc(func(a *plan.AsOf) error {
		a.Suffix = s
		return nil
	})
}

func spanOption(name, d string, set func(*plan.AsOf, time.Duration)) JoinOption {
	return joinFunc(func(a *plan.AsOf) error {
		v, err := ParseDuration(d)
		if err == nil && v < 0 {
			err = fmt.Errorf("is %s, want 0 or more", v)
		}
		if err != nil {
			return &plan.Error{Op: name, Text: d, Err: err}
		}
		set(a, v)
		return nil
	})
}
