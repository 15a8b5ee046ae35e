package interp

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/riffle-stream/riffle/interp/check"
)

// outsiders are packages whose functions act on files, processes or other machines; of os those that only read do not.
var outsiders = map[string]string{
	"os": "acts on files or the process", "os/exec": "runs other programs", "net": "uses the network", "net/http": "uses the network",
	"net/smtp": "uses the network", "database/sql": "uses a database", "syscall": "acts on the system", "log": "may end the process",
}

// harmless are functions of these packages that only read or write text.
var harmless = map[string]bool{
	"os.ReadFile": true, "os.Getenv": true, "os.LookupEnv": true, "os.Open": true, "os.Stat": true, "os.ReadDir": true, "os.Getwd": true,
	"os.Hostname": true, "os.Getpid": true, "os.IsNotExist": true, "os.TempDir": true, "log.Print": true, "log.Printf": true, "log.Println": true, "log.New": true,
	"log.SetFlags": true, "log.SetPrefix": true, "log.Default": true, "net/http.StatusText": true, "net.ParseIP": true,
}

// Acts implements Engine.
func (e *engine) Acts(cell Cell, verb func(name string) bool) []string {
	e.checking.Lock()
	defer e.checking.Unlock()
	c, err := e.session.Check(cell)
	if err != nil {
		return nil // it will say so when it runs
	}
	a := &actions{engine: e, verb: verb, decls: slices.Concat(c.Decls, e.session.Decls()), seen: map[*check.Decl]bool{}}
	for _, s := range c.Stmts {
		a.look(s.Node, c.Info)
	}
	slices.Sort(a.why)
	return slices.Compact(a.why)
}

// actions finds what a cell does to the world: itself, and through functions of cells that it calls.
type actions struct {
	*engine
	verb  func(name string) bool
	decls []*check.Decl
	seen  map[*check.Decl]bool
	why   []string
}

func (a *actions) look(n ast.Node, info *types.Info) {
	called := map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			switch fun := ast.Unparen(n.Fun).(type) {
			case *ast.Ident:
				called[fun] = true
			case *ast.SelectorExpr:
				called[fun.Sel] = true
			}
		case *ast.Ident:
			if f, ok := info.Uses[n].(*types.Func); ok && f.Pkg() != nil && (called[n] || f.Pkg().Path() == "main") {
				a.function(f)
			}
		}
		return true
	})
}

func (a *actions) function(f *types.Func) {
	path := f.Pkg().Path()
	name := f.Name()
	switch {
	case path == "main":
		a.called(f)
	case path == a.config.Prelude.Path && a.verb(name):
		a.why = append(a.why, name+" acts outside the notebook")
	case outsiders[path] != "" && !harmless[path+"."+name] && f.Signature().Recv() == nil:
		a.why = append(a.why, fmt.Sprintf("%s.%s %s", f.Pkg().Name(), name, outsiders[path]))
	}
}

// called looks into the function of a cell.
func (a *actions) called(f *types.Func) {
	for _, d := range a.decls {
		if d.Func != nil && d.Func.Object == f && !a.seen[d] {
			a.seen[d] = true
			a.look(d.Func.Node, d.Info)
		}
	}
}
