package vector

import (
	"go/token"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Unary is -x, !x, ^x or +x.
func (f *Func) Unary(tok token.Token, x Value) Value {
	switch {
	case tok == token.ADD:
		return x
	case tok == token.NOT:
		return f.Not(x)
	}
	return f.add(op{code: unary, kind: f.Kind(x), tok: tok}, x)
}

// Not is !x.
func (f *Func) Not(x Value) Value {
	switch o := f.ops[x]; {
	case o.code == constant:
		return f.Const(o.bits == 0)
	case o.code == unary && o.tok == token.NOT:
		return o.args[0]
	}
	return f.add(op{code: unary, kind: row.Bool, tok: token.NOT}, x)
}

// Binary is x tok y, for the operators of Go but && and ||. The right operand
// of a shift is any int, the others are of one kind. live are the rows for
// which it counts if it can panic.
func (f *Func) Binary(tok token.Token, x, y, live Value) Value {
	if v, ok := f.folded(tok, x, y); ok {
		return v
	}
	o := op{code: binary, kind: f.Kind(x), tok: tok}
	switch tok {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		o.kind = row.Bool
	case token.QUO, token.REM, token.SHL, token.SHR:
		if o.kind == row.Int && f.panics(tok, y) {
			o.live = f.live(live)
		}
	}
	return f.add(o, x, y)
}

// folded is x tok y of two ints that are the same for every row, such as the variables of a loop.
func (f *Func) folded(tok token.Token, x, y Value) (Value, bool) {
	a, ok := f.Int(x)
	b, both := f.Int(y)
	if !ok || !both {
		return None, false
	}
	switch tok {
	case token.ADD:
		return f.Const(a + b), true
	case token.SUB:
		return f.Const(a - b), true
	case token.MUL:
		return f.Const(a * b), true
	case token.EQL:
		return f.Const(a == b), true
	case token.NEQ:
		return f.Const(a != b), true
	case token.LSS:
		return f.Const(a < b), true
	case token.LEQ:
		return f.Const(a <= b), true
	case token.GTR:
		return f.Const(a > b), true
	case token.GEQ:
		return f.Const(a >= b), true
	}
	return None, false
}

// panics says whether an operator on ints can panic with this right operand.
func (f *Func) panics(tok token.Token, y Value) bool {
	o := f.ops[y]
	if o.code != constant {
		return true
	}
	if tok == token.SHL || tok == token.SHR {
		return int64(o.bits) < 0
	}
	return o.bits == 0
}

// live is None where every row is.
func (f *Func) live(v Value) Value {
	if v != None && f.Is(v, true) {
		return None
	}
	return v
}

// And is x && y; both are computed.
func (f *Func) And(x, y Value) Value {
	switch {
	case f.Is(x, true), f.Is(y, false):
		return y
	case f.Is(y, true), f.Is(x, false), x == y:
		return x
	}
	return f.add(op{code: binary, kind: row.Bool, tok: token.LAND}, x, y)
}

// Or is x || y; both are computed.
func (f *Func) Or(x, y Value) Value {
	switch {
	case f.Is(x, false), f.Is(y, true):
		return y
	case f.Is(y, false), f.Is(x, true), x == y:
		return x
	case f.opposite(x, y):
		return f.Const(true)
	}
	return f.add(op{code: binary, kind: row.Bool, tok: token.LOR}, x, y)
}

// opposite says whether one is the other's not.
func (f *Func) opposite(x, y Value) bool {
	a, b := f.ops[x], f.ops[y]
	return a.code == unary && a.tok == token.NOT && a.args[0] == y || b.code == unary && b.tok == token.NOT && b.args[0] == x
}

// Choose is yes where the condition holds and no elsewhere; both have one kind.
func (f *Func) Choose(cond, yes, no Value) Value {
	o := f.ops[cond]
	switch {
	case yes == no, f.Is(cond, true):
		return yes
	case f.Is(cond, false):
		return no
	case o.code == unary && o.tok == token.NOT:
		return f.Choose(o.args[0], no, yes)
	}
	return f.add(op{code: choose, kind: f.Kind(yes)}, cond, yes, no)
}

// Convert is the number as the other kind of number.
func (f *Func) Convert(x Value, to row.Kind) Value {
	if f.Kind(x) == to {
		return x
	}
	return f.add(op{code: convert, kind: to}, x)
}

// Length is len(s).
func (f *Func) Length(s Value) Value { return f.add(op{code: length, kind: row.Int}, s) }

// Slice is s[low:high] of a string; high may be None.
func (f *Func) Slice(s, low, high, live Value) Value {
	if high == None {
		high = f.Length(s)
	}
	return f.add(op{code: substring, kind: row.String, live: f.live(live)}, s, low, high)
}

// Fault makes rows ones that the function must be called for.
func (f *Func) Fault(live Value) {
	f.add(op{code: fault, kind: row.Bool, live: f.live(live)})
}
