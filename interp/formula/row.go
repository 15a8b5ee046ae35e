package formula

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// rowValue is the row that a function was called with, after it set columns.
type rowValue struct{ sets []vector.Set }

// set is what was set under a name.
func (r *rowValue) set(name string) (vector.Set, bool) {
	for _, s := range r.sets {
		if s.Name == name {
			return s, true
		}
	}
	return vector.Set{}, false
}

// with is the row with one more column set.
func (r *rowValue) with(set vector.Set) *rowValue {
	out := &rowValue{}
	for _, s := range r.sets {
		if s.Name != set.Name {
			out.sets = append(out.sets, s)
		}
	}
	out.sets = append(out.sets, set)
	return out
}

// isRow says whether a type is the language's Row.
func (s *Source) isRow(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Row" && n.Obj().Pkg() != nil && strings.HasSuffix(n.Obj().Pkg().Path(), "/dataframe/row")
}

// reads are the methods that give a column, and the kinds that they give.
var reads = map[string]row.Kind{"Float": row.Float, "Int": row.Int, "Str": row.String, "Bool": row.Bool}

// method reads a call of a row's method.
func (b *body) method(x *ast.CallExpr, sel *ast.SelectorExpr) operand {
	r, name := b.expr(sel.X).row, sel.Sel.Name
	kind, read := reads[name]
	switch {
	case read:
		return operand{value: b.read(x, r, b.column(x), kind)}
	case name == "Null", name == "Has":
		column := b.column(x)
		if _, ok := r.set(column); ok {
			b.refuse(x, "asks for %q after setting it", column)
		}
		if name == "Has" {
			return operand{value: b.f.Has(column)}
		}
		return operand{value: b.f.Null(column)}
	case name == "Key":
		return operand{value: b.f.Key()}
	case name == "With":
		return operand{row: r.with(b.setting(x))}
	}
	b.refuse(x, "calls the method %s of a row", name)
	return operand{}
}

// column is the name of the column that a call names.
func (b *body) column(x *ast.CallExpr) string {
	tv := b.info.Types[x.Args[0]]
	if tv.Value == nil {
		b.refuse(x, "computes the name of a column")
	}
	return constant.StringVal(tv.Value)
}

// read is a column of a row as a kind.
func (b *body) read(x ast.Node, r *rowValue, name string, kind row.Kind) vector.Value {
	s, ok := r.set(name)
	if !ok {
		return b.f.Column(name, kind)
	}
	if s.When != vector.None || s.Null != vector.None || s.Value == vector.None {
		b.refuse(x, "reads %q, which it may have set", name)
	}
	have := b.f.Kind(s.Value)
	if have != kind && !(have == row.Int && kind == row.Float) {
		b.refuse(x, "reads %q as another kind than it set", name)
	}
	return b.f.Convert(s.Value, kind)
}

// setting is what a call of With sets.
func (b *body) setting(x *ast.CallExpr) vector.Set {
	name, v := b.column(x), x.Args[1]
	tv := b.info.Types[v]
	if tv.IsNil() {
		return vector.Set{Name: name, Null: b.f.Const(true)}
	}
	t := tv.Type
	if _, named := types.Unalias(t).(*types.Named); named {
		b.refuse(x, "sets %q to a %s", name, typeName(t))
	}
	b.kind(v, t)
	return vector.Set{Name: name, Value: b.expr(v).value}
}

// chooseRow is yes where the condition holds, else no.
func (b *body) chooseRow(cond vector.Value, yes, no *rowValue) *rowValue {
	out := &rowValue{}
	for _, s := range yes.sets {
		other, _ := no.set(s.Name)
		out.sets = append(out.sets, b.chooseSet(cond, s, other))
	}
	for _, s := range no.sets {
		if _, ok := yes.set(s.Name); !ok {
			out.sets = append(out.sets, b.chooseSet(b.f.Not(cond), s, vector.Set{}))
		}
	}
	return out
}

// chooseSet joins two settings of a column; the second may be none at all, without a name.
func (b *body) chooseSet(cond vector.Value, yes, no vector.Set) vector.Set {
	out := vector.Set{Name: yes.Name, Value: yes.Value}
	truth := func(v vector.Value, otherwise bool) vector.Value {
		if v == vector.None {
			return b.f.Const(otherwise)
		}
		return v
	}
	never := no.Name == ""
	out.When = b.f.Choose(cond, truth(yes.When, true), truth(no.When, !never))
	out.Null = b.f.Choose(cond, truth(yes.Null, false), truth(no.Null, false))
	if b.f.Is(out.When, true) {
		out.When = vector.None
	}
	if b.f.Is(out.Null, false) {
		out.Null = vector.None
	}
	switch {
	case never || no.Value == vector.None:
	case yes.Value == vector.None:
		out.Value = no.Value
	case b.f.Kind(yes.Value) != b.f.Kind(no.Value):
		panic(&Refusal{Why: "sets \"" + yes.Name + "\" to values of two kinds"})
	default:
		out.Value = b.f.Choose(cond, yes.Value, no.Value)
	}
	return out
}
