// Package check decides what cells mean: it type-checks each cell alone against what earlier cells declared, by the
// rules of the Go compiler, and keeps the typed trees. Its nouns are Session, Cell, Stmt and Decl.
//
// A cell becomes one package in memory. The objects of earlier cells that it mentions are inserted into that package's
// scope; its declarations stand at package level and its statements in one function. Function bodies are checked
// afterwards, when the types of the cell's variables are known, so a function may use a variable of its own cell.
package check

import (
	"go/constant"
	"go/token"
	"go/types"
	"runtime"
	"slices"
)

// GoVersion is the language version of cells.
const GoVersion = "go1.26"

// A Session is everything declared so far. It changes only in Commit.
type Session struct {
	fset     *token.FileSet
	importer types.Importer
	prelude  *types.Package
	alias    string // what cells call the prelude
	sizes    types.Sizes

	names map[string]types.Object       // what each name means now
	canon map[types.Object]types.Object // a redefinition with the same type -> the first of its kind
	decls map[string]*Decl              // current declarations, by Decl.Name
	order []*Decl                       // the same, oldest first
	cells []*Cell
	ghost map[*types.Func]bool // methods that a failed cell added to a type

	globals map[types.Object]bool // what cells declare at package level, and their variables, though checked in a function
	main    *types.Package        // the one package that all cells are, emptied for each check
}

// NewSession starts with the names of prelude (nil for none), reachable bare and qualified by alias.
func NewSession(importer types.Importer, prelude *types.Package, alias string) *Session {
	return &Session{
		fset: token.NewFileSet(), importer: importer, prelude: prelude, alias: alias, sizes: types.SizesFor("gc", runtime.GOARCH),
		names: map[string]types.Object{}, canon: map[types.Object]types.Object{}, decls: map[string]*Decl{}, ghost: map[*types.Func]bool{}, globals: map[types.Object]bool{}, main: types.NewPackage("main", "main"),
	}
}

// Fset locates every node of every cell; file names are "cell 1" and so on.
func (s *Session) Fset() *token.FileSet { return s.fset }

// Cells are the committed cells in order.
func (s *Session) Cells() []*Cell { return s.cells }

// Prelude is the package of cell 0, or nil.
func (s *Session) Prelude() *types.Package { return s.prelude }

// Lookup returns what a name means to the next cell: a cell's object, else the prelude's, else nil.
func (s *Session) Lookup(name string) types.Object {
	if o := s.names[name]; o != nil {
		return o
	}
	if s.prelude == nil {
		return nil
	}
	if name == s.alias {
		return types.NewPkgName(token.NoPos, s.prelude, name, s.prelude)
	}
	if token.IsExported(name) {
		return s.prelude.Scope().Lookup(name)
	}
	return nil
}

// Names lists every name that Lookup knows, sorted.
func (s *Session) Names() []string {
	var out []string
	for n := range s.names {
		out = append(out, n)
	}
	if s.prelude != nil {
		out = append(out, s.alias)
		for _, n := range s.prelude.Scope().Names() {
			if token.IsExported(n) {
				out = append(out, n)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Canon returns the object that stands for o in storage: a variable or function redefined with the same type shares
// the place of the first.
func (s *Session) Canon(o types.Object) types.Object {
	if f, ok := o.(*types.Func); ok {
		o = f.Origin()
	}
	if v, ok := o.(*types.Var); ok {
		o = v.Origin()
	}
	if c := s.canon[o]; c != nil {
		return c
	}
	return o
}

// Decl returns the current declaration of that name: "f", "T" or "T.Method".
func (s *Session) Decl(name string) *Decl { return s.decls[name] }

// Decls lists the current declarations, oldest first.
func (s *Session) Decls() []*Decl { return s.order }

// Import loads a package by its path.
func (s *Session) Import(path string) (*types.Package, error) { return s.importer.Import(path) }

// Commit makes a checked cell part of the session. Calling undo takes it back, as long as it is the last.
func (s *Session) Commit(c *Cell) (undo func()) {
	var j journal
	order, cells := s.order, s.cells
	s.order = slices.Clone(s.order) // it is changed in place
	j.keep(func() { s.order, s.cells = order, cells })
	for _, i := range c.Imports {
		if n := i.Name(); n != "_" {
			put(&j, s.names, n, types.Object(i))
		}
	}
	for n, o := range c.Dotted {
		put(&j, s.names, n, o)
	}
	for _, d := range c.Decls {
		s.declare(&j, d)
		if d.Func != nil && d.Func.Recv != nil {
			drop(&j, s.ghost, d.Func.Object)
		}
	}
	for _, v := range c.Vars {
		s.rename(&j, v)
		s.forget(&j, v.Name())
		put(&j, s.names, v.Name(), types.Object(v))
	}
	s.cells = append(s.cells, c)
	return j.undo
}

func (s *Session) declare(j *journal, d *Decl) {
	for _, o := range d.Objects {
		s.rename(j, o)
		put(j, s.names, o.Name(), o)
	}
	s.forget(j, d.Name)
	put(j, s.decls, d.Name, d)
	s.order = append(s.order, d)
}

// forget drops the declaration of a name that means something else now.
func (s *Session) forget(j *journal, name string) {
	if old := s.decls[name]; old != nil {
		drop(j, s.decls, name)
		s.order = slices.DeleteFunc(s.order, func(d *Decl) bool { return d == old })
	}
}

// rename records that o takes the place of an earlier object of its name, if their types agree.
func (s *Session) rename(j *journal, o types.Object) {
	if old := s.names[o.Name()]; old != nil && old != o && same(old, o) {
		put(j, s.canon, o, s.Canon(old))
	}
}

// same reports whether new can live where old does.
func same(old, new types.Object) bool {
	switch old := old.(type) {
	case *types.Var:
		_, ok := new.(*types.Var)
		return ok && types.Identical(old.Type(), new.Type())
	case *types.Const:
		c, ok := new.(*types.Const)
		return ok && types.Identical(old.Type(), new.Type()) && constant.Compare(old.Val(), token.EQL, c.Val())
	case *types.Func:
		_, ok := new.(*types.Func)
		return ok && types.Identical(old.Type(), new.Type())
	}
	return false
}
