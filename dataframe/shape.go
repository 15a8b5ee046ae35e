package dataframe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// FillNull puts a value where a column is null: FillNull("speed", 0.0).
func (f Frame) FillNull(column string, value any) Frame {
	return f.then(&plan.With{Columns: []plan.Column{{Name: column, Expr: expr.Col(column).Else(value)}}, Method: "FillNull"})
}

// DropNull keeps the rows that have a value in each of the columns, or in all columns if none is named.
func (f Frame) DropNull(columns ...string) Frame { return f.then(&plan.DropNull{Columns: columns}) }

// Require makes a row a bad one, which [Frame.OnError] decides about, if a column
// has no value or a condition is not true: Require("car", "speed >= 0").
func (f Frame) Require(conditions ...string) Frame {
	parsed, bad, err := parseColumns(conditions)
	if err != nil {
		return f.fail("Require", bad, err)
	}
	return f.then(&plan.Require{Conditions: parsed})
}

// Cast gives columns other kinds: Cast("lap int", "note string"). What does not
// fit becomes null. A number becomes a time with its unit: Cast("ts time ms").
func (f Frame) Cast(fields ...string) Frame {
	if len(fields) == 0 {
		return f.fail("Cast", "", fmt.Errorf("names no column, want such as \"lap int\""))
	}
	op := &plan.With{Method: "Cast"}
	for _, text := range fields {
		c, err := cast(text, "")
		if err != nil {
			return f.fail("Cast", text, err)
		}
		op.Columns = append(op.Columns, c)
	}
	return f.then(op)
}

// cast reads "name kind", or "name time unit", of a column whose path begins with a prefix.
func cast(text, prefix string) (plan.Column, error) {
	var unit []any
	if head, last, ok := cutLast(text); ok && slices.Contains([]string{"s", "ms", "us", "ns"}, last) && strings.HasSuffix(head, " time") {
		text, unit = head, []any{last}
	}
	field, err := row.ParseField(text)
	if err != nil {
		return plan.Column{}, err
	}
	function := field.Kind.String()
	switch field.Kind {
	case row.Bool, row.Int, row.Float, row.String, row.Time:
	case row.Duration:
		function = "dur"
	default:
		return plan.Column{}, fmt.Errorf("nothing becomes %s by a cast, want bool, int, float, string, time or duration", field.Kind)
	}
	args := append([]any{expr.Col(prefix + field.Name)}, unit...)
	return plan.Column{Name: field.Name, Expr: expr.Call(function, args...)}, nil
}

// cutLast cuts the last word off.
func cutLast(s string) (head, last string, ok bool) {
	at := strings.LastIndexByte(s, ' ')
	if at < 0 {
		return s, "", false
	}
	return strings.TrimSpace(s[:at]), s[at+1:], true
}

// Unnest takes the members of an object out of it: engine.rpm becomes rpm. Of an
// object whose members no sample taught they are named: Unnest("engine", "rpm int").
func (f Frame) Unnest(column string, fields ...string) Frame {
	if len(fields) == 0 {
		return f.then(&plan.Unnest{Column: column})
	}
	op := &plan.With{Method: "Unnest"}
	for _, text := range fields {
		c, err := cast(text, column+".")
		if err != nil {
			return f.fail("Unnest", text, err)
		}
		op.Columns = append(op.Columns, c)
	}
	return f.then(op).Drop(column)
}

// Flatten gives members of objects names without dots, at any depth: engine.rpm
// becomes engine_rpm. It takes the objects, or none for all.
func (f Frame) Flatten(columns ...string) Frame { return f.then(&plan.Flatten{Columns: columns}) }

// Explode gives a row for each element of a list: Explode("tags"), or with the
// kind of the elements Explode("tags string"). A list without elements, and null,
// give one row with a null.
func (f Frame) Explode(column string) Frame {
	field, err := row.ParseField(column)
	if err != nil {
		field = row.Field{Name: strings.TrimSpace(column), Kind: row.Any}
	}
	return f.then(&plan.Explode{Column: field.Name, Kind: field.Kind})
}

// Split gives the rows for which a condition is true, and the others: fast, slow := cars.Split("speed > 60").
// Those for which it is null are among the others.
func (f Frame) Split(condition string) (yes, no Frame) {
	e, err := expr.Parse(condition)
	if err != nil {
		f = f.fail("Split", condition, err)
		return f, f
	}
	return f.then(&plan.Where{Cond: e}), f.then(&plan.Where{Cond: e.Else(false).Not()})
}

// Concat is the rows of several frames, which have the same columns. Columns that
// only some have are added to the others by With("gear = null"), or left out by
// Select. Rows of frames that lie in different numbers of partitions are moved by Key first.
func Concat(first Frame, more ...Frame) Frame { return first.and(more, &plan.Concat{}) }

// and is a step after this frame and others.
func (f Frame) and(more []Frame, op plan.Op) Frame {
	nodes := []*plan.Node{f.node}
	for _, g := range more {
		if f.Err() == nil && g.Err() != nil {
			f.err = g.Err()
		}
		nodes = append(nodes, g.node)
	}
	if f.Err() == nil {
		f.node = plan.New(op, nodes...)
	}
	return f.told()
}
