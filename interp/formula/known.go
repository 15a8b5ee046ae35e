package formula

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// known reads calls of functions of packages that give several values, or take what is no column: a format, a separator.
func (b *body) known(x *ast.CallExpr, fun ast.Expr) ([]operand, bool) {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	o, ok := b.info.Uses[sel.Sel].(*types.Func)
	if !ok || o.Pkg() == nil || b.info.Selections[sel] != nil {
		return nil, false
	}
	switch name := o.Pkg().Path() + "." + o.Name(); name {
	case "strconv.ParseFloat":
		if b.int(x, 1) == 64 {
			return parsed(b, x, name, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }), true
		}
	case "strconv.ParseInt":
		if b.int(x, 1) == 10 && b.int(x, 2) == 64 {
			return parsed(b, x, name, func(s string) (int, error) { n, err := strconv.ParseInt(s, 10, 64); return int(n), err }), true
		}
	case "strconv.Atoi":
		return parsed(b, x, name, strconv.Atoi), true
	case "strconv.ParseBool":
		return parsed(b, x, name, strconv.ParseBool), true
	case "strconv.FormatFloat":
		verb, digits, bits := b.int(x, 1), b.int(x, 2), b.int(x, 3)
		if bits == 64 && verb != unknown && digits != unknown {
			f := func(v float64) string { return strconv.FormatFloat(v, byte(verb), int(digits), 64) }
			return one(b.f.Call(fmt.Sprintf("%s %c %d", name, verb, digits), f, b.expr(x.Args[0]).value)), true
		}
	case "strings.Cut":
		return b.cut(x), true
	case "strings.Split":
		if sep, ok := b.text(x.Args[1]); ok {
			return b.split(x, name+" "+sep, func(s string) []string { return strings.Split(s, sep) }), true
		}
	case "strings.Fields":
		return b.split(x, name, strings.Fields), true
	case "strings.Repeat":
		if n := b.int(x, 1); n >= 0 && n < 1000 {
			return one(b.f.Call(fmt.Sprint(name, n), func(s string) string { return strings.Repeat(s, int(n)) }, b.expr(x.Args[0]).value)), true
		}
	case "fmt.Sprintf":
		return b.sprintf(x)
	}
	return nil, false
}

// unknown stands for an argument that is no constant.
const unknown = -1 << 62

// int is an argument that is a constant.
func (b *body) int(x *ast.CallExpr, i int) int64 {
	if v := b.info.Types[x.Args[i]].Value; v != nil {
		if n, ok := constant.Int64Val(constant.ToInt(v)); ok {
			return n
		}
	}
	return unknown
}

// text is an expression that is a constant.
func (b *body) text(x ast.Expr) (string, bool) {
	v := b.info.Types[x].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// parsed is what a function makes of a text, and whether it cannot.
func parsed[T any](b *body, x *ast.CallExpr, name string, f func(string) (T, error)) []operand {
	s := b.expr(x.Args[0]).value
	return []operand{
		{value: b.f.Call(name, func(s string) T { v, _ := f(s); return v }, s)},
		{fails: b.f.Call(name+" fails", func(s string) bool { _, err := f(s); return err != nil }, s)},
	}
}

// whether reads a comparison of an error with nil.
func (b *body) whether(n ast.Node, op token.Token, x ast.Expr) operand {
	var o operand
	if types.Identical(b.info.TypeOf(x), types.Universe.Lookup("error").Type()) {
		o = b.expr(x)
	}
	switch {
	case o.fails == vector.None:
		b.refuse(n, "compares with nil")
	case op == token.EQL:
		return operand{value: b.f.Not(o.fails)}
	}
	return operand{value: o.fails}
}

func (b *body) cut(x *ast.CallExpr) []operand {
	s, sep := b.expr(x.Args[0]).value, b.expr(x.Args[1]).value
	call := func(part string, f any) operand { return operand{value: b.f.Call("strings.Cut "+part, f, s, sep)} }
	return []operand{
		call("before", func(s, sep string) string { before, _, _ := strings.Cut(s, sep); return before }),
		call("after", func(s, sep string) string { _, after, _ := strings.Cut(s, sep); return after }),
		call("found", func(s, sep string) bool { return strings.Contains(s, sep) }),
	}
}

// split is the list of parts of a text.
func (b *body) split(x *ast.CallExpr, name string, f func(string) []string) []operand {
	s := b.expr(x.Args[0]).value
	return []operand{{parts: &parts{
		length: b.f.Call(name+" length", func(s string) int { return len(f(s)) }, s),
		at: func(i vector.Value) vector.Value {
			return b.f.Call(name, func(s string, i int) string {
				if list := f(s); i >= 0 && i < len(list) {
					return list[i]
				}
				return ""
			}, s, i)
		},
	}}}
}

// verbs are the parts of a format with one operand each; other forms are not read.
var verbs = regexp.MustCompile(`%[-+# 0]*[0-9]*(\.[0-9]+)?[vdsqxXeEfFgGtcbo]`)

// sprintf reads fmt.Sprintf as the texts of its operands, one behind the other.
func (b *body) sprintf(x *ast.CallExpr) ([]operand, bool) {
	format, ok := b.text(x.Args[0])
	places := verbs.FindAllStringIndex(format, -1)
	if !ok || x.Ellipsis.IsValid() || len(places) != len(x.Args)-1 || strings.Count(format, "%") != len(places) {
		return nil, false
	}
	out, at := b.f.Const(""), 0
	for i, p := range places {
		arg := x.Args[i+1]
		if _, plain := types.Unalias(types.Default(b.info.TypeOf(arg))).(*types.Basic); !plain || !simple(b.info.TypeOf(arg)) {
			return nil, false
		}
		out = b.joined(b.joined(out, b.f.Const(format[at:p[0]])), b.printed(format[p[0]:p[1]], b.expr(arg).value))
		at = p[1]
	}
	return one(b.joined(out, b.f.Const(format[at:]))), true
}

// joined is x + y of texts.
func (b *body) joined(x, y vector.Value) vector.Value {
	switch empty := b.f.Const(""); {
	case x == empty:
		return y
	case y == empty:
		return x
	}
	return b.f.Binary(token.ADD, x, y, b.live)
}

// printed is a value as a verb prints it.
func (b *body) printed(verb string, v vector.Value) vector.Value {
	var f any
	switch b.f.Kind(v) {
	case row.Float:
		f = func(v float64) string { return fmt.Sprintf(verb, v) }
	case row.Int:
		f = func(v int) string { return fmt.Sprintf(verb, v) }
	case row.Bool:
		f = func(v bool) string { return fmt.Sprintf(verb, v) }
	default:
		f = func(v string) string { return fmt.Sprintf(verb, v) }
	}
	return b.f.Call(fmt.Sprintf("fmt.Sprintf %s %s", verb, b.f.Kind(v)), f, v)
}
