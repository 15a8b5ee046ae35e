package formula

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"slices"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/source"
)

// Source is what is known of the cells that functions stand in.
type Source struct {
	Session *check.Session
	Ran     []*check.Stmt // the statements that ran to their end, in order
	// Func is a function of a package.
	Func func(path, name string) (any, bool)
	// Global is the value that a variable of a cell has now.
	Global func(v *types.Var) (reflect.Value, bool)

	census *census
}

// Target is a function that a frame was given.
type Target struct {
	typ  *ast.FuncType
	body *ast.BlockStmt
	info *types.Info
	// name and native are of a function of a package.
	name   string
	native any
	home   *body   // the function around a literal, while that is read
	made   *making // a call that gives the function
}

// Refusal says why a function is called and not computed.
type Refusal struct {
	Why string
	At  source.Position
}

// Error is the reason and its place.
func (r *Refusal) Error() string {
	if r.At.Cell == 0 {
		return r.Why
	}
	return fmt.Sprintf("%s at %s", r.Why, r.At)
}

// refuse leaves the reading of a function; see [Source.guard].
func (s *Source) refuse(n ast.Node, format string, args ...any) {
	at := s.Session.Position(n.Pos())
	at.Column = 0
	panic(&Refusal{fmt.Sprintf(format, args...), at})
}

// guard makes an error of a refusal.
func guard(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Refusal:
		*err = r
	default:
		panic(r)
	}
}

// Target is the function that an argument means when it is evaluated now.
func (s *Source) Target(arg ast.Expr, info *types.Info) (t Target, err error) {
	defer guard(&err)
	return s.target(arg, info), nil
}

func (s *Source) target(x ast.Expr, info *types.Info) Target {
	switch x := ast.Unparen(x).(type) {
	case *ast.FuncLit:
		return Target{typ: x.Type, body: x.Body, info: info}
	case *ast.Ident:
		switch o := info.Uses[x].(type) {
		case *types.Func:
			return s.function(x, o)
		case *types.Var:
			if s.Session.Global(o) {
				return s.held(x, o)
			}
		}
	case *ast.SelectorExpr:
		if o, ok := info.Uses[x.Sel].(*types.Func); ok && info.Selections[x] == nil {
			return s.function(x, o)
		}
	case *ast.CallExpr:
		return s.making(x, info, false)
	}
	s.refuse(x, "the function is not a literal and not declared")
	return Target{}
}

// function is a function that a cell or a package declares.
func (s *Source) function(x ast.Expr, o *types.Func) Target {
	if o.Pkg() != nil && o.Pkg().Path() != "main" {
		name := o.Pkg().Name() + "." + o.Name()
		fn, ok := s.Func(o.Pkg().Path(), o.Name())
		if !ok || !packages[o.Pkg().Path()] || name == "strings.Repeat" { // which may panic
			s.refuse(x, "calls %s", name)
		}
		return Target{name: name, native: fn}
	}
	if o.Signature().TypeParams().Len() > 0 {
		s.refuse(x, "calls the generic %s", o.Name())
	}
	canon := s.Session.Canon(o)
	for _, c := range slices.Backward(s.Session.Cells()) {
		for _, d := range c.Decls {
			if d.Func != nil && s.Session.Canon(d.Func.Object) == canon {
				return Target{typ: d.Func.Node.Type, body: d.Func.Node.Body, info: d.Info}
			}
		}
	}
	s.refuse(x, "calls %s", o.Name())
	return Target{}
}

// held is the function literal that a variable of a cell holds.
func (s *Source) held(x ast.Expr, v *types.Var) Target {
	s.fixed(x, v)
	for _, st := range slices.Backward(s.Ran) {
		value, writes := s.assigned(st, v)
		if !writes {
			continue
		}
		switch value := value.(type) {
		case *ast.FuncLit:
			return Target{typ: value.Type, body: value.Body, info: st.Cell.Info}
		case *ast.CallExpr:
			return s.making(value, st.Cell.Info, true)
		}
		break
	}
	s.refuse(x, "%s is not known to hold a function literal", v.Name())
	return Target{}
}

// assigned says whether a statement sets a variable, and what it surely sets it to.
func (s *Source) assigned(st *check.Stmt, v *types.Var) (value ast.Expr, writes bool) {
	canon := s.Session.Canon(v)
	is := func(x ast.Expr) bool {
		id, ok := x.(*ast.Ident)
		if !ok {
			return false
		}
		o := st.Cell.Info.ObjectOf(id)
		return o != nil && s.Session.Canon(o) == canon
	}
	switch n := st.Node.(type) {
	case *ast.AssignStmt:
		if i := slices.IndexFunc(n.Lhs, is); i >= 0 && len(n.Lhs) == len(n.Rhs) {
			return ast.Unparen(n.Rhs[i]), true
		}
	case *ast.DeclStmt:
		for _, spec := range n.Decl.(*ast.GenDecl).Specs {
			d, ok := spec.(*ast.ValueSpec)
			for i := 0; ok && i < len(d.Values) && len(d.Values) == len(d.Names); i++ {
				if is(d.Names[i]) {
					return ast.Unparen(d.Values[i]), true
				}
			}
		}
	}
	return nil, s.counted().sets(canon, st.Node)
}
