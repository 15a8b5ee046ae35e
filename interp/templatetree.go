package interp

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	text "text/template"
	"text/template/parse"
)

// templates are the trees that have been rewritten.
type templates struct {
	mu   sync.Mutex
	done map[*parse.Tree]bool
	was  map[string]string // what commands were before, by what they are now: for errors
	last string            // the type of the last value of a cell's type
}

// noted is x, whose type is remembered if it is a cell's.
func (t *templates) noted(x any) any {
	if b, ok := bare(x).(box); ok {
		t.mu.Lock()
		t.last = goName(b.kind.typ)
		t.mu.Unlock()
	}
	return x
}

func (t *templates) rewrite(tree *parse.Tree) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if tree == nil || t.done[tree] {
		return
	}
	if t.done == nil {
		t.done, t.was = map[*parse.Tree]bool{}, map[string]string{}
	}
	t.done[tree] = true
	t.list(tree.Root)
}

func (t *templates) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			t.pipe(n.Pipe)
		case *parse.IfNode:
			t.branch(&n.BranchNode)
			if len(n.Pipe.Decl) == 0 { // a number that has methods is true if it is not 0
				n.Pipe.Cmds = append(n.Pipe.Cmds, plainly(n.Pipe.Position()))
			}
		case *parse.RangeNode:
			t.branch(&n.BranchNode)
		case *parse.WithNode:
			t.branch(&n.BranchNode)
		case *parse.TemplateNode:
			t.pipe(n.Pipe)
		}
	}
}

func (t *templates) branch(n *parse.BranchNode) {
	t.pipe(n.Pipe)
	t.list(n.List)
	t.list(n.ElseList)
}

func (t *templates) pipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for i := 0; i < len(p.Cmds); i++ {
		c := p.Cmds[i]
		before := c.String()
		with := wrapper(c)
		compares := with == plainFunc
		if compares && i > 0 {
			p.Cmds = slices.Insert(p.Cmds, i, plainly(c.Position()))
			i++
		}
		for k, a := range c.Args {
			c.Args[k] = t.argument(a, k, with)
		}
		// The arguments behind a field are those of the method that it is.
		if base, path := t.takeApart(c.Args[0]); base != nil {
			first := c.Args[0]
			c.Pos, c.Args = first.Position(), append(lookup(first.Position(), base, path, first.String()), c.Args[1:]...)
		}
		t.was[c.String()] = before
	}
}

// argument is argument k of a command, as a function gives it if that is not "".
func (t *templates) argument(a parse.Node, k int, with string) parse.Node {
	before := a.String()
	if inner, ok := a.(*parse.PipeNode); ok {
		t.pipe(inner)
	} else if base, path := t.takeApart(a); base != nil && k > 0 {
		a = pipe(lookup(a.Position(), base, path, before))
	}
	if with != "" && k > 0 {
		a = pipe([]parse.Node{parse.NewIdentifier(with).SetPos(a.Position()), a})
	}
	return a
}

// wrapper is the function through which a command gets its arguments: one that compares them gets those of types without
// methods, and one whose errors name their types has them noted.
func wrapper(c *parse.CommandNode) string {
	id, ok := c.Args[0].(*parse.IdentifierNode)
	switch {
	case ok && slices.Contains([]string{"eq", "ne", "lt", "le", "gt", "ge", "not"}, id.Ident):
		return plainFunc
	case ok && slices.Contains([]string{"index", "slice", "len"}, id.Ident):
		return notedFunc
	}
	return ""
}

// plainly is the command that gives the value before it without its type, if it is a number, text or truth.
func plainly(pos parse.Pos) *parse.CommandNode {
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{parse.NewIdentifier(plainFunc).SetPos(pos)}}
}

// takeApart gives what a node takes fields of, and the fields; nil for a node of another kind.
func (t *templates) takeApart(n parse.Node) (base parse.Node, path []string) {
	switch n := n.(type) {
	case *parse.FieldNode:
		return &parse.DotNode{NodeType: parse.NodeDot, Pos: n.Pos}, n.Ident
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return &parse.VariableNode{NodeType: parse.NodeVariable, Pos: n.Pos, Ident: n.Ident[:1]}, n.Ident[1:]
		}
	case *parse.ChainNode:
		if inner, ok := n.Node.(*parse.PipeNode); ok {
			t.pipe(inner)
		}
		return n.Node, n.Field
	}
	return nil, nil
}

// lookup is the call that finds the field, of which before is the text.
func lookup(pos parse.Pos, base parse.Node, path []string, before string) []parse.Node {
	text := func(s string) parse.Node {
		return &parse.StringNode{NodeType: parse.NodeString, Pos: pos, Quoted: fmt.Sprintf("%q", s), Text: s}
	}
	return []parse.Node{parse.NewIdentifier(memberFunc).SetPos(pos), base, text(strings.Join(path, ".")), text(before)}
}

func pipe(args []parse.Node) *parse.PipeNode {
	pos := args[0].Position()
	return &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{{NodeType: parse.NodeCommand, Pos: pos, Args: args}}}
}

// A memberError is the error of a field or method of a cell's type in a template.
type memberError struct {
	node string // as the template has it
	err  error
}

func (e *memberError) Error() string { return e.err.Error() }

func (e *memberError) Unwrap() error { return e.err }

// A toldError is an error of a template as it is without our commands in it.
type toldError struct {
	text string
	err  error
}

func (e *toldError) Error() string { return e.text }

func (e *toldError) Unwrap() error { return e.err }

// told is the error of a template with the nodes that it has for its author.
func (t *templates) told(err error) error {
	var failed text.ExecError
	if !errors.As(err, &failed) {
		return err
	}
	text := err.Error()
	before, rest, ok := strings.Cut(text, " at <")
	node, after, found := strings.Cut(rest, ">: ")
	if !ok || !found {
		return err
	}
	var member *memberError
	if errors.As(err, &member) {
		node, after = member.node, member.Error()
	} else {
		node, after = t.original(node), t.outside(after)
	}
	return &toldError{before + " at <" + node + ">: " + after, err}
}

// outside is a text without our commands and types.
func (t *templates) outside(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for now, was := range t.was {
		if now != was {
			text = strings.ReplaceAll(text, now, was)
		}
	}
	return strings.ReplaceAll(text, typeOf[box]().String(), t.last)
}

// original is the text of a node that was rewritten.
func (t *templates) original(node string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if was, ok := t.was[node]; ok {
		return was
	}
	if text, err := strconv.Unquote(node); err == nil && slices.Contains(slices.Collect(maps.Values(t.was)), text) { // an argument of ours
		return text
	}
	return node
}
