package formula

import (
	"go/ast"
	"go/types"
	"maps"
	"reflect"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// maxOps bounds what one function becomes: each op is computed for every row.
const maxOps = 2000

// Read gives a function as one of columns. The error is a [*Refusal]. Locals
// are the variables of enclosing functions that a literal uses.
func (s *Source) Read(t Target, locals map[*types.Var]reflect.Value) (f *vector.Func, err error) {
	defer guard(&err)
	r := &reading{Source: s, f: vector.New(), locals: locals, open: map[ast.Node]bool{}}
	if t.made != nil {
		t = r.made(t.made)
	}
	if t.native != nil {
		r.f.Result = r.native(t)
		return r.f, nil
	}
	var args []operand
	for i, p := range params(t) {
		if p.name == nil { // func(float64) float64
			args = append(args, r.argument(p.typ, t.info.TypeOf(p.typ), i))
			continue
		}
		args = append(args, r.argument(p.name, t.info.TypeOf(p.typ), i))
	}
	results := r.run(t, args, r.f.Const(true))
	if len(results) != 1 {
		s.refuse(t.typ, "gives %d values", len(results))
	}
	if results[0].value == vector.None && results[0].row == nil {
		s.refuse(t.typ, "gives what no column has")
	}
	r.f.Result = results[0].value
	if results[0].row != nil {
		r.f.Sets = results[0].row.sets
	}
	return r.f, nil
}

// reading is one function being read, with those that it calls.
type reading struct {
	*Source
	f      *vector.Func
	locals map[*types.Var]reflect.Value
	open   map[ast.Node]bool // the functions being read
}

// An operand is a value in a function: of a column, a row, or one that has no column.
type operand struct {
	value vector.Value
	row   *rowValue
	fn    *Target      // a function literal
	parts *parts       // a struct or a list
	fails vector.Value // of an error: where it is not nil
}

// param is a parameter.
type param struct {
	name *ast.Ident // or nil
	typ  ast.Expr
}

func params(t Target) []param { return fields(t.typ.Params) }

func fields(list *ast.FieldList) []param {
	var out []param
	if list == nil {
		return nil
	}
	for _, f := range list.List {
		if len(f.Names) == 0 {
			out = append(out, param{nil, f.Type})
		}
		for _, n := range f.Names {
			out = append(out, param{n, f.Type})
		}
	}
	return out
}

// argument is what the engine calls the function with.
func (r *reading) argument(x ast.Node, t types.Type, i int) operand {
	if r.isRow(t) {
		return operand{row: &rowValue{}}
	}
	if k, ok := kindOf(t); ok {
		return operand{value: r.f.Param(i, k)}
	}
	r.refuse(x, "takes a value of type %s", typeName(t))
	return operand{}
}

// native is a call of a package's function by its columns.
func (r *reading) native(t Target) vector.Value {
	if !vector.Callable(t.native) || reflect.TypeOf(t.native).NumIn() > 4 {
		panic(&Refusal{Why: "calls " + t.name})
	}
	var args []vector.Value
	for i := range reflect.TypeOf(t.native).NumIn() {
		k := map[reflect.Kind]row.Kind{reflect.Float64: row.Float, reflect.Int: row.Int, reflect.String: row.String, reflect.Bool: row.Bool}[reflect.TypeOf(t.native).In(i).Kind()]
		args = append(args, r.f.Param(i, k))
	}
	return r.f.Call(t.name, t.native, args...)
}

// run reads a function's body with these arguments, for the rows that are live.
func (r *reading) run(t Target, args []operand, live vector.Value) []operand {
	if r.open[t.body] {
		r.refuse(t.body, "calls itself")
	}
	r.open[t.body] = true
	defer delete(r.open, t.body)
	b := &body{reading: r, info: t.info, vars: t.around(), live: live}
	b.outer = maps.Clone(b.vars)
	for i, p := range params(t) {
		if _, ok := p.typ.(*ast.Ellipsis); ok {
			r.refuse(p.typ, "takes any number of values")
		}
		if p.name != nil {
			b.vars[t.info.Defs[p.name]] = args[i]
		}
	}
	for _, p := range fields(t.typ.Results) {
		if p.name != nil {
			b.named = append(b.named, t.info.Defs[p.name])
			b.vars[t.info.Defs[p.name]] = b.zero(p.name, t.info.TypeOf(p.typ))
		}
	}
	b.block(t.body.List)
	if b.results == nil {
		r.refuse(t.typ, "gives no value")
	}
	return b.results
}

// A body is the body of a function while it is read.
type body struct {
	*reading
	info    *types.Info
	vars    map[types.Object]operand // what the variables are now
	named   []types.Object           // results with names
	outer   map[types.Object]operand // those of the functions around it
	live    vector.Value             // the rows that are here: they have not returned, and the conditions hold
	exits   []*exit                  // of the loops and switches that are being read
	results []operand                // of the rows that have returned; nil: none has
}

// branch reads yes for the rows where a condition holds and no for the others, and goes on with both.
func (b *body) branch(cond vector.Value, yes, no func()) {
	live, vars := b.live, b.vars
	b.live, b.vars = b.f.And(live, cond), maps.Clone(vars)
	in := b.live
	b.unless(yes)
	yesLive, yesVars := b.live, b.vars
	same := yesLive == in
	b.live, b.vars = b.f.And(live, b.f.Not(cond)), maps.Clone(vars)
	in = b.live
	b.unless(no)
	same = same && b.live == in
	switch {
	case b.f.Is(yesLive, false):
	case b.f.Is(b.live, false):
		b.live, b.vars = yesLive, yesVars
	default:
		b.live = b.f.Or(yesLive, b.live)
		for o, v := range b.vars {
			if was, ok := vars[o]; ok && (yesVars[o] != was || v != was) {
				b.vars[o] = b.choose(cond, yesVars[o], v)
			}
		}
	}
	if same {
		b.live = live
	}
}

// unless reads what some row may come to.
func (b *body) unless(then func()) {
	if !b.f.Is(b.live, false) {
		then()
	}
}

// choose is yes where the condition holds, else no.
func (b *body) choose(cond vector.Value, yes, no operand) operand {
	switch {
	case yes == no:
		return yes
	case yes.row != nil:
		return operand{row: b.chooseRow(cond, yes.row, no.row)}
	case yes.fails != vector.None:
		return operand{fails: b.f.Choose(cond, yes.fails, no.fails)}
	case yes.parts != nil && no.parts != nil && yes.parts.same(no.parts):
		return operand{parts: b.chooseParts(cond, yes.parts, no.parts)}
	case yes.value == vector.None || no.value == vector.None:
		panic(&Refusal{Why: "sets a variable to a function or a list in one case and to another in the other"})
	}
	return operand{value: b.f.Choose(cond, yes.value, no.value)}
}
