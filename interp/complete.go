package interp

import (
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// Completions are what may stand in place of the bytes [From, To) of the code.
type Completions struct {
	From, To int
	Items    []Completion
}

// A Completion is one offer.
type Completion struct {
	Text string
	Kind string // "func", "method", "field", "var", "const", "type", "package", "keyword"
	Type string // its signature or type
}

// maxCompletions bounds an answer.
const maxCompletions = 500

// Complete implements Engine.
func (e *engine) Complete(code string, pos int) Completions {
	pos = min(max(pos, 0), len(code))
	from, to := word(code, pos)
	prefix := code[from:pos]
	e.checking.Lock()
	defer e.checking.Unlock()
	p := e.session.Probe(code, pos)
	var items []Completion
	switch {
	case p.Package != nil:
		items = packageItems(p.Package)
	case p.Operand != nil:
		items = e.memberItems(p.Operand)
	case from > 0 && code[from-1] == '.':
	default:
		items = e.scopeItems(p)
	}
	return Completions{From: from, To: to, Items: matching(items, prefix)}
}

// word is the name around pos.
func word(code string, pos int) (from, to int) {
	name := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
	}
	for from = pos; from > 0 && name(code[from-1]); from-- {
	}
	for to = pos; to < len(code) && name(code[to]); to++ {
	}
	return from, to
}

// matching keeps the offers that begin with prefix, or without any those that do so in other letter case.
func matching(items []Completion, prefix string) []Completion {
	keep := func(test func(string) bool) []Completion {
		var out []Completion
		for _, i := range items {
			if test(i.Text) {
				out = append(out, i)
			}
		}
		return out
	}
	out := keep(func(s string) bool { return strings.HasPrefix(s, prefix) })
	if len(out) == 0 {
		lower := strings.ToLower(prefix)
		out = keep(func(s string) bool { return strings.HasPrefix(strings.ToLower(s), lower) })
	}
	slices.SortFunc(out, func(a, b Completion) int { return strings.Compare(a.Text, b.Text) })
	out = slices.CompactFunc(out, func(a, b Completion) bool { return a.Text == b.Text })
	return out[:min(len(out), maxCompletions)]
}

func item(o types.Object) Completion {
	c := Completion{Text: o.Name(), Kind: "var"}
	switch o := o.(type) {
	case *types.Func:
		c.Kind = "func"
		if o.Signature().Recv() != nil {
			c.Kind = "method"
		}
	case *types.Builtin:
		c.Kind = "func"
		return c
	case *types.TypeName:
		c.Kind = "type"
	case *types.Const:
		c.Kind = "const"
	case *types.PkgName:
		c.Kind = "package"
		c.Type = o.Imported().Path()
		return c
	case *types.Var:
		if o.IsField() {
			c.Kind = "field"
		}
	}
	c.Type = types.TypeString(o.Type(), short)
	return c
}

// short names packages by their last name, and bare what cells write bare: their own types and those of the prelude.
func (e *engine) short(p *types.Package) string {
	if prelude := e.session.Prelude(); prelude != nil && (p == prelude || slices.Contains(prelude.Imports(), p) && path.Dir(p.Path()) == path.Dir(prelude.Path())) {
		return ""
	}
	return short(p)
}

// short names packages by their last name, and cells' own types bare.
func short(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

func packageItems(p *types.Package) []Completion {
	var out []Completion
	for _, n := range p.Scope().Names() {
		if token.IsExported(n) {
			out = append(out, item(p.Scope().Lookup(n)))
		}
	}
	return out
}

// memberItems are the fields and methods of a type.
func (e *engine) memberItems(t types.Type) []Completion {
	var out []Completion
	add := func(o types.Object) {
		if o.Exported() || o.Pkg() != nil && o.Pkg().Path() == "main" {
			out = append(out, item(o))
		}
	}
	fields(t, 0, add)
	recv := t
	if _, ptr := t.Underlying().(*types.Pointer); !ptr && !types.IsInterface(t) {
		recv = types.NewPointer(t)
	}
	for s := range types.NewMethodSet(recv).Methods() {
		add(s.Obj())
	}
	return out
}

// maxEmbedding bounds how deep embedded structs are looked into.
const maxEmbedding = 4

func fields(t types.Type, depth int, add func(types.Object)) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > maxEmbedding {
		return
	}
	for f := range st.Fields() {
		add(f)
		if f.Embedded() {
			fields(f.Type(), depth+1, add)
		}
	}
}

// keywords that begin or continue a statement.
var keywords = []string{"break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var"}

// scopeItems are the names in force at a place.
func (e *engine) scopeItems(p check.Probe) []Completion {
	var out []Completion
	for s := p.Scope; s != nil && s.Parent() != nil; s = s.Parent() {
		for _, n := range s.Names() {
			out = append(out, item(s.Lookup(n)))
		}
	}
	for _, n := range e.session.Names() {
		if o := e.session.Lookup(n); o != nil {
			out = append(out, item(o))
		}
	}
	for _, n := range types.Universe.Names() {
		out = append(out, item(types.Universe.Lookup(n)))
	}
	for _, k := range keywords {
		out = append(out, Completion{Text: k, Kind: "keyword"})
	}
	return slices.DeleteFunc(out, func(c Completion) bool { return strings.Contains(c.Text, "ᐧ") })
}
