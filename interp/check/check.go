package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// maxRounds bounds how often a cell is checked anew because its redefinitions reach further; each round declares at
// least one more earlier declaration again, or gives one up.
const maxRounds = 200

// Check reads and type-checks a cell. It changes nothing; Commit does. The error is a source.Error, a
// source.ErrorList or a source.Incomplete.
func (s *Session) Check(cell source.Cell) (*Cell, error) {
	p, err := s.read(cell)
	if err != nil {
		return nil, err
	}
	a := &attempt{Session: s, cell: cell, parts: p, given: map[string]types.Object{}, dotted: map[string]types.Object{}, left: map[string]string{}, again: map[string]bool{}, anew: map[string]bool{}}
	if err := a.bind(); err != nil {
		return nil, err
	}
	if err := a.own(); err != nil {
		return nil, err
	}
	for range maxRounds {
		again, err := a.round()
		if err != nil {
			return nil, err
		}
		if !again {
			return a.result(), nil
		}
	}
	return nil, &source.Error{Cell: cell.Number, Message: "the redefinitions of this cell reach too far; restart the session"}
}

// An attempt is one cell being checked.
type attempt struct {
	*Session
	cell  source.Cell
	parts *parts
	given map[string]types.Object // what the cell's imports bind
	bound []*types.PkgName
	// dotted are the names among given that come from dot imports.
	dotted map[string]types.Object

	units   []*unit
	kept    []*unit           // of types that the cell declares as they are: not declared again
	anew    map[string]bool   // types that are declared again nevertheless
	gone    []*unit           // left behind in this round
	again   map[string]bool   // earlier declarations that are declared again
	left    map[string]string // earlier declarations that could not be, and why
	widened []string          // what is to be said of types that got methods
	value   bool              // the last statement is a value though it looks like a call

	objs   []types.Object // what the units put at package level
	info   *types.Info    // of the outline
	vars   []*types.Var
	bodies *types.Info
}

// A unit is one declaration in an attempt.
type unit struct {
	name    string
	node    ast.Decl
	tree    *tree
	old     *Decl // declared again, or nil
	recv    string
	plain   *ast.FuncDecl // a function's form for the body check
	adopted *types.Func   // the method object on an earlier type
}

// round checks the outline and the bodies once. It reports true when the set of units changed and all must be redone.
func (a *attempt) round() (bool, error) {
	if again, err := a.adopt(); again || err != nil {
		return again, err
	}
	again, err := a.sort(a.outline())
	if again {
		return true, nil
	}
	if err != nil {
		_, more := a.sort(a.checkBodies())
		return false, together(err, more)
	}
	if a.extend() {
		return true, nil
	}
	return a.sort(a.checkBodies())
}

// sort gives the cell's own errors back, and leaves behind the earlier declarations that have some.
func (a *attempt) sort(errs []types.Error) (bool, error) {
	var own source.ErrorList
	again := false
	for _, e := range a.labels(errs) {
		if u := a.owner(e.Pos); u != nil {
			again = true
			a.leave(u, e.Msg)
			continue
		}
		if !a.value && a.isLastValue(e) {
			a.value = true
			return true, nil
		}
		next := a.errorAt(a.compilers(e))
		if n := len(own); n > 0 && own[n-1].Line == next.Line && own[n-1].Message == next.Message {
			continue // the compiler says a thing once a line
		}
		own = append(own, next)
	}
	if len(own) > 0 {
		return false, inOrder(own)
	}
	return again, nil
}

// owner is the unit of an earlier cell that pos lies in.
func (a *attempt) owner(pos token.Pos) *unit {
	file := a.fset.File(pos)
	for _, u := range slices.Concat(a.units, a.gone) {
		if u.old != nil && u.tree.tfile == file {
			return u
		}
	}
	return nil
}

func (a *attempt) leave(u *unit, why string) {
	if _, ok := a.left[u.name]; !ok {
		a.left[u.name], _, _ = strings.Cut(why, "\n")
	}
	a.gone = append(a.gone, u)
	kept := a.units[:0]
	for _, v := range a.units {
		if v != u && (v.old == nil || v.recv != u.name) {
			kept = append(kept, v)
		}
	}
	a.units = kept
}

func (a *attempt) errorAt(pos token.Pos, msg string) *source.Error {
	p := a.position(pos)
	return &source.Error{Cell: p.Cell, Line: p.Line, Column: p.Column, Message: msg, Source: a.cell.Line(p.Line)}
}

// extend adds the earlier declarations that depend on what this cell changes. It reports whether there were any.
func (a *attempt) extend() bool {
	changed := map[types.Object]bool{}
	note := func(o types.Object) {
		if old := a.names[o.Name()]; old != nil && !same(old, o) {
			changed[a.Canon(old)] = true
		}
	}
	for _, o := range a.objs {
		note(o)
	}
	for _, v := range a.vars {
		note(v)
	}
	added := false
	for _, d := range a.order {
		if a.declares(d.Name) || a.again[d.Name] || !d.mentions(a.Session, changed) {
			continue
		}
		if a.redo(d) {
			added = true
		}
	}
	return added
}

// declares reports whether a unit of the cell itself has that name.
func (a *attempt) declares(name string) bool {
	for _, u := range a.units {
		if u.name == name {
			return true
		}
	}
	return false
}

func (d *Decl) mentions(s *Session, objs map[types.Object]bool) bool {
	for o := range d.Uses {
		if objs[s.Canon(o)] {
			return true
		}
	}
	return false
}
