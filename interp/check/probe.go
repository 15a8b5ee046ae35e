package check

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// A Probe is what stands at a place of a cell that is being written.
type Probe struct {
	// Member says that the place is after a dot. Left of it is a value or type (Operand), a package (Package), or a
	// name that means nothing (Unknown), such as that of a package which no cell imports.
	Member  bool
	Operand types.Type
	Package *types.Package
	Unknown string
	// Object is what the name at the place means, or nil.
	Object types.Object
	// Callee is the offset behind the name of the function whose arguments the place is among, or 0.
	Callee int
	// Locals are the names of functions and blocks around the place, the innermost first.
	Locals []types.Object
	// Keys are the fields that may be set here, in a struct's literal; OnlyKeys if nothing else may stand here.
	Keys     []*types.Var
	OnlyKeys bool
	// Branch says that the place is for one of Labels.
	Branch bool
	Labels []string
	// Wanted is the type that a value at the place has to have, or nil.
	Wanted types.Type
}

// placeholder stands for a name that is not written yet.
const placeholder = "hereᐧ"

// Probe looks at byte offset of code as far as it can be understood. It changes nothing that a later Check sees.
func (s *Session) Probe(code string, offset int) (p Probe) {
	defer func() {
		if recover() != nil { // go/types is made for trees without holes
			p = Probe{}
		}
	}()
	return s.probe(code, offset)
}

func (s *Session) probe(code string, offset int) (p Probe) {
	offset = min(max(offset, 0), len(code))
	if len(code) > source.MaxBytes {
		return p
	}
	if offset == 0 || !isName(code[offset-1]) {
		code = code[:offset] + placeholder + code[offset:]
	}
	end := offset
	for end < len(code) && isName(code[end]) {
		end++
	}
	if p = s.reading(mended(code, offset), offset); p.Member || !dotted(code[:offset]) {
		return p
	}
	// A member was not found: what is left out has it, or a go or defer statement wants a call.
	for _, text := range []string{balanced(code, offset), balanced(code[:end]+"()"+code[end:], offset), balanced(code, offset) + "()"} {
		if q := s.reading(text, offset); q.Member {
			return q
		}
	}
	return p
}

// dotted reports whether code ends in a dot and perhaps a name.
func dotted(code string) bool {
	return strings.HasSuffix(strings.TrimRight(strings.TrimRightFunc(code, func(r rune) bool { return r >= 0x80 || isName(byte(r)) }), " \t\n"), ".")
}

// reading is a Probe of text that Split would take.
func (s *Session) reading(text string, offset int) Probe {
	cell := source.Cell{Text: text}
	p, err := s.readLoose(cell)
	if err != nil {
		return Probe{}
	}
	a := &attempt{Session: s, cell: cell, parts: p, given: map[string]types.Object{}, dotted: map[string]types.Object{}, left: map[string]string{}, again: map[string]bool{}}
	for _, spec := range p.imports {
		_ = a.bindOne(spec) // what cannot be imported is not there
	}
	a.loosen()
	defer a.dispose()
	a.outline()
	a.checkBodies()
	return a.look(offset)
}

// dispose takes out of the session what a look left there.
func (a *attempt) dispose() {
	for _, o := range a.objs {
		delete(a.globals, o)
	}
	for _, v := range a.vars {
		delete(a.globals, v)
	}
	a.fset.RemoveFile(a.parts.stree.tfile)
	a.fset.RemoveFile(a.parts.dtree.tfile)
}

// loosen makes units of the declarations. Methods of earlier types are only functions here: those types stay as they are.
func (a *attempt) loosen() {
	for _, d := range a.parts.decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			continue
		}
		a.units = append(a.units, &unit{name: declName(d), node: d, tree: a.parts.dtree, recv: receiver(d)})
	}
	for _, u := range a.units {
		if u.function() != nil && u.function().Recv != nil && !a.declaresType(u.recv) {
			u.adopted = types.NewFunc(u.node.Pos(), a.main, u.name, types.NewSignatureType(nil, nil, nil, nil, nil, false))
		}
	}
}

func isName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
