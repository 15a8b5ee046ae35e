package slice

import (
	"go/ast"
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
)

// A guard ends a cell where something is not as it must be: if err != nil { panic(err) }. It writes nothing, so no
// statement needs it; but a program that has what it looks at and not the guard would go on where the notebook ended.

// guards are the guards over variables that only kept statements define.
func (s *slicer) guards(ran, kept []*check.Stmt) map[*check.Stmt]bool {
	defined := map[types.Object]bool{}
	for _, st := range kept {
		for _, v := range st.Vars {
			defined[s.session.Canon(v)] = true
		}
	}
	out := map[*check.Stmt]bool{}
	for _, st := range ran {
		looks := s.looks(st)
		if len(looks) == 0 {
			continue
		}
		out[st] = true
		for o := range looks {
			if !defined[o] {
				delete(out, st)
			}
		}
	}
	return out
}

// looks are the variables that a guard looks at; none if the statement is no guard.
func (s *slicer) looks(st *check.Stmt) map[types.Object]bool {
	n, ok := st.Node.(*ast.IfStmt)
	if !ok || n.Init != nil || n.Else != nil || len(n.Body.List) == 0 || !ends(n.Body.List[len(n.Body.List)-1], st.Cell.Info) {
		return nil
	}
	verbs := false
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			verbs = verbs || s.isVerb(c.Fun, st.Cell.Info)
		}
		return true
	})
	if verbs {
		return nil
	}
	return s.statement(st).uses
}

// fatal are the functions that end a program.
var fatal = map[string]bool{"log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true, "log.Panicf": true, "log.Panicln": true, "os.Exit": true}

// ends reports whether a statement ends the cell.
func ends(st ast.Stmt, info *types.Info) bool {
	e, ok := st.(*ast.ExprStmt)
	if !ok {
		return false
	}
	c, ok := e.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	if info.Types[c.Fun].IsBuiltin() {
		return builtinName(c.Fun) == "panic"
	}
	o := calledObject(c.Fun, info)
	return o != nil && o.Pkg() != nil && fatal[o.Pkg().Path()+"."+o.Name()]
}
