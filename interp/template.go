package interp

import (
	"errors"
	"fmt"
	"go/types"
	html "html/template"
	"io"
	"reflect"
	"strings"
	"sync"
	text "text/template"
	"text/template/parse"
)

// Templates look up fields and methods by reflection, which sees neither the methods of cells' types nor what they
// embed. So before a template gets such a value, its fields become calls of a function that knows them.

// memberFunc is the name of that function in templates.
const memberFunc = "memberᐧ"

// A template is one of package text/template or html/template.
type template interface {
	Execute(w io.Writer, data any) error
	ExecuteTemplate(w io.Writer, name string, data any) error
}

// render executes a template with data; name is that of an associated one, or "".
func (e *engine) render(t any, w io.Writer, name string, data any) error {
	tmpl, ok := t.(template)
	if !ok {
		return fmt.Errorf("template: %T is not a template", t)
	}
	if holdsBox(data, 0) {
		e.instruct(tmpl)
		data = e.form(data)
	}
	if name != "" {
		return tmpl.ExecuteTemplate(w, name, data)
	}
	return tmpl.Execute(w, data)
}

// instruct gives a template, and those associated with it, the function that knows members.
func (e *engine) instruct(t template) {
	switch t := t.(type) {
	case *text.Template:
		t.Funcs(text.FuncMap{memberFunc: e.member})
		for _, one := range t.Templates() {
			e.templates.rewrite(one.Tree)
		}
	case *html.Template:
		t.Funcs(html.FuncMap{memberFunc: e.member})
		for _, one := range t.Templates() {
			e.templates.rewrite(one.Tree)
		}
	}
}

// maxDepth bounds how deep data is searched.
const maxDepth = 8

// holdsBox reports whether a value of a cell's type is in data.
func holdsBox(data any, depth int) bool {
	if _, ok := bare(data).(box); ok {
		return true
	}
	v := reflect.ValueOf(data)
	switch v.Kind() {
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if depth < maxDepth && holdsBox(v.MapIndex(k).Interface(), depth+1) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if depth < maxDepth && v.Type().Elem().Kind() == reflect.Interface && holdsBox(v.Index(i).Interface(), depth+1) {
				return true
			}
		}
	}
	return false
}

// templates are the trees that have been rewritten.
type templates struct {
	mu   sync.Mutex
	done map[*parse.Tree]bool
}

func (t *templates) rewrite(tree *parse.Tree) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if tree == nil || t.done[tree] {
		return
	}
	if t.done == nil {
		t.done = map[*parse.Tree]bool{}
	}
	t.done[tree] = true
	rewriteList(tree.Root)
}

func rewriteList(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			rewritePipe(n.Pipe)
		case *parse.IfNode:
			rewriteBranch(&n.BranchNode)
		case *parse.RangeNode:
			rewriteBranch(&n.BranchNode)
		case *parse.WithNode:
			rewriteBranch(&n.BranchNode)
		case *parse.TemplateNode:
			rewritePipe(n.Pipe)
		}
	}
}

func rewriteBranch(n *parse.BranchNode) {
	rewritePipe(n.Pipe)
	rewriteList(n.List)
	rewriteList(n.ElseList)
}

func rewritePipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		for i, a := range c.Args {
			if inner, ok := a.(*parse.PipeNode); ok {
				rewritePipe(inner)
				continue
			}
			base, path := takeApart(a)
			if call := lookup(a.Position(), base, path); base != nil && i > 0 {
				c.Args[i] = pipe(call)
			}
		}
		// The arguments behind a field are those of the method that it is.
		if base, path := takeApart(c.Args[0]); base != nil {
			c.Args = append(lookup(c.Args[0].Position(), base, path), c.Args[1:]...)
		}
	}
}

// takeApart gives what a node takes fields of, and the fields; nil for a node of another kind.
func takeApart(n parse.Node) (base parse.Node, path []string) {
	switch n := n.(type) {
	case *parse.FieldNode:
		return &parse.DotNode{NodeType: parse.NodeDot, Pos: n.Pos}, n.Ident
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return &parse.VariableNode{NodeType: parse.NodeVariable, Pos: n.Pos, Ident: n.Ident[:1]}, n.Ident[1:]
		}
	case *parse.ChainNode:
		if inner, ok := n.Node.(*parse.PipeNode); ok {
			rewritePipe(inner)
		}
		return n.Node, n.Field
	}
	return nil, nil
}

// lookup is the call that finds the field.
func lookup(pos parse.Pos, base parse.Node, path []string) []parse.Node {
	text := strings.Join(path, ".")
	name := parse.NewIdentifier(memberFunc).SetPos(pos)
	return []parse.Node{name, base, &parse.StringNode{NodeType: parse.NodeString, Pos: pos, Quoted: fmt.Sprintf("%q", text), Text: text}}
}

func pipe(args []parse.Node) *parse.PipeNode {
	pos := args[0].Position()
	return &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{{NodeType: parse.NodeCommand, Pos: pos, Args: args}}}
}

// member is what a path of fields and methods leads to; args are those of the last, a method.
func (e *engine) member(x any, path string, args ...any) (any, error) {
	names := strings.Split(path, ".")
	for i, name := range names {
		var with []any
		if i == len(names)-1 {
			with = args
		}
		var err error
		if x, err = e.memberOf(x, name, with); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (e *engine) memberOf(x any, name string, args []any) (any, error) {
	b, ok := bare(x).(box)
	if !ok {
		return e.plainMember(x, name, args)
	}
	v, t := reflect.ValueOf(b.Value), b.kind.typ
	if own, ok := owner(e, v, t, name); ok {
		return e.callMember(own, name, args)
	}
	if p, isPtr := t.Underlying().(*types.Pointer); isPtr {
		if v.IsNil() {
			return nil, fmt.Errorf("nil pointer evaluating %s.%s", goName(t), name)
		}
		v, t = v.Elem(), p.Elem()
	}
	obj, index, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, ok := obj.(*types.Var)
	if !ok || !f.Exported() {
		return nil, fmt.Errorf("can't evaluate field %s in type %s", name, goName(b.kind.typ))
	}
	part, ok := field{path: index}.in(v, false)
	if !ok {
		return nil, fmt.Errorf("nil pointer evaluating %s.%s", goName(t), name)
	}
	return e.formOf(part, f.Type()), nil
}

// plainMember is a field, key or method of a value of compiled code.
func (e *engine) plainMember(x any, name string, args []any) (any, error) {
	v := reflect.ValueOf(x)
	if !v.IsValid() {
		return nil, fmt.Errorf("nil data; no entry for key %q", name)
	}
	if m := v.MethodByName(name); m.IsValid() {
		return results(callWith(m, args))
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Map:
		if item := v.MapIndex(reflect.ValueOf(name)); item.IsValid() {
			return e.form(item.Interface()), nil
		}
		return nil, nil
	case reflect.Struct:
		if f := v.FieldByName(name); f.IsValid() && f.CanInterface() {
			return e.form(f.Interface()), nil
		}
	}
	return nil, fmt.Errorf("can't evaluate field %s in type %T", name, x)
}

func (e *engine) callMember(b box, name string, args []any) (any, error) {
	m, _ := b.kind.method(name)
	recv := reflect.New(m.Type().In(0)).Elem()
	fit(recv, b.Value)
	bound := reflect.MakeFunc(tail(m.Type()), func(in []reflect.Value) []reflect.Value {
		if m.Type().IsVariadic() {
			return m.CallSlice(append([]reflect.Value{recv}, in...))
		}
		return m.Call(append([]reflect.Value{recv}, in...))
	})
	out, err := results(callWith(bound, args))
	if err != nil {
		return nil, err
	}
	s, _, _ := types.LookupFieldOrMethod(b.kind.typ, true, nil, name)
	if f, ok := s.(*types.Func); ok && f.Signature().Results().Len() > 0 && out != nil {
		return e.formOf(reflect.ValueOf(out), f.Signature().Results().At(0).Type()), nil
	}
	return out, nil
}

// tail is the type of a method's function without the receiver.
func tail(f reflect.Type) reflect.Type {
	var in, out []reflect.Type
	for i := 1; i < f.NumIn(); i++ {
		in = append(in, f.In(i))
	}
	for i := range f.NumOut() {
		out = append(out, f.Out(i))
	}
	return reflect.FuncOf(in, out, f.IsVariadic())
}

var errArguments = errors.New("wrong number of args")

func callWith(f reflect.Value, args []any) ([]reflect.Value, error) {
	t := f.Type()
	if len(args) != t.NumIn() && (!t.IsVariadic() || len(args) < t.NumIn()-1) {
		return nil, fmt.Errorf("%w: want %d got %d", errArguments, t.NumIn(), len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		p := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= t.NumIn()-1 {
			p = p.Elem()
		}
		in[i] = reflect.New(p).Elem()
		if p.Kind() != reflect.Interface {
			a = raw(a)
		}
		fit(in[i], a)
	}
	return f.Call(in), nil
}

// results are the value and the error that a function called by a template gives.
func results(out []reflect.Value, err error) (any, error) {
	if err != nil || len(out) == 0 {
		return nil, err
	}
	if len(out) == 2 {
		err, _ = out[1].Interface().(error)
	}
	return out[0].Interface(), err
}

// form is a value as a template can take it apart.
func (e *engine) form(x any) any {
	if b, ok := bare(x).(box); ok {
		return e.formOf(reflect.ValueOf(b.Value), b.kind.typ)
	}
	return x
}

func (e *engine) formOf(v reflect.Value, t types.Type) any {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		if !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil() {
			return nil
		}
		return e.form(v.Interface())
	case *types.Pointer:
		if e.ours(t) && v.IsNil() {
			return nil
		}
	case *types.Slice:
		return e.formList(v, u.Elem())
	case *types.Array:
		return e.formList(v, u.Elem())
	case *types.Map:
		if e.ours(u.Elem()) {
			m := reflect.MakeMap(reflect.MapOf(v.Type().Key(), typeOf[any]()))
			for _, k := range v.MapKeys() {
				m.SetMapIndex(k, reflect.ValueOf(e.formOf(v.MapIndex(k), u.Elem())))
			}
			return m.Interface()
		}
	case *types.Basic:
		if k := e.kinds.of(t); k != nil && !(box{v, k}).has("String") && !(box{v, k}).has("Error") {
			return v.Interface()
		}
	}
	if k := e.kinds.of(t); e.ours(t) && k != nil {
		return box{v.Interface(), k}
	}
	return v.Interface()
}

func (e *engine) formList(v reflect.Value, elem types.Type) any {
	if !e.ours(elem) {
		return v.Interface()
	}
	list := make([]any, v.Len())
	for i := range list {
		list[i] = e.formOf(v.Index(i), elem)
	}
	return list
}
