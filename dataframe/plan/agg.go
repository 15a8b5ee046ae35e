package plan

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Aggregate is one value of a group of rows.
type Aggregate struct {
	Name   string
	Func   string     // one of AggregateNames
	Arg    *expr.Expr // nil for count()
	Filter *expr.Expr // nil: every row
}

// ParseAggregate reads "avg = mean(kmh)", "max(kmh)", "n = count()" or, with a
// filter, "mean(kmh, gear == 8)"; count takes the filter alone.
func ParseAggregate(src string) (Aggregate, error) {
	name, fn, args, err := expr.ParseCall(src)
	if err != nil {
		return Aggregate{}, wrong("Agg", src, err)
	}
	a := Aggregate{Name: name, Func: fn}
	if _, ok := aggregates[fn]; !ok {
		meant := near.Name(fn, AggregateNames())
		if meant != "" {
			meant = "; did you mean " + meant + "?"
		}
		return a, wrongf("Agg", src, "no aggregate %q (have %s%s)", fn, strings.Join(AggregateNames(), ", "), meant)
	}
	if fn == "count" {
		args = append([]expr.Expr{{}}, args...)
	} else if len(args) > 0 {
		a.Arg = &args[0]
	}
	if len(args) == 0 || len(args) > 2 {
		return a, wrongf("Agg", src, "%s takes a value and perhaps a condition, got %d arguments", fn, len(args))
	}
	if len(args) == 2 {
		a.Filter = &args[1]
	}
	return a, nil
}

// Text is the aggregate as a cell writes it.
func (a Aggregate) Text() string {
	var args []string
	for _, e := range []*expr.Expr{a.Arg, a.Filter} {
		if e != nil {
			args = append(args, e.String())
		}
	}
	return fmt.Sprintf("%s = %s(%s)", a.Name, a.Func, strings.Join(args, ", "))
}

// aggregates are the functions, and what they give for an argument of a kind; Null: they do not take it.
var aggregates = map[string]func(row.Kind) row.Kind{
	"count": func(row.Kind) row.Kind { return row.Int },
	"sum":   summed,
	"mean":  averaged,
	"std":   averaged,
	"min":   ordered,
	"max":   ordered,
	"first": func(k row.Kind) row.Kind { return k },
	"last":  func(k row.Kind) row.Kind { return k },
}

// AggregateNames are the aggregates there are, by name.
func AggregateNames() []string {
	var names []string
	for n := range aggregates {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func summed(k row.Kind) row.Kind {
	if k == row.Int || k == row.Float || k == row.Duration {
		return k
	}
	if k == row.Bool {
		return row.Int
	}
	return row.Null
}

func averaged(k row.Kind) row.Kind {
	if k == row.Int || k == row.Float || k == row.Bool {
		return row.Float
	}
	return row.Null
}

func ordered(k row.Kind) row.Kind {
	if slices.Contains([]row.Kind{row.Int, row.Float, row.String, row.Time, row.Duration}, k) {
		return k
	}
	return row.Null
}

// field checks the aggregate against the rows' columns and gives its column.
func (a Aggregate) field(s *row.Schema) (row.Field, error) {
	arg := row.Null
	if a.Filter != nil {
		if k, err := a.Filter.Check(s); err != nil {
			return row.Field{}, wrong("Agg", a.Text(), err)
		} else if k != row.Bool {
			return row.Field{}, wrongf("Agg", a.Text(), "its second argument is %s, want a condition", k)
		}
	}
	if a.Arg != nil {
		k, err := a.Arg.Check(s)
		if err != nil {
			return row.Field{}, wrong("Agg", a.Text(), err)
		}
		arg = k
	}
	k := aggregates[a.Func](arg)
	if k == row.Null && a.Func != "first" && a.Func != "last" {
		return row.Field{}, wrongf("Agg", a.Text(), "%s does not take %s", a.Func, arg)
	}
	return row.Field{Name: a.Name, Kind: k}, nil
}
