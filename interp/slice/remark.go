package slice

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/source"
)

// outside says what packages reach beyond the program, so that a run elsewhere or later may differ.
var outside = map[string]string{
	"os": "reads files or the environment", "io/ioutil": "reads files", "os/exec": "runs other programs", "net": "uses the network",
	"net/http": "uses the network", "database/sql": "reads a database", "math/rand": "is random", "math/rand/v2": "is random", "crypto/rand": "is random",
}

// remarks notes what was dropped and what may make the program differ.
func (b *builder) remarks(kept []*check.Stmt, decls []*check.Decl, root Root) {
	in := map[*check.Stmt]bool{root.Stmt: true}
	for _, st := range kept {
		in[st] = true
		b.warn(st.Node, st.Cell.Info, st.Src.Position())
	}
	if st := root.Stmt; st != nil {
		b.out.At = st.Src.Position()
		if value := b.rootValue(st); value != nil {
			b.warn(value, st.Cell.Info, b.out.At)
		}
	}
	for _, d := range decls {
		if d.Func != nil {
			b.warn(d.Func.Node, d.Info, source.Position{})
		}
	}
	for _, st := range b.stmts {
		if !in[st] && (b.acts(st) || prints(st)) {
			b.out.Dropped = append(b.out.Dropped, Note{st.Src.Position(), st.Src.Text()})
		}
	}
}

// acts reports whether a statement is the call of a verb that a program has nothing of: those that make programs are not told of.
func (b *builder) acts(st *check.Stmt) bool {
	call := b.verbCall(st)
	return call != nil && !b.config.Makes[calledObject(call.Fun, st.Cell.Info).Name()]
}

func prints(st *check.Stmt) bool {
	e, ok := st.Node.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	o := calledObject(call.Fun, st.Cell.Info)
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == "fmt"
}

// warn notes calls that reach outside, and verbs that are called for their value; in is the statement, if it is one.
func (b *builder) warn(n ast.Node, info *types.Info, in source.Position) {
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		o := calledObject(call.Fun, info)
		if o == nil || o.Pkg() == nil {
			return true
		}
		note := func(text string) {
			b.out.Warnings = append(b.out.Warnings, Note{b.session.Position(call.Pos()), text})
		}
		name := o.Pkg().Name() + "." + o.Name()
		if why := outside[o.Pkg().Path()]; why != "" && !strings.HasPrefix(o.Name(), "New") { // what is made is told of where it is used
			note(name + " " + why)
		}
		if o.Pkg().Path() == "time" && (o.Name() == "Now" || o.Name() == "Since" || o.Name() == "Until") {
			note(name + " depends on when the program runs")
		}
		if o.Name() != "Live" && info.Types[call].IsValue() && b.isVerb(call.Fun, info) {
			b.out.Values = append(b.out.Values, Value{Verb: o.Name(), At: b.session.Position(call.Pos()), In: in})
		}
		return true
	})
}
