package lower

import (
	"go/ast"
	"go/types"
)

// stores looks at a call of Fold, whose first argument makes a state that a program keeps: of a struct that has
// fields which are not exported these would be lost. The interpreter's own types do not tell: there they are exported.
func (e *emitter) stores(x *ast.CallExpr, f *types.Func) {
	if f.Name() != "Fold" || f.Pkg() == nil || f.Pkg() != e.session.Prelude() || len(x.Args) == 0 {
		return
	}
	sig, ok := e.typeOf(x.Args[0]).Underlying().(*types.Signature)
	if !ok || sig.Results().Len() != 1 {
		return
	}
	if name := hidden(sig.Results().At(0).Type(), map[types.Type]bool{}); name != "" {
		fail("the state of a Fold with the field %s, which is not exported and would be lost: begin its name with a capital letter", name)
	}
}

// hidden is a field within a type that is not exported, or "".
func hidden(t types.Type, seen map[types.Type]bool) string {
	named, ok := types.Unalias(t).(*types.Named)
	if seen[t] || ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() != "main" {
		return "" // a type of a package is as it is here, too: it tells itself
	}
	seen[t] = true
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if !f.Exported() {
				return f.Name()
			}
		}
	}
	for _, part := range parts(t) {
		if name := hidden(part, seen); name != "" {
			return name
		}
	}
	return ""
}
