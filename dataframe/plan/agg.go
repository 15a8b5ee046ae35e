package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Aggregate is one value of a group of rows.
type Aggregate struct {
	Name   string
	Func   string      // one of AggregateNames
	Args   []expr.Expr // what it computes of each row; none for count
	Consts []any       // what else it was told, such as the share of a quantile: float64, int64 or time.Duration
	Filter *expr.Expr  // nil: every row
	Fold   *Fold       // instead of Func
}

// ParseAggregate reads "avg = mean(kmh)", "max(kmh)" or "n = count()". After its values come what is written out, as the share
// in "quantile(ms, 0.99)", and last of all, if not every row counts, a condition: "mean(kmh, gear == 8)", "quantile(ms, 0.99, ok)".
func ParseAggregate(src string) (Aggregate, error) {
	name, fn, args, err := expr.ParseCall(src)
	if err != nil {
		return Aggregate{}, wrong("Agg", src, err)
	}
	a := Aggregate{Name: name, Func: fn}
	g := aggregationOf(fn)
	if g == nil {
		return a, wrong("Agg", src, noAggregate(fn))
	}
	if len(args) < g.values {
		return a, wrongf("Agg", src, "%s has %d arguments, want %s", fn, len(args), g.signature())
	}
	a.Args, args = args[:g.values:g.values], args[g.values:]
	for _, c := range g.consts {
		value, written := literal(args)
		if !written && c.optional {
			continue
		}
		if !written {
			return a, wrongf("Agg", src, "%s of %s is not written out, want %s", c.name, fn, g.signature())
		}
		if value, err = c.check(value); err != nil {
			return a, wrongf("Agg", src, "%s of %s %w", c.name, fn, err)
		}
		a.Consts, args = append(a.Consts, value), args[1:]
	}
	if len(args) > 1 {
		return a, wrongf("Agg", src, "%s has too many arguments, want %s", fn, g.signature())
	}
	if len(args) == 1 {
		a.Filter = &args[0]
	}
	return a, nil
}

// literal is the first argument, if it is a number or a text that is written out.
func literal(args []expr.Expr) (any, bool) {
	if len(args) == 0 {
		return nil, false
	}
	v, ok := args[0].Literal()
	switch v.(type) {
	case int64, float64, string:
		return v, ok
	}
	return nil, false
}

// habits are names of other libraries, and the one here.
var habits = map[string]string{
	"avg": "mean", "average": "mean", "stddev": "std", "variance": "var", "nunique": "distinct", "n_unique": "distinct", "count_distinct": "distinct",
	"size": "count", "len": "count", "list": "collect", "percentile": "quantile", "unique": "set", "nlargest": "top", "any_value": "first", "cnt": "count", "number": "count",
}

func noAggregate(fn string) error {
	meant := cmp.Or(habits[strings.ToLower(fn)], near.Name(fn, AggregateNames()))
	return fmt.Errorf("no aggregate %q (have %s%s)", fn, strings.Join(AggregateNames(), ", "), near.Meant(meant))
}

// halflife reads the constant of ewm.
func halflife(v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("is %v, want how long it takes until a value weighs half, such as '5s'", v)
	}
	d, err := expr.ParseSpan(text)
	if err == nil && d <= 0 {
		err = fmt.Errorf("is %s, want more than 0", d)
	}
	return d, err
}

// Text is the aggregate as a cell writes it.
func (a Aggregate) Text() string {
	if a.Fold != nil {
		return a.foldText()
	}
	var args []string
	for _, e := range a.Args {
		args = append(args, e.String())
	}
	for _, c := range a.Consts {
		args = append(args, constText(c))
	}
	if a.Filter != nil {
		args = append(args, a.Filter.String())
	}
	return fmt.Sprintf("%s = %s(%s)", a.Name, a.Func, strings.Join(args, ", "))
}

func constText(v any) string {
	switch x := v.(type) {
	case time.Duration:
		return quotedText(x.String())
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// Reads are the expressions that it computes of each row.
func (a Aggregate) Reads() []expr.Expr {
	if a.Filter == nil {
		return a.Args
	}
	return append(a.Args[:len(a.Args):len(a.Args)], *a.Filter)
}

// Kinds are those of its values over rows of a schema.
func (a Aggregate) Kinds(s *row.Schema) ([]row.Kind, error) {
	var kinds []row.Kind
	for _, e := range a.Args {
		k, err := e.Check(s)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

// field checks the aggregate against the rows' columns and gives its column.
func (a Aggregate) field(s *row.Schema) (row.Field, error) {
	if a.Filter != nil {
		if k, err := a.Filter.Check(s); err != nil {
			return row.Field{}, wrong("Agg", a.Text(), err)
		} else if k != row.Bool {
			return row.Field{}, wrongf("Agg", a.Text(), "its last argument is %s, want a condition (%s)", k, aggregationOf(a.Func).signature())
		}
	}
	kinds, err := a.Kinds(s)
	if err != nil {
		return row.Field{}, wrong("Agg", a.Text(), err)
	}
	if a.Fold != nil {
		return a.folded(kinds)
	}
	k, ok := aggregationOf(a.Func).kind(kinds)
	if !ok {
		return row.Field{}, wrongf("Agg", a.Text(), "%s does not take %s, want %s", a.Func, kindList(kinds), a.wanted(len(kinds)))
	}
	return row.Field{Name: a.Name, Kind: k}, nil
}

// wanted are the kinds that the aggregate takes, and how others come to one of them.
func (a Aggregate) wanted(n int) string {
	var takes []string
	for _, k := range []row.Kind{row.Bool, row.Int, row.Float, row.String, row.Time, row.Duration} {
		if _, ok := aggregationOf(a.Func).kind(slices.Repeat([]row.Kind{k}, n)); ok {
			takes = append(takes, k.String())
		}
	}
	out := strings.Join(takes, " or ")
	if slices.Contains(takes, "float") && !slices.Contains(takes, "duration") {
		out += "; seconds(x) is the number of a duration, float(x) that of a text"
	}
	return out
}

func kindList(kinds []row.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	return strings.Join(names, " and ")
}
