package interp

import (
	"cmp"
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
	Kind string // "func", "method", "field", "var", "const", "type", "package", "keyword", "label"
	Type string // its signature or type; of a package its import path
	rank rank
}

// maxCompletions bounds an answer.
const maxCompletions = 500

// Complete implements Engine.
func (e *engine) Complete(code string, pos int) Completions {
	pos = min(max(pos, 0), len(code))
	e.checking.Lock()
	defer e.checking.Unlock()
	if from, ok := importing(code, pos); ok {
		return Completions{From: from, To: pos, Items: matching(e.pathItems(), code[from:pos])}
	}
	from, to := word(code, pos)
	prefix := code[from:pos]
	if !inCode(code, pos) || prefix != "" && prefix[0] >= '0' && prefix[0] <= '9' {
		return Completions{From: from, To: to}
	}
	return Completions{From: from, To: to, Items: matching(e.items(code, from, pos), prefix)}
}

// items is everything that may stand at a place.
func (e *engine) items(code string, from, pos int) []Completion {
	p := e.session.Probe(code, pos)
	if p.Unknown != "" {
		p.Package = e.unimported(p.Unknown)
	}
	switch {
	case p.Package != nil:
		return e.packageItems(p)
	case p.Operand != nil:
		return e.memberItems(p)
	case p.Member, from > 0 && code[from-1] == '.':
		return nil
	case p.Branch:
		return labelItems(p.Labels)
	case p.OnlyKeys:
		return e.keyItems(p)
	}
	items := append(e.keyItems(p), e.scopeItems(p)...)
	if pos-from >= 2 { // one letter would name too many
		items = append(items, e.absentItems()...)
	}
	return items
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

// A rank orders offers: the lowest first.
type rank int

const (
	ofValue   rank = iota // fields and methods of what stands left of the dot, fields to be set, labels
	local                 // names of the function
	ofSession             // names of cells
	ofPrelude
	ofLanguage
	elsewhere            // packages that are not imported
	unfit     rank = 100 // added if another type is wanted
)

// matching keeps the offers that begin with prefix, in the letter case of prefix first.
func matching(items []Completion, prefix string) []Completion {
	lower := strings.ToLower(prefix)
	out := slices.DeleteFunc(items, func(c Completion) bool {
		return !strings.HasPrefix(strings.ToLower(c.Text), lower) || strings.Contains(c.Text, "ᐧ") || c.Text == "_"
	})
	inCase := func(c Completion) int {
		if strings.HasPrefix(c.Text, prefix) {
			return 0
		}
		return 1
	}
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(c Completion) bool { // what is hidden by an inner name
		was := seen[c.Text]
		seen[c.Text] = true
		return was
	})
	slices.SortStableFunc(out, func(a, b Completion) int {
		return cmp.Or(inCase(a)-inCase(b), int(a.rank-b.rank), strings.Compare(a.Text, b.Text))
	})
	return out[:min(len(out), maxCompletions)]
}

// item offers an object. Those of the wanted type, if there is one, come first.
func (e *engine) item(o types.Object, r rank, wanted types.Type) Completion {
	c := Completion{Text: o.Name(), Kind: "var", rank: r}
	if !fits(o, wanted) {
		c.rank += unfit
	}
	switch o := o.(type) {
	case *types.Func:
		c.Kind = "func"
		if o.Signature().Recv() != nil {
			c.Kind = "method"
		}
	case *types.Builtin:
		c.Kind = "func"
		return c
	case *types.Nil:
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
	c.Type = types.TypeString(o.Type(), e.short)
	return c
}

// fits reports whether an object, or what it gives when it is called, may stand where a type is wanted.
func fits(o types.Object, wanted types.Type) bool {
	if wanted == nil || wanted == types.Typ[types.Invalid] || types.IsInterface(wanted) && wanted.Underlying().(*types.Interface).NumMethods() == 0 {
		return true
	}
	switch o := o.(type) {
	case *types.Var, *types.Const, *types.Nil:
		return types.AssignableTo(o.Type(), wanted)
	case *types.Func:
		results := o.Signature().Results()
		return types.AssignableTo(o.Type(), wanted) || results.Len() == 1 && types.AssignableTo(results.At(0).Type(), wanted)
	case *types.PkgName:
		return true
	case *types.TypeName:
		return types.Identical(o.Type(), wanted)
	}
	return false
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

func (e *engine) packageItems(p check.Probe) []Completion {
	var out []Completion
	for _, n := range p.Package.Scope().Names() {
		if token.IsExported(n) {
			out = append(out, e.item(p.Package.Scope().Lookup(n), ofValue, p.Wanted))
		}
	}
	return out
}

func labelItems(labels []string) []Completion {
	var out []Completion
	for _, l := range labels {
		out = append(out, Completion{Text: l, Kind: "label"})
	}
	return out
}

// keyItems are the fields that a literal may set.
func (e *engine) keyItems(p check.Probe) []Completion {
	var out []Completion
	for _, f := range p.Keys {
		out = append(out, e.item(f, ofValue, nil))
	}
	return out
}

// keywords that begin or continue a statement.
var keywords = []string{"break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var"}

// scopeItems are the names in force at a place.
func (e *engine) scopeItems(p check.Probe) []Completion {
	var out []Completion
	for _, o := range p.Locals {
		out = append(out, e.item(o, local, p.Wanted))
	}
	for _, n := range e.session.Names() {
		o := e.session.Lookup(n)
		r := ofSession
		if o != nil && o.Pkg() == e.session.Prelude() {
			r = ofPrelude
		}
		if o != nil {
			out = append(out, e.item(o, r, p.Wanted))
		}
	}
	for _, n := range types.Universe.Names() {
		out = append(out, e.item(types.Universe.Lookup(n), ofLanguage, p.Wanted))
	}
	for _, k := range keywords {
		out = append(out, Completion{Text: k, Kind: "keyword", rank: ofLanguage})
	}
	return out
}
