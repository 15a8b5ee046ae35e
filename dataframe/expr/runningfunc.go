package expr

import "slices"

// runningFunction is a function over the earlier rows of a key.
type runningFunction struct {
	name        string
	signature   string
	doc         string
	example     string
	least, most int // arguments
	compile     func(c *compiler, n *node) (*step, *Error)
}

// maxBack is how many rows back a function may look.
const maxBack = 10_000

// runningFunctions are the functions over the earlier rows of a key, as they are documented.
func runningFunctions() []runningFunction {
	return []runningFunction{
		{"prev", "prev(x value) value\nprev(x value, n int) value", "x of the row before, or n rows before; null in the first rows", "speed - prev(speed)", 1, 2, compilePrev},
		{"lag", "lag(x value) value\nlag(x value, n int) value", "as prev", "lag(speed, 2)", 1, 2, compilePrev},
		{"diff", "diff(x number) number\ndiff(x number, n int) number\ndiff(x time) duration", "x less prev(x, n): how it changed", "diff(speed)", 1, 2, compileDiff},
		{"cumsum", "cumsum(x number) number", "the sum of all x so far; null where x is", "cumsum(litres)", 1, 1, compileCumsum},
		{"cumcount", "cumcount() int\ncumcount(condition bool) int", "how many rows there were, with this one; or how many for which a condition was true", "cumcount(speed > 60)", 0, 1, compileCumcount},
		{"cummin", "cummin(x value) value", "the least x so far, NaN if one was; null where x is", "cummin(lap_time)", 1, 1, compileExtreme(-1)},
		{"cummax", "cummax(x value) value", "the greatest x so far, NaN if one was; null where x is", "cummax(speed)", 1, 1, compileExtreme(1)},
		{"rate", "rate(x float) float\nrate(x float, unit string) float", "how much x changed in a unit of time, a second if none is given, since the last row that had x", "rate(odometer, '1h')", 1, 2, compileRate},
		{"ewm", "ewm(x float, alpha float) float\newm(x float, halflife string) float", "the mean of x in which a row weighs 1 - alpha of the one after it, or half as much after a half-life; null where x is", "ewm(speed, 0.2)", 2, 2, compileEwm},
		{"rank_in", "rank_in(x value, n int) int", "the rank of x among the last n rows, with this one: 1 is the least, equals share the lower rank", "rank_in(speed, 10) == 1", 2, 2, compileRank},
	}
}

// Running are the functions over the earlier rows of a key, which stand in the With and Where of a group.
func Running() []Function {
	var all []Function
	for _, f := range runningFunctions() {
		all = append(all, Function{f.name, f.signature, f.doc, f.example})
	}
	return all
}

// runningFunctionOf is the running function of a name; false: there is none.
func runningFunctionOf(name string) (runningFunction, bool) {
	all := runningFunctions()
	i := slices.IndexFunc(all, func(f runningFunction) bool { return f.name == name })
	if i < 0 {
		return runningFunction{}, false
	}
	return all[i], true
}
