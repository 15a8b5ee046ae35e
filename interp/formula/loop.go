package formula

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// maxTurns bounds a loop: each turn is read for itself.
const maxTurns = 64

// An exit is a loop or switch that is being read.
type exit struct {
	loop           bool
	left, advanced []leaving // by break, by continue
}

// A leaving is where rows have left: which, and the variables then.
type leaving struct {
	rows vector.Value
	vars map[types.Object]operand
}

// within reads what break leaves.
func (b *body) within(loop bool, read func(*exit)) {
	e := &exit{loop: loop}
	b.exits = append(b.exits, e)
	read(e)
	b.exits = b.exits[:len(b.exits)-1]
	b.join(e.left)
}

// join goes on with rows that had left.
func (b *body) join(list []leaving) {
	for _, l := range list {
		for o, v := range b.vars {
			was, ok := l.vars[o]
			switch {
			case !ok || was == v:
			case b.f.Is(b.live, false):
				b.vars[o] = was
			default:
				b.vars[o] = b.choose(l.rows, was, v)
			}
		}
		b.live = b.f.Or(b.live, l.rows)
	}
}

// jump reads break and continue.
func (b *body) jump(s *ast.BranchStmt) {
	if s.Label != nil && s.Tok != token.GOTO {
		b.refuse(s, "has a label")
	}
	for i := len(b.exits) - 1; i >= 0; i-- {
		e := b.exits[i]
		switch l := (leaving{b.live, maps.Clone(b.vars)}); {
		case s.Tok == token.BREAK:
			e.left = append(e.left, l)
		case s.Tok == token.CONTINUE && e.loop:
			e.advanced = append(e.advanced, l)
		default:
			continue
		}
		b.live = b.f.Const(false)
		return
	}
	b.refuse(s, "has a %s", s.Tok)
}

// turn reads a loop's body once.
func (b *body) turn(e *exit, list []ast.Stmt) {
	e.advanced = nil
	b.block(list)
	b.join(e.advanced)
}

// loop reads a loop whose turns do not depend on the row.
func (b *body) loop(s *ast.ForStmt) {
	b.stmt(s.Init)
	b.within(true, func(e *exit) {
		for turn := 0; !b.f.Is(b.live, false); turn++ {
			if s.Cond == nil || turn > maxTurns {
				b.refuse(s, "has a loop of more than %d turns", maxTurns)
			}
			on := b.expr(s.Cond).value
			if b.f.Is(on, false) {
				return
			}
			if !b.f.Is(on, true) {
				b.refuse(s, "has a loop whose turns depend on the row")
			}
			b.turn(e, s.Body.List)
			b.unless(func() { b.stmt(s.Post) })
		}
	})
}

// ranged reads a loop over a number of turns or a list.
func (b *body) ranged(s *ast.RangeStmt) {
	var list []operand
	if k, ok := kindOf(b.info.TypeOf(s.X)); ok && k == row.Int {
		n, fixed := b.f.Int(b.expr(s.X).value)
		if !fixed || n > maxTurns {
			b.refuse(s, "has a loop of more than %d turns, or as the row says", maxTurns)
		}
		list = make([]operand, max(n, 0))
	} else if t := b.info.TypeOf(s.X).Underlying(); !listed(t) {
		b.refuse(s, "has a loop over a %s", typeName(t))
	} else {
		p := b.expr(s.X).parts
		if p == nil || p.at != nil {
			b.refuse(s, "has a loop over a list that the row decides")
		}
		list = p.list
	}
	b.within(true, func(e *exit) {
		for i, v := range list {
			b.unless(func() {
				b.entry(s, s.Key, operand{value: b.f.Const(int64(i))})
				b.entry(s, s.Value, v)
				b.turn(e, s.Body.List)
			})
		}
	})
}

// entry sets a variable of a range clause.
func (b *body) entry(s *ast.RangeStmt, x ast.Expr, v operand) {
	if x != nil {
		b.set(x, v)
	}
}

func listed(t types.Type) bool {
	switch t.(type) {
	case *types.Slice, *types.Array:
		return true
	}
	return false
}
