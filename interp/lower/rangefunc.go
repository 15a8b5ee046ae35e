package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A rangeFunc is a range over a function being written: its body is a function literal, so what leaves the loop must
// be remembered, the iteration ended, and done afterwards.
type rangeFunc struct {
	code   string // the variable that says what to do after the loop
	state  string // the variable that says whether the function may go on
	values []string
	exits  []string // what each code means, code 1 first
	keys   map[string]int
	outer  *emitter
}

// rangeFunc is the innermost loop over a function around the statement, or nil.
func (e *emitter) rangeFunc() *rangeFunc {
	for i := len(e.frames) - 1; i >= 0; i-- {
		if e.frames[i].kind == inRangeFunc {
			return e.frames[i].fn
		}
	}
	return nil
}

// exit returns the code of an exit, written by text in the enclosing function.
func (f *rangeFunc) exit(key string, text func() string) int {
	if n, ok := f.keys[key]; ok {
		return n
	}
	f.exits = append(f.exits, text())
	f.keys[key] = len(f.exits)
	return len(f.exits)
}

// leave writes a return statement inside the body.
func (f *rangeFunc) leave(e *emitter, s *ast.ReturnStmt) string {
	pre := ""
	bare := len(s.Results) == 0
	if !bare {
		pre = f.set(e, s.Results)
	}
	return fmt.Sprintf("{ %s%s = %d; %s }", pre, f.code, f.exitReturn(bare), f.turn(false))
}

// What the state of a loop is besides 0, when its body may run.
const (
	yieldBusy  = -1 // the body runs, or ended in a panic
	yieldOver  = 1  // the body asked for no more
	yieldEnded = 2  // the function has returned
)

// turn ends one run of the body.
func (f *rangeFunc) turn(more bool) string {
	state := 0
	if !more {
		state = yieldOver
	}
	return fmt.Sprintf("%s = %d; return %t", f.state, state, more)
}

// set keeps the results of a return; no result mentions the variables they are kept in.
func (f *rangeFunc) set(e *emitter, results []ast.Expr) string {
	if len(results) != len(f.results()) { // one call with several results
		return strings.Join(f.results(), ", ") + " = " + e.exprs(results) + "; "
	}
	var b strings.Builder
	for i, text := range e.returned(results) {
		fmt.Fprintf(&b, "%s = %s; ", f.results()[i], text)
	}
	return b.String()
}

// exitReturn is the exit that returns from the enclosing function.
func (f *rangeFunc) exitReturn(bare bool) int {
	return f.exit(fmt.Sprintf("return %t", bare), func() string {
		if up := f.outer.rangeFunc(); up != nil {
			return up.pass(f, bare)
		}
		if bare {
			return f.outer.bareReturn()
		}
		return "return " + strings.Join(f.results(), ", ")
	})
}

// pass hands a return on to the loop outside.
func (f *rangeFunc) pass(inner *rangeFunc, bare bool) string {
	pre := ""
	if !bare {
		pre = strings.Join(f.results(), ", ") + " = " + strings.Join(inner.results(), ", ") + "; "
	}
	return fmt.Sprintf("%s%s = %d; %s", pre, f.code, f.exitReturn(bare), f.turn(false))
}

// far writes a break or continue of a loop outside.
func (f *rangeFunc) far(s *ast.BranchStmt) string {
	n := f.exit(s.Tok.String()+" "+labelName(s.Label), func() string { return f.outer.branch(s) })
	return fmt.Sprintf("{ %s = %d; %s }", f.code, n, f.turn(false))
}

// results are the variables that hold the results of a return.
func (f *rangeFunc) results() []string {
	if f.values == nil && f.outer.sig != nil {
		for range f.outer.sig.Results().Len() {
			f.values = append(f.values, f.outer.fresh("rv"))
		}
	}
	return f.values
}

// rangeOverFunc writes a range over a function as a call of it.
func (e *emitter) rangeOverFunc(s *ast.RangeStmt, label string, sig *types.Signature) string {
	f := &rangeFunc{code: e.fresh("exit"), state: e.fresh("state"), keys: map[string]int{}, outer: e}
	in := e.push(frame{kind: inRangeFunc, label: label, fn: f})
	in.ticks = new(bool)
	params, first := e.yieldParams(s, sig.Params().At(0).Type().Underlying().(*types.Signature))
	body := in.stmts(s.Body.List)
	head := ""
	if *in.ticks {
		head = "\n" + tick + " := 0\n_ = " + tick
	}
	check := fmt.Sprintf("\nif %s != 0 { %s(%s) }\n%s = %d", f.state, e.rt("BadYield"), f.state, f.state, yieldBusy)
	call := fmt.Sprintf("%s(func(%s) bool {%s%s%s%s\n%s\n})", e.operand(s.X), params, check, head, first, body, f.turn(true))
	ended := fmt.Sprintf("\nif %s == %d { %s(0) }\n%s = %d", f.state, yieldBusy, e.rt("BadYield"), f.state, yieldEnded)
	return "{\n" + f.declare() + call + ended + f.after() + "\n}"
}

// yieldParams are the parameters of the loop body, and the assignments when the loop does not define its variables.
func (e *emitter) yieldParams(s *ast.RangeStmt, yield *types.Signature) (params, first string) {
	var out []string
	for i := range yield.Params().Len() {
		name := "_"
		if x := []ast.Expr{s.Key, s.Value}[i]; x != nil {
			id, ok := x.(*ast.Ident)
			switch {
			case ok && id.Name == "_":
			case ok && s.Tok == token.DEFINE:
				name = local(id.Name)
			default:
				name = e.fresh("y")
				first += "\n" + e.expr(x) + " = " + name
			}
		}
		out = append(out, name+" "+e.typ(yield.Params().At(i).Type()))
	}
	return strings.Join(out, ", "), first
}

func (f *rangeFunc) declare() string {
	text := "var " + f.state + " int\n"
	if len(f.exits) > 0 {
		text += "var " + f.code + " int\n"
	}
	for i, v := range f.values {
		text += "var " + v + " " + f.outer.typ(f.outer.sig.Results().At(i).Type()) + "\n"
	}
	return text
}

// after does what the body asked for.
func (f *rangeFunc) after() string {
	var b strings.Builder
	for i, exit := range f.exits {
		fmt.Fprintf(&b, "\nif %s == %d { %s }", f.code, i+1, exit)
	}
	return b.String()
}
