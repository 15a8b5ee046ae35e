package formula

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/vector"
)

// parts are the fields of a struct, or the elements of a list.
type parts struct {
	list []operand
	// Of a list whose length is the row's: how many there are, and one of them, "" for a place that is not.
	length vector.Value
	at     func(i vector.Value) vector.Value
}

// same reports whether two have the same form.
func (p *parts) same(q *parts) bool { return p.at == nil && q.at == nil && len(p.list) == len(q.list) }

// chooseParts chooses each part.
func (b *body) chooseParts(cond vector.Value, yes, no *parts) *parts {
	out := &parts{}
	for i := range yes.list {
		out.list = append(out.list, b.choose(cond, yes.list[i], no.list[i]))
	}
	return out
}

// simple reports whether values of a type stand in columns.
func simple(t types.Type) bool {
	_, ok := kindOf(t)
	return ok
}

// composite reads T{…}: a struct or list of values.
func (b *body) composite(x *ast.CompositeLit) operand {
	t := b.info.TypeOf(x).Underlying()
	p := &parts{}
	switch t := t.(type) {
	case *types.Struct:
		for f := range t.Fields() {
			p.list = append(p.list, b.zero(x, f.Type()))
		}
		for i, e := range x.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				i, e = fieldOf(t, kv.Key.(*ast.Ident).Name), kv.Value
			}
			p.list[i] = b.expr(e)
		}
		return operand{parts: p}
	case *types.Slice, *types.Array:
		for _, e := range x.Elts {
			if _, ok := e.(*ast.KeyValueExpr); ok {
				b.refuse(e, "names the places of a list")
			}
			b.kind(e, b.info.TypeOf(e))
			p.list = append(p.list, b.expr(e))
		}
		if a, ok := t.(*types.Array); ok {
			for int64(len(p.list)) < min(a.Len(), maxTurns) {
				p.list = append(p.list, b.zero(x, a.Elem()))
			}
		}
		return operand{parts: p}
	}
	b.refuse(x, "makes a value of type %s", typeName(b.info.TypeOf(x)))
	return operand{}
}

func fieldOf(t *types.Struct, name string) int {
	return slices.IndexFunc(slices.Collect(t.Fields()), func(f *types.Var) bool { return f.Name() == name })
}

// selected reads x.f, a field of a struct.
func (b *body) selected(x *ast.SelectorExpr) operand {
	s := b.info.Selections[x]
	if s == nil || s.Kind() != types.FieldVal || len(s.Index()) != 1 || !simple(s.Type()) {
		b.refuse(x, "uses %s", types.ExprString(x))
	}
	p := b.expr(x.X).parts
	if p == nil {
		b.refuse(x, "uses %s", types.ExprString(x))
	}
	return p.list[s.Index()[0]]
}

// index reads x[i]: of a list, or of a map of a cell, with the second value if ok.
func (b *body) index(x *ast.IndexExpr, ok bool) []operand {
	switch t := b.info.TypeOf(x.X).Underlying().(type) {
	case *types.Map:
		return b.lookup(x, t, ok)
	case *types.Slice, *types.Array:
		p := b.expr(x.X).parts
		if p == nil {
			break
		}
		b.kind(x.Index, b.info.TypeOf(x.Index))
		return []operand{b.element(x, p, b.expr(x.Index).value)}
	}
	b.refuse(x, "looks into %s", types.ExprString(x.X))
	return nil
}

// element is an element of a list; a row whose place is not in it is called for.
func (b *body) element(x ast.Node, p *parts, i vector.Value) operand {
	length := p.length
	if p.at == nil {
		length = b.f.Const(int64(len(p.list)))
	}
	outside := b.f.Or(b.f.Binary(token.LSS, i, b.f.Const(int64(0)), b.live), b.f.Binary(token.GEQ, i, length, b.live))
	if rows := b.f.And(b.live, outside); !b.f.Is(rows, false) {
		b.f.Fault(rows)
	}
	if p.at != nil {
		return operand{value: p.at(i)}
	}
	if n, fixed := b.f.Int(i); fixed && n >= 0 && n < int64(len(p.list)) {
		return p.list[n]
	}
	if len(p.list) == 0 {
		b.refuse(x, "looks into an empty list")
	}
	out := p.list[0]
	for k, v := range p.list[1:] {
		out = b.choose(b.f.Binary(token.EQL, i, b.f.Const(int64(k+1)), b.live), v, out)
	}
	return out
}

// container is a struct or list that a variable of a cell holds.
func (b *body) container(x *ast.Ident, v *types.Var) operand {
	b.quiet(x, v)
	now, ok := b.Global(v)
	for ok && now.Kind() == reflect.Interface {
		now = now.Elem()
	}
	p := &parts{}
	switch t := v.Type().Underlying().(type) {
	case *types.Struct:
		for i := range t.NumFields() {
			if f := t.Field(i).Type(); ok && simple(f) {
				p.list = append(p.list, operand{value: b.value(x, now.Field(i), f)})
			} else {
				p.list = append(p.list, operand{})
			}
		}
		return operand{parts: p}
	case *types.Slice, *types.Array:
		elem := t.(interface{ Elem() types.Type }).Elem()
		if !ok || now.Len() > maxTurns || !simple(elem) {
			break
		}
		for i := range now.Len() {
			p.list = append(p.list, operand{value: b.value(x, now.Index(i), elem)})
		}
		return operand{parts: p}
	}
	b.refuse(x, "uses %s, of type %s", x.Name, typeName(v.Type()))
	return operand{}
}
