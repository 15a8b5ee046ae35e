package slice

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
)

// A variable that functions use stands at package level. It has its first value there, too, if that means the same there:
// var limits = []float64{150, 250}. Otherwise the body sets it.

// initials are the statements that give package variables such values.
func (b *builder) initials(kept []*check.Stmt) map[*check.Stmt]bool {
	out := map[*check.Stmt]bool{}
	set, seen := map[types.Object]bool{}, map[types.Object]bool{}
	for _, st := range kept {
		for _, v := range st.Vars {
			c := b.session.Canon(v)
			if x := only(st); x != nil && !b.deferring[st.Cell] && b.pkgVars[c] && !seen[c] && b.anywhere(x, st.Cell.Info, set) {
				out[st], set[c] = true, true
			}
			seen[c] = true
		}
		if !out[st] {
			clear(set) // it may change what was set
		}
	}
	return out
}

// only is the value of a statement that defines one variable with a value, or nil.
func only(st *check.Stmt) ast.Expr {
	if len(st.Vars) != 1 {
		return nil
	}
	switch n := st.Node.(type) {
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE && len(n.Lhs) == 1 && len(n.Rhs) == 1 {
			return n.Rhs[0]
		}
	case *ast.DeclStmt:
		specs := n.Decl.(*ast.GenDecl).Specs
		if spec, ok := specs[0].(*ast.ValueSpec); ok && len(specs) == 1 && len(spec.Values) == 1 {
			return spec.Values[0]
		}
	}
	return nil
}

// anywhere reports whether an expression means the same before the body: it reads only variables that are set there,
// and calls nothing that acts. Bodies of function literals run later.
func (b *builder) anywhere(x ast.Expr, info *types.Info, set map[types.Object]bool) bool {
	ok, within := true, 0
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			within++
			ast.Inspect(n.Body, look)
			within--
			return false
		case *ast.Ident:
			if v, isVar := info.Uses[n].(*types.Var); isVar && b.session.Global(v) {
				c := b.session.Canon(v)
				ok = ok && (set[c] || within > 0 && b.pkgVars[c])
			}
		case *ast.UnaryExpr:
			ok = ok && (n.Op != token.ARROW || within > 0)
		case *ast.CallExpr:
			ok = ok && (within > 0 || constructs(n, info))
		}
		return ok
	}
	ast.Inspect(x, look)
	return ok
}

// constructs reports whether a call only makes a value, whenever it is called.
func constructs(c *ast.CallExpr, info *types.Info) bool {
	tv := info.Types[ast.Unparen(c.Fun)]
	if tv.IsType() {
		return true
	}
	if tv.IsBuiltin() {
		switch builtinName(ast.Unparen(c.Fun)) {
		case "make", "new", "len", "cap", "append", "min", "max", "complex", "real", "imag":
			return true
		}
		return false
	}
	o := calledObject(c.Fun, info)
	if o == nil || o.Pkg() == nil {
		return false
	}
	switch path := o.Pkg().Path(); path {
	case "strings", "strconv", "math", "errors", "regexp", "unicode", "unicode/utf8":
		return true
	case "time":
		return !clock[o.Name()]
	}
	return false
}

// clock are the functions of package time that look at it.
var clock = map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true, "Tick": true, "NewTimer": true, "NewTicker": true}
