package expr

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Col is a column by its name, or a member of one by its path, such as engine.rpm.
func Col(name string) Expr { return Expr{root: &node{form: column, name: name}} }

// Lit is a constant: nil, a bool, number, string, []byte, time.Time or
// time.Duration. Another value makes an expression that Check refuses.
func Lit(value any) Expr { return Expr{root: constant(value)} }

// Call is a function applied to its arguments, each an Expr or a constant as [Lit] takes it.
func Call(name string, args ...any) Expr {
	n := &node{form: call, name: name}
	for _, a := range args {
		n.args = append(n.args, operand(a))
	}
	return Expr{root: n}
}

// As is the expression as an argument of a function; where it stood in a text it still stands.
func (e Expr) As(function string) Expr {
	return Expr{root: &node{form: call, name: function, args: []*node{operand(e)}, end: len(e.src)}, src: e.src}
}

// If is yes where cond is true, else no.
func If(cond Expr, yes, no any) Expr { return Call(opIf, cond, yes, no) }

func operand(v any) *node {
	if e, ok := v.(Expr); ok {
		if e.root == nil {
			return &node{form: call, name: "missing"}
		}
		return e.root
	}
	return constant(v)
}

// constant is the tree that the parser gives for the text of the value.
func constant(value any) *node {
	switch x := row.Normal(value).(type) {
	case nil, bool, []byte:
		return &node{value: x}
	case int64:
		if x == math.MinInt64 { // the literal has no sign, and 2^63 does not fit
			return Call("-", int64(-math.MaxInt64), 1).root
		}
		return &node{value: x}
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return Call("float", fmt.Sprint(x)).root
		}
		return &node{value: x}
	case string:
		return &node{value: strings.ToValidUTF8(x, "\uFFFD")}
	case time.Time:
		return Call("time", x.UTC().Format(time.RFC3339Nano)).root
	case time.Duration:
		return Call("dur", x.String()).root
	default:
		return Call("unknown_constant", fmt.Sprintf("%T", value)).root
	}
}

// Add is e + x, of numbers, strings, times and durations.
func (e Expr) Add(x any) Expr { return Call("+", e, x) }

// Sub is e - x.
func (e Expr) Sub(x any) Expr { return Call("-", e, x) }

// Mul is e * x.
func (e Expr) Mul(x any) Expr { return Call("*", e, x) }

// Div is e / x, a float.
func (e Expr) Div(x any) Expr { return Call("/", e, x) }

// Mod is e % x, with the sign of x.
func (e Expr) Mod(x any) Expr { return Call("%", e, x) }

// Pow is e ** x, a float.
func (e Expr) Pow(x any) Expr { return Call("**", e, x) }

// Neg is -e.
func (e Expr) Neg() Expr {
	switch x := e.root.value.(type) {
	case int64:
		return Lit(-x)
	case float64:
		return Lit(-x)
	}
	return Call("-", e)
}

// Eq is e == x; with nil it is the test for null.
func (e Expr) Eq(x any) Expr { return Call("==", e, x) }

// Ne is e != x; with nil it is the test for a value.
func (e Expr) Ne(x any) Expr { return Call("!=", e, x) }

// Lt is e < x.
func (e Expr) Lt(x any) Expr { return Call("<", e, x) }

// Le is e <= x.
func (e Expr) Le(x any) Expr { return Call("<=", e, x) }

// Gt is e > x.
func (e Expr) Gt(x any) Expr { return Call(">", e, x) }

// Ge is e >= x.
func (e Expr) Ge(x any) Expr { return Call(">=", e, x) }

// And is e and x, three-valued.
func (e Expr) And(x any) Expr { return Call("and", e, x) }

// Or is e or x, three-valued.
func (e Expr) Or(x any) Expr { return Call("or", e, x) }

// Not is not e.
func (e Expr) Not() Expr { return Call("not", e) }

// Else is e ?? x: x where e is null.
func (e Expr) Else(x any) Expr { return Call("??", e, x) }

// In is e in [values...].
func (e Expr) In(values ...any) Expr {
	l := &node{form: list}
	for _, v := range values {
		l.args = append(l.args, operand(v))
	}
	return Call("in", e, Expr{root: l})
}
