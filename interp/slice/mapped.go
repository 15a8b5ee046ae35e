package slice

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// A Signature is the type of a function that columns are mapped with, of scalars alone.
type Signature struct {
	Args   []Scalar
	Result Scalar
}

// String is the type as the program writes it.
func (s Signature) String() string {
	var names []string
	for _, a := range s.Args {
		names = append(names, a.Name)
	}
	return "func(" + strings.Join(names, ", ") + ") " + s.Result.Name
}

// A Scalar is a type of values in columns: its name in the program, and what it is underneath, such as float64 or time.Time.
type Scalar struct{ Name, Under string }

// mapped notes the type of the function in a call such as f.Map("kmh", fn, "speed"), if a program can name it.
func (n *namer) mapped(call *ast.CallExpr, info *types.Info) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Map" || len(call.Args) < 2 || info.Selections[sel] == nil {
		return
	}
	fn, ok := types.Unalias(info.TypeOf(call.Args[1])).(*types.Signature)
	if !ok || fn.Variadic() || fn.Results().Len() != 1 {
		return
	}
	var s Signature
	for v := range fn.Params().Variables() {
		a, ok := n.scalar(v.Type())
		if !ok {
			return
		}
		s.Args = append(s.Args, a)
	}
	if s.Result, ok = n.scalar(fn.Results().At(0).Type()); ok {
		n.signatures[s.String()] = s
	}
}

// scalar is a type that columns have values of: a basic one, one of package time, or one of the cells' own.
func (n *namer) scalar(t types.Type) (Scalar, bool) {
	t = types.Unalias(t)
	basic, ok := t.Underlying().(*types.Basic)
	named, isNamed := t.(*types.Named)
	switch {
	case isNamed && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time":
		name := "time." + named.Obj().Name()
		return Scalar{name, name}, name == "time.Time" || name == "time.Duration"
	case !ok:
		return Scalar{}, false
	case !isNamed:
		return Scalar{basic.Name(), basic.Name()}, true
	case named.TypeArgs().Len() > 0:
		return Scalar{}, false
	}
	d := n.decl(named.Obj(), lastCell)
	if d == nil || !slices.Contains(declared(d), types.Object(named.Obj())) { // of a function, another package, or an earlier version
		return Scalar{}, false
	}
	return Scalar{n.declared(d, named.Obj()), basic.Name()}, true
}

func (n *namer) signatureList() []Signature {
	var out []Signature
	for _, s := range n.signatures {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Signature) int { return strings.Compare(a.String(), b.String()) })
	return out
}
