package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
)

// An emitter writes one function body, or one type.
type emitter struct {
	*Program
	home        *check.Session // whose positions and declarations
	info        *types.Info
	env         env
	rename      map[types.Object]string // local variables that must have another name
	frames      []frame                 // what encloses the statement, innermost last
	sig         *types.Signature        // of the function being written
	resultNames bool                    // its results have names
	self        types.Object            // the function being written, called directly
	impl        string                  // its name
	spot        *spot                   // where the function is; nil for one that is not a cell's
	ticks       *bool                   // set when the function counts turns
	guards      *[]guard                // where those of the expression go; nil: it must look by itself
	places      bool                    // the expression is assigned to, or its address is taken
	ranges      map[types.Object]reach  // what is known of the variables of the loops around
	vars        []string                // its results, if it defers
	defers      string                  // its list of deferred calls
	jumps       bool                    // the function has a goto
	slot        string                  // what a deferred call may recover, if the function calls recover
}

// with is the emitter for a type under another env.
func (e *emitter) with(v env) *emitter {
	c := *e
	c.env = v
	return &c
}

// placing is the emitter for what is assigned to.
func (e *emitter) placing() *emitter {
	c := *e
	c.places = true
	return &c
}

// valuing is the emitter for what is only read, also where the expression around it is assigned to.
func (e *emitter) valuing() *emitter {
	if !e.places {
		return e
	}
	c := *e
	c.places = false
	return &c
}

func (e *emitter) typeOf(x ast.Expr) types.Type { return e.subst(e.info.Types[x].Type) }

// object is what an identifier means.
func (e *emitter) object(id *ast.Ident) types.Object {
	if o := e.info.Uses[id]; o != nil {
		return o
	}
	return e.info.Defs[id]
}

// line makes the interpreter take what follows for the user's line. It keeps the cell in the line number: a file name
// would change where the interpreter looks for imports.
func (e *emitter) line(pos token.Pos) string {
	if !pos.IsValid() || e.home != e.session {
		return "\n//line :1:1\n"
	}
	p := e.home.Position(pos)
	e.at = p
	return fmt.Sprintf("\n//line :%d:%d\n", LineOf(p.Cell, p.Line), max(p.Column, 1))
}

// linesPerCell bounds the lines of a cell that are told apart in positions.
const linesPerCell = 100_000

// LineOf encodes a line of a cell as one number.
func LineOf(cell, line int) int { return cell*linesPerCell + min(line, linesPerCell-1) }

// PlaceOf is the inverse of LineOf.
func PlaceOf(n int) (cell, line int) { return n / linesPerCell, n % linesPerCell }

// constant writes a constant's value in its type.
func (e *emitter) constant(v constant.Value, t types.Type) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok { // an interface: the default type of the value
		return literal(v, defaultKind(v))
	}
	text, own := literal(v, b), e.typeText(t)
	if plainKinds[b.Kind()] && own == types.Default(b).String() {
		return text
	}
	return e.instance("const "+own+" "+text, "k", func(n string) { e.code.Vars += "var " + n + " " + own + " = " + e.initial(v, b) + "\n" })
}

// initial writes the value of a constant's variable: the interpreter has no constants of type complex64.
func (e *emitter) initial(v constant.Value, b *types.Basic) string {
	if b.Info()&types.IsComplex == 0 {
		return literal(v, b)
	}
	c := constant.ToComplex(v)
	return basic(b) + "(" + e.rt("Complex") + "(" + float(constant.Real(c)) + ", " + float(constant.Imag(c)) + "))"
}

// plainKinds are the types that a literal has by itself.
var plainKinds = map[types.BasicKind]bool{
	types.Int: true, types.Float64: true, types.String: true, types.Bool: true, types.UntypedInt: true, types.UntypedFloat: true,
	types.UntypedString: true, types.UntypedBool: true,
}

func defaultKind(v constant.Value) *types.Basic {
	switch v.Kind() {
	case constant.Bool:
		return types.Typ[types.Bool]
	case constant.String:
		return types.Typ[types.String]
	case constant.Float:
		return types.Typ[types.Float64]
	case constant.Complex:
		return types.Typ[types.Complex128]
	}
	return types.Typ[types.Int]
}

func literal(v constant.Value, b *types.Basic) string {
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return strconv.FormatBool(constant.BoolVal(v))
	case info&types.IsString != 0:
		return strconv.Quote(constant.StringVal(v))
	case info&types.IsInteger != 0:
		return constant.ToInt(v).ExactString()
	case info&types.IsFloat != 0:
		return float(constant.ToFloat(v))
	case info&types.IsComplex != 0:
		c := constant.ToComplex(v)
		return "complex(" + float(constant.Real(c)) + ", " + float(constant.Imag(c)) + ")"
	}
	return v.ExactString()
}

func float(v constant.Value) string {
	f, _ := constant.Float64Val(v)
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
