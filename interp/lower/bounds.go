package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// The interpreter's reflection says that an index is out of range, and not which, and of what length; it shifts by
// negative counts. So what may be out of range is looked at before: in front of the statement where that comes to the
// same, else in the condition it stands in, else by a call around the index. What a loop keeps in range is not.

// A guard is one such look: the operation may be done if ok holds, otherwise a call of the runtime panics.
type guard struct{ ok, bad string }

// before writes the guards as statements, which note first that the function is at s.
func (e *emitter) before(guards []guard, s ast.Stmt) string {
	var b strings.Builder
	at := ""
	if s != nil {
		at = fmt.Sprintf("%s = %d; ", e.spot.variable(), e.lineNumber(s.Pos()))
	}
	for _, g := range guards {
		fmt.Fprintf(&b, "if !(%s) { %s%s }\n", g.ok, at, g.bad)
	}
	return b.String()
}

// within writes a condition behind its guards.
func within(guards []guard, cond string) string {
	var b strings.Builder
	for _, g := range guards {
		fmt.Fprintf(&b, "(%s || %s) && ", g.ok, g.bad)
	}
	if b.Len() == 0 {
		return cond
	}
	return "(" + b.String() + cond + ")"
}

// guarding is the emitter for an expression whose guards go to list; nil for one that must look by itself.
func (e *emitter) guarding(list *[]guard) *emitter {
	c := *e
	c.guards = list
	return &c
}

// condition writes a condition that is evaluated again and again, or after a statement.
func (e *emitter) condition(x ast.Expr) string {
	if e.acts(x) {
		return e.guarding(nil).expr(x)
	}
	var list []guard
	text := e.guarding(&list).expr(x)
	return within(list, text)
}

// acts reports whether evaluating n, without the blocks of a statement, may do more than give values: then nothing may be
// looked at before it.
func (e *emitter) acts(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.BlockStmt:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			tv := e.info.Types[ast.Unparen(n.Fun)]
			found = found || !tv.IsType() && !tv.IsBuiltin()
		}
		return !found
	})
	return found
}

func (e *emitter) actsIn(x ast.Expr) bool { return e.acts(x) }

// plain reports whether x may be evaluated twice: it does nothing, and its own guards stand before those of what it is in.
func (e *emitter) plain(x ast.Expr) bool {
	if e.info.Types[x].Value != nil {
		return true
	}
	switch x := x.(type) {
	case *ast.Ident:
		return true
	case *ast.ParenExpr:
		return e.plain(x.X)
	case *ast.SelectorExpr:
		s := e.info.Selections[x]
		return s == nil || s.Kind() == types.FieldVal && e.plain(x.X)
	case *ast.IndexExpr:
		return e.plain(x.X) && e.plain(x.Index)
	case *ast.BinaryExpr:
		return (x.Op == token.ADD || x.Op == token.SUB || x.Op == token.MUL || x.Op == token.AND) && e.plain(x.X) && e.plain(x.Y)
	case *ast.CallExpr:
		fun := ast.Unparen(x.Fun)
		if len(x.Args) != 1 || !e.plain(x.Args[0]) {
			return false
		}
		return e.info.Types[fun].IsType() && isInteger(e.typeOf(fun)) && isInteger(e.typeOf(x.Args[0])) || e.info.Types[fun].IsBuiltin() && nameOf(fun).Name == "len"
	}
	return false
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isUnsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

// length is what len of an indexed value is, and whether the value is one that has an index at all.
func (e *emitter) length(x ast.Expr, text string) (string, bool) {
	switch t := deref(e.typeOf(x)).Underlying().(type) {
	case *types.Array:
		return fmt.Sprint(t.Len()), true
	case *types.Slice, *types.Basic:
		return "len(" + text + ")", true
	}
	return "", false
}

// index writes x[i].
func (e *emitter) index(x *ast.IndexExpr) string {
	text := e.indexed(x)
	if !e.places && e.heldIndex(x) {
		return e.readElement(x, text)
	}
	return text
}

// indexed writes x[i] of a slice, array or string.
func (e *emitter) indexed(x *ast.IndexExpr) string {
	if e.isInstance(x.X) {
		return e.function(x)
	}
	if e.info.Types[x].IsType() {
		return e.typ(e.info.Types[x].Type)
	}
	if m, ok := e.typeOf(x.X).Underlying().(*types.Map); ok {
		text := e.reading(x.X).operand(x.X)
		return text + "[" + e.valuing().mapKey(x.Index, m, e.none(x.X, text)) + "]"
	}
	text, i := e.reading(x.X).operand(x.X), e.valuing().expr(x.Index)
	length, ok := e.length(x.X, text)
	if !ok || e.inRange(x) {
		return text + "[" + i + "]"
	}
	if t := e.typeOf(x.Index); !types.Identical(types.Default(t), types.Typ[types.Int]) {
		i = "int(" + i + ")"
	}
	switch {
	case !e.plain(x.X):
		if _, isPtr := e.typeOf(x.X).Underlying().(*types.Pointer); e.places || isPtr {
			return text + "[" + i + "]"
		}
		return e.elementAt(x) + "(" + text + ", " + i + ")"
	case e.guards != nil && e.plain(x.Index):
		*e.guards = append(*e.guards, guard{e.between(x.Index, i, length), fmt.Sprintf("%s(%s, %s)", e.rt("BadIndex"), i, length)})
	default:
		i = fmt.Sprintf("%s(%s, %s)", e.rt("Index"), i, length)
	}
	return text + "[" + i + "]"
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// between writes 0 <= i < length, without what is known.
func (e *emitter) between(x ast.Expr, i, length string) string {
	below := i + " < " + length
	if e.natural(x) {
		return below
	}
	return "0 <= " + i + " && " + below
}

// natural reports whether an integer cannot be negative.
func (e *emitter) natural(x ast.Expr) bool {
	x = ast.Unparen(x)
	if v := e.info.Types[x].Value; v != nil {
		return constant.Sign(v) >= 0
	}
	if isUnsigned(e.typeOf(x)) {
		return true
	}
	if id, ok := x.(*ast.Ident); ok {
		_, ok := e.ranges[e.object(id)]
		return ok
	}
	return false
}

// elementAt is a function that gives one element of a value that may not be evaluated twice.
func (e *emitter) elementAt(x *ast.IndexExpr) string {
	t, elem := e.typeOf(x.X), e.typeText(e.typeOf(x))
	if e.heldElement(x.X) {
		elem = "interface{}"
	}
	return e.helper("element", t, "(s T, i int) "+elem+" { if i < 0 || i >= len(s) { "+e.rt("BadIndex")+"(i, len(s)) }; return s[i] }")
}

// slice writes x[low:high:max].
func (e *emitter) slice(x *ast.SliceExpr) string {
	var b strings.Builder
	text := e.reading(x.X).operand(x.X)
	in := e.valuing()
	low, high, max := in.bound(x.Low), in.bound(x.High), in.bound(x.Max)
	if _, ok := e.length(x.X, text); ok && (low != "" || high != "") {
		switch {
		case e.guards != nil && e.plain(x.X) && e.allPlain(x.Low, x.High, x.Max):
			*e.guards = append(*e.guards, e.sliceGuard(x, text, low, high, max))
		case max == "" && e.sliceable(x.X):
			return e.part(x.X) + "(" + text + ", " + orElse(low, "0") + ", " + orElse(high, "-1") + fmt.Sprintf(", %t)", x.High != nil)
		}
	}
	fmt.Fprintf(&b, "%s[%s:%s", text, low, high)
	if x.Slice3 {
		b.WriteString(":" + max)
	}
	return b.String() + "]"
}

func (e *emitter) sliceable(x ast.Expr) bool {
	_, isSlice := e.typeOf(x).Underlying().(*types.Slice)
	return isSlice || isString(e.typeOf(x))
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func (e *emitter) allPlain(list ...ast.Expr) bool {
	for _, x := range list {
		if x != nil && !e.plain(x) {
			return false
		}
	}
	return true
}

// bound writes one bound of a slice expression as an int, or "".
func (e *emitter) bound(x ast.Expr) string {
	if x == nil {
		return ""
	}
	text := e.expr(x)
	if !types.Identical(types.Default(e.typeOf(x)), types.Typ[types.Int]) {
		return "int(" + text + ")"
	}
	return text
}

// sliceGuard looks at the bounds of a slice expression.
func (e *emitter) sliceGuard(x *ast.SliceExpr, text, low, high, max string) guard {
	length, _ := e.length(x.X, text)
	limit, kind := length, "false"
	if _, ok := e.typeOf(x.X).Underlying().(*types.Slice); ok {
		limit, kind = "cap("+text+")", "true"
	}
	var ok []string
	top := orElse(high, length)
	if low != "" {
		if !e.natural(x.Low) {
			ok = append(ok, "0 <= "+low)
		}
		ok = append(ok, low+" <= "+top)
	}
	if high != "" && low == "" && !e.natural(x.High) {
		ok = append(ok, "0 <= "+high)
	}
	if high != "" {
		ok = append(ok, high+" <= "+orElse(max, limit))
	}
	if max != "" {
		ok = append(ok, max+" <= "+limit)
	}
	return guard{strings.Join(ok, " && "), fmt.Sprintf("%s(%s, %s, %s, %s, %s, %s)", e.rt("BadSlice"), orElse(low, "0"), top, orElse(max, "-1"), length, limit, kind)}
}

// part is a function that slices a value that may not be evaluated twice.
func (e *emitter) part(x ast.Expr) string {
	limit, kind := "len(s)", "false"
	if !isString(e.typeOf(x)) {
		limit, kind = "cap(s)", "true"
	}
	return e.helper("part", e.typeOf(x), "(s T, low, high int, given bool) T { if !given { high = len(s) }; if low < 0 || low > high || high > "+limit+" { "+
		e.rt("BadSlice")+"(low, high, -1, len(s), "+limit+", "+kind+") }; return s[low:high] }")
}

// shift writes the count of a shift, which must not be negative.
func (e *emitter) shift(y ast.Expr) string {
	text := e.expr(y)
	if _, ok := ast.Unparen(y).(*ast.BinaryExpr); ok && e.info.Types[y].Value == nil { // the interpreter takes 3 + n for one of the left side's type
		text = e.typeText(e.typeOf(y)) + "(" + text + ")"
	}
	switch {
	case e.natural(y):
	case e.guards != nil && e.plain(y):
		*e.guards = append(*e.guards, guard{text + " >= 0", e.rt("BadShift") + "()"})
	default:
		text = e.rt("Shift") + "(int(" + text + "))"
	}
	return text
}

// pointer writes what is dereferenced: to read what nil points to gives the interpreter no value, and no panic.
func (e *emitter) pointer(x ast.Expr) string {
	text := e.reading(x).expr(x)
	if !e.places && e.guards != nil && e.plain(x) {
		*e.guards = append(*e.guards, guard{text + " != nil", e.rt("BadPointer") + "()"})
	}
	return text
}
