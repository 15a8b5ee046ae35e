package dataframe

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// MapKnown is [Frame.Map] by a function of which a notebook knows what it computes.
func MapKnown(f Frame, known plan.Formula, name string, fn any, columns ...string) Frame {
	if _, _, err := plan.Signature(fn); err != nil {
		return f.fail("Map", name, err)
	}
	return f.then(&plan.Map{Name: name, Func: fn, Args: columns, Known: known})
}

// ApplyKnown is [Frame.Apply] by a function of which a notebook knows what it computes.
func ApplyKnown(f Frame, known plan.Formula, fn func(Row) Row, sets ...string) Frame {
	fields, bad, err := parseFields(sets)
	if err != nil {
		return f.fail("Apply", bad, err)
	}
	if fn == nil {
		return f.fail("Apply", "", fmt.Errorf("has no function"))
	}
	return f.then(&plan.Apply{Func: fn, Adds: fields, Known: known})
}

// FilterKnown is [Frame.Filter] by a function of which a notebook knows what it computes.
func FilterKnown(f Frame, known plan.Formula, fn func(Row) bool) Frame {
	if fn == nil {
		return f.fail("Filter", "", fmt.Errorf("has no function"))
	}
	return f.then(&plan.Filter{Func: fn, Known: known})
}
