package interp

import (
	"go/types"
	"strings"
)

// A Description says what a name is.
type Description struct {
	Name        string
	Declaration string // as Go would declare it
	Doc         string // the first sentence of its documentation, or the comment above it
}

// Inspect implements Engine.
func (e *engine) Inspect(code string, pos int) (Description, bool) {
	pos = min(max(pos, 0), len(code))
	from, to := word(code, pos)
	if from == to {
		return Description{}, false
	}
	e.checking.Lock()
	defer e.checking.Unlock()
	p := e.session.Probe(code, to)
	if p.Object == nil {
		return Description{}, false
	}
	return Description{Name: code[from:to], Declaration: types.ObjectString(p.Object, e.short), Doc: e.doc(p.Object)}, true
}

// doc is the documentation of an object.
func (e *engine) doc(o types.Object) string {
	if pkg, ok := o.(*types.PkgName); ok {
		return e.synopsis(pkg.Imported().Path(), "")
	}
	if o.Pkg() == nil {
		return e.synopsis("builtin", o.Name())
	}
	if o.Pkg().Path() == "main" {
		return e.comment(o)
	}
	return e.synopsis(o.Pkg().Path(), owned(o))
}

// owned is "Type.Method" of a method, and the name of anything else.
func owned(o types.Object) string {
	f, ok := o.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return o.Name()
	}
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name() + "." + o.Name()
	}
	return o.Name()
}

// synopsis finds a line of a package's documentation.
func (e *engine) synopsis(path, name string) string {
	for _, set := range e.sets {
		if _, ok := set.Lookup(path); !ok {
			continue
		}
		docs, err := set.Docs(path)
		if err != nil {
			return ""
		}
		for line := range strings.Lines(string(docs)) {
			if n, text, ok := strings.Cut(line, "\t"); ok && n == name {
				return strings.TrimSpace(text)
			}
		}
	}
	return ""
}

// comment is the comment above the declaration of a cell's function, type or constant.
func (e *engine) comment(o types.Object) string {
	d := e.session.Decl(owned(o))
	if d == nil {
		return ""
	}
	return d.Comment()
}
