package plan

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// MostKept is how many values the aggregates that hold values keep of one group, and how many of the largest top gives: what a
// window remembers is bounded, and a row that holds less than there was is counted.
const MostKept = 1000

// aggregation is an aggregate that there is.
type aggregation struct {
	name   string
	takes  string     // its arguments before the condition, for people: "x, q"
	values int        // how many of them are computed from each row
	consts []constant // the others, which are written out
	kind   kinds      // what it gives
	doc    string
	sample string // an expression with it
}

// kinds says what an aggregate gives for values of some kinds, and whether it takes them.
type kinds func([]row.Kind) (row.Kind, bool)

// constant is an argument that is written out.
type constant struct {
	name     string
	optional bool
	check    func(any) (any, error) // the value as it is meant
}

// aggregations are in the order in which people look for them.
var aggregations = []aggregation{
	{name: "count", kind: gives(row.Int), doc: "how many rows there are", sample: "n = count(gear == 8)"},
	{name: "sum", takes: "x", values: 1, kind: of(summed), doc: "the sum of the values that are not null", sample: "km = sum(dist)"},
	{name: "mean", takes: "x", values: 1, kind: of(averaged), doc: "the mean of the values that are not null", sample: "avg = mean(speed)"},
	{name: "min", takes: "x", values: 1, kind: of(ordered), doc: "the least value that is not null", sample: "slowest = min(speed)"},
	{name: "max", takes: "x", values: 1, kind: of(ordered), doc: "the greatest value that is not null", sample: "peak = max(speed, gear == 8)"},
	{name: "std", takes: "x", values: 1, kind: of(averaged), doc: "the sample standard deviation", sample: "spread = std(speed)"},
	{name: "var", takes: "x", values: 1, kind: of(averaged), doc: "the sample variance", sample: "spread = var(speed)"},
	{name: "median", takes: "x", values: 1, kind: of(averaged), doc: "the middle value; see quantile", sample: "typical = median(speed)"},
	{name: "p50", takes: "x", values: 1, kind: of(averaged), doc: "the median; see quantile", sample: "typical = p50(speed)"},
	{name: "p90", takes: "x", values: 1, kind: of(averaged), doc: "nine of ten values are not above it; see quantile", sample: "slow = p90(ms)"},
	{name: "p95", takes: "x", values: 1, kind: of(averaged), doc: "95 of 100 values are not above it; see quantile", sample: "slow = p95(ms)"},
	{name: "p99", takes: "x", values: 1, kind: of(averaged), doc: "99 of 100 values are not above it; see quantile", sample: "slow = p99(ms)"},
	{name: "quantile", takes: "x, q", values: 1, consts: []constant{{"q", false, fraction}}, kind: of(averaged),
		doc: "the value that a share q of the values are not above, between two values on the line through them; of more than 1000 values within 1% of a value that is", sample: "slow = quantile(ms, 0.999)"},
	{name: "first", takes: "x", values: 1, kind: same, doc: "the value of the row that came first", sample: "from = first(lap)"},
	{name: "last", takes: "x", values: 1, kind: same, doc: "the value of the row that came last", sample: "to = last(lap)"},
	{name: "earliest", takes: "x", values: 1, kind: same, doc: "the value of the row with the earliest time", sample: "from = earliest(lap)"},
	{name: "latest", takes: "x", values: 1, kind: same, doc: "the value of the row with the latest time", sample: "to = latest(lap)"},
	{name: "distinct", takes: "x", values: 1, kind: gives(row.Int), doc: "how many different values there are; of more than 1000 an estimate, mostly within 2%", sample: "drivers = distinct(driver)"},
	{name: "collect", takes: "x, n", values: 1, consts: []constant{{"n", true, upTo(MostKept)}}, kind: gives(row.List), doc: "the first n values in the order in which they came, 1000 if n is not given", sample: "laps = collect(lap, 10)"},
	{name: "set", takes: "x", values: 1, kind: lists(compared), doc: "the different values, sorted; the least 1000 of them", sample: "gears = set(gear)"},
	{name: "top", takes: "x, k", values: 1, consts: []constant{{"k", false, upTo(MostKept)}}, kind: lists(ordered), doc: "the k greatest values, the greatest first", sample: "fastest = top(speed, 3)"},
	{name: "argmin", takes: "x, by", values: 2, kind: pointed, doc: "the x of the row whose by is least", sample: "lap = argmin(lap, time)"},
	{name: "argmax", takes: "x, by", values: 2, kind: pointed, doc: "the x of the row whose by is greatest", sample: "lap = argmax(lap, speed)"},
	{name: "mode", takes: "x", values: 1, kind: of(compared), doc: "the most frequent value, of several the least; null if there are more than 1000 different ones", sample: "gear = mode(gear)"},
	{name: "histogram", takes: "x, width", values: 1, consts: []constant{{"width", false, width}}, kind: lists(averaged), doc: "how many values are in each bin of that width: from where it begins, and n; null if there are more than 1000 bins", sample: "speeds = histogram(speed, 10)"},
	{name: "any", takes: "x", values: 1, kind: of(truth), doc: "whether a value is true", sample: "braked = any(brake > 0)"},
	{name: "all", takes: "x", values: 1, kind: of(truth), doc: "whether no value is false", sample: "clean = all(valid)"},
	{name: "delta", takes: "x", values: 1, kind: of(difference), doc: "the value of the latest row less that of the earliest", sample: "km = delta(odometer)"},
	{name: "rate", takes: "x", values: 1, kind: of(averaged), doc: "delta for each second between the two rows", sample: "kms = rate(odometer)"},
	{name: "ewm", takes: "x, halflife", values: 1, consts: []constant{{"halflife", false, halflife}}, kind: of(averaged), doc: "the mean in which a value weighs half as much for each half-life that it is older than the latest row", sample: "now = ewm(speed, '5s')"},
}

// AggregateInfo describes an aggregate for completion, help and documentation.
type AggregateInfo struct {
	Name      string
	Signature string // such as "quantile(x, q), or quantile(x, q, condition)"
	Doc       string // one line
	Example   string // as Agg takes it
}

// Aggregates are the aggregates there are, by topic and, in it, by use.
func Aggregates() []AggregateInfo {
	var out []AggregateInfo
	for _, a := range aggregations {
		out = append(out, AggregateInfo{a.name, a.signature(), a.doc, a.sample})
	}
	return out
}

// AggregateNames are the aggregates there are, by name.
func AggregateNames() []string {
	var names []string
	for _, a := range aggregations {
		names = append(names, a.name)
	}
	sort.Strings(names)
	return names
}

func (a *aggregation) signature() string {
	if a.takes == "" {
		return a.name + "(), or " + a.name + "(condition)"
	}
	return fmt.Sprintf("%s(%s), or %s(%s, condition)", a.name, a.takes, a.name, a.takes)
}

func aggregationOf(name string) *aggregation {
	for i := range aggregations {
		if aggregations[i].name == name {
			return &aggregations[i]
		}
	}
	return nil
}

// gives is of aggregates that give one kind, whatever they take.
func gives(k row.Kind) kinds { return func([]row.Kind) (row.Kind, bool) { return k, true } }

// same is of aggregates that give one of their values.
func same(in []row.Kind) (row.Kind, bool) { return in[0], true }

// of is of aggregates that take values of some kinds; f gives Null for others.
func of(f func(row.Kind) row.Kind) kinds {
	return func(in []row.Kind) (row.Kind, bool) {
		k := f(in[0])
		return k, k != row.Null
	}
}

// lists is of aggregates that give a list of values that f takes.
func lists(f func(row.Kind) row.Kind) kinds {
	return func(in []row.Kind) (row.Kind, bool) { return row.List, f(in[0]) != row.Null }
}

// pointed is of aggregates that give one value where another is extreme.
func pointed(in []row.Kind) (row.Kind, bool) { return in[0], ordered(in[1]) != row.Null }

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

func compared(k row.Kind) row.Kind {
	if k == row.Bool {
		return k
	}
	return ordered(k)
}

func truth(k row.Kind) row.Kind {
	if k == row.Bool {
		return k
	}
	return row.Null
}

func difference(k row.Kind) row.Kind {
	switch k {
	case row.Time:
		return row.Duration
	case row.Int, row.Float, row.Duration:
		return k
	}
	return row.Null
}

// The checks of constants.

func fraction(v any) (any, error) {
	q, ok := asFloat(v)
	if !ok || !(q >= 0 && q <= 1) {
		return nil, fmt.Errorf("is %v, want a share from 0 to 1 such as 0.99", v)
	}
	return q, nil
}

func width(v any) (any, error) {
	w, ok := asFloat(v)
	if !ok || !(w > 0) || w*0 != 0 {
		return nil, fmt.Errorf("is %v, want the width of a bin such as 10", v)
	}
	return w, nil
}

func asFloat(v any) (float64, bool) {
	if n, ok := v.(int64); ok {
		return float64(n), true
	}
	f, ok := v.(float64)
	return f, ok
}

func upTo(most int64) func(any) (any, error) {
	return func(v any) (any, error) {
		if n, ok := v.(int64); ok && n >= 1 && n <= most {
			return n, nil
		}
		return nil, fmt.Errorf("is %v, want a whole number from 1 to %d", v, most)
	}
}

// quotedText is a text as expressions write it.
func quotedText(s string) string { return "'" + strings.ReplaceAll(s, "'", "\\'") + "'" }
