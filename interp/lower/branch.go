package lower

import (
	"go/ast"
	"go/token"
	"strings"
)

func (e *emitter) labeled(s *ast.LabeledStmt) string {
	text := e.stmt(s.Stmt, s.Label.Name)
	switch s.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return text // they put their label where it belongs
	}
	return s.Label.Name + ":\n" + text
}

func labelText(label string) string {
	if label == "" {
		return ""
	}
	return label + ":\n"
}

// branch writes break, continue, goto and fallthrough.
func (e *emitter) branch(s *ast.BranchStmt) string {
	if s.Tok == token.FALLTHROUGH || s.Tok == token.GOTO {
		return strings.TrimSpace(s.Tok.String() + " " + labelName(s.Label))
	}
	for i := len(e.frames) - 1; i >= 0; i-- {
		f := e.frames[i]
		if f.kind == inHeader {
			continue
		}
		target := s.Label != nil && f.label == s.Label.Name ||
			s.Label == nil && (f.kind != inSwitch || s.Tok == token.BREAK)
		if target {
			return e.jump(s, i)
		}
	}
	return strings.TrimSpace(s.Tok.String() + " " + labelName(s.Label))
}

// jump writes a break or continue of frame i.
func (e *emitter) jump(s *ast.BranchStmt, i int) string {
	f := e.frames[i]
	for k := len(e.frames) - 1; k > i; k-- {
		if e.frames[k].kind == inRangeFunc {
			return e.frames[k].fn.far(s)
		}
	}
	if f.kind == inRangeFunc {
		return "{ " + f.fn.turn(s.Tok == token.CONTINUE) + " }"
	}
	text := strings.TrimSpace(s.Tok.String() + " " + labelName(s.Label))
	if s.Tok == token.CONTINUE && f.post != "" {
		return "{ " + f.post + "; " + text + " }"
	}
	return text
}

func labelName(l *ast.Ident) string {
	if l == nil {
		return ""
	}
	return l.Name
}
