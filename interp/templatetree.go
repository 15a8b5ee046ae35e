package interp

import (
	"errors"
	"fmt"
	"slices"
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
		compares := comparing(c)
		if compares && i > 0 {
			p.Cmds = slices.Insert(p.Cmds, i, plainly(c.Position()))
			i++
		}
		for k, a := range c.Args {
			c.Args[k] = t.argument(a, k, compares)
		}
		// The arguments behind a field are those of the method that it is.
		if base, path := t.takeApart(c.Args[0]); base != nil {
			first := c.Args[0]
			c.Pos, c.Args = first.Position(), append(lookup(first.Position(), base, path, first.String()), c.Args[1:]...)
		}
		t.was[c.String()] = before
	}
}

// argument is argument k of a command.
func (t *templates) argument(a parse.Node, k int, compared bool) parse.Node {
	before := a.String()
	if inner, ok := a.(*parse.PipeNode); ok {
		t.pipe(inner)
	} else if base, path := t.takeApart(a); base != nil && k > 0 {
		a = pipe(lookup(a.Position(), base, path, before))
	}
	if compared && k > 0 {
		a = pipe([]parse.Node{parse.NewIdentifier(plainFunc).SetPos(a.Position()), a})
	}
	return a
}

// comparing reports whether a command compares its arguments: then they are those of a type without methods.
func comparing(c *parse.CommandNode) bool {
	id, ok := c.Args[0].(*parse.IdentifierNode)
	return ok && slices.Contains([]string{"eq", "ne", "lt", "le", "gt", "ge", "not"}, id.Ident)
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
		node = t.original(node)
	}
	return &toldError{before + " at <" + node + ">: " + after, err}
}

// original is the text of a node that was rewritten.
func (t *templates) original(node string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if was, ok := t.was[node]; ok {
		return was
	}
	return node
}
