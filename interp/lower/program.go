// Package lower writes checked cells as the Go that the interpreter runs rightly. Its nouns are Program, the names and
// instances that exist in the interpreter so far, and Code, what one cell becomes.
//
// Every expression is printed from its type and its object, never from its text. So a constant is its value, a name is
// the version of the variable it means, a generic function is the instance for its types, an alias is what it stands
// for, and a method call is a call of the method's function. What the interpreter lacks is written with what it has.
//
// A function lives in a variable of its type: redefining it is an assignment that callers, closures and running
// goroutines see. A method is such a function. What an interface holds of a cell's type is boxed with its type, by which
// the host finds the methods.
package lower

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/riffle-stream/riffle/interp/check"
	"github.com/riffle-stream/riffle/interp/source"
)

// mark is in every name of ours and in none of the user's: a letter that nobody types.
const mark = "ᐧ"

// RuntimePath is the import path of the functions in Runtime, which the host provides.
const RuntimePath = "riffle/runtime"

// runtimeName is what generated code calls them by.
const runtimeName = "rt" + mark

// A Program is what the interpreter has been given.
type Program struct {
	session *check.Session
	library *check.Library // sources of generic packages

	names     map[types.Object]string // in the interpreter: variables, functions (their variable), types
	instances map[string]string       // of generics and local types, by key
	generic   map[types.Object][]instance
	imports   map[string]string // import path -> name
	libraries map[string]*check.Session
	serial    int
	context   *types.Context
	aliases   map[string]bool // type names taken without a mark

	spots map[int]string // functions by their number in traces: the user's names

	tells map[string]bool // methods that are told of functions
	sites []Site

	kinds   []types.Type    // by number
	numbers map[string]int  // by the key of the type
	at      source.Position // the statement being written
	setup   string          // what the cell does first

	code *Code // being written
	undo []func()
	todo []func() // declarations to be written yet
}

// New returns an empty program. library has the sources of packages with generic parts.
func New(session *check.Session, library *check.Library) *Program {
	return &Program{
		session: session, library: library, names: map[types.Object]string{}, instances: map[string]string{}, generic: map[types.Object][]instance{},
		imports: map[string]string{}, libraries: map[string]*check.Session{}, context: types.NewContext(), aliases: map[string]bool{}, spots: map[int]string{}, numbers: map[string]int{}, tells: map[string]bool{},
	}
}

// Code is a cell for the interpreter: four groups of declarations, to be evaluated in this order, and the name of the
// function that runs the cell.
type Code struct {
	Imports, Types, Vars, Funcs string
	Run                         string
	Paths                       []string // what Imports imports
	Notes                       []string // where the interpreter is not as exact as compiled Go
}

// An Error says what the interpreter cannot do, and in which statement.
type Error struct {
	Reason string
	At     source.Position
}

func (e *Error) Error() string { return e.Reason }

// fail leaves the lowering; Cell turns it into an error.
func fail(format string, args ...any) { panic(&Error{Reason: fmt.Sprintf(format, args...)}) }

// Undo takes back the last Cell: its code did not reach the interpreter.
func (p *Program) Undo() {
	for i := len(p.undo) - 1; i >= 0; i-- {
		p.undo[i]()
	}
	p.undo = nil
}

// Name is where the interpreter keeps a variable, or "".
func (p *Program) Name(v *types.Var) string { return p.names[p.session.Canon(v)] }

func (p *Program) fresh(base string) string {
	p.serial++
	return fmt.Sprintf("%s%s%d", base, mark, p.serial)
}

// setName names an object until Undo.
func (p *Program) setName(o types.Object, name string) {
	p.names[o] = name
	p.undo = append(p.undo, func() { delete(p.names, o) })
}

// instance returns the name for a key, and calls declare once for a new one.
func (p *Program) instance(key, base string, declare func(name string)) string {
	if n, ok := p.instances[key]; ok {
		return n
	}
	n := p.fresh(base)
	p.instances[key] = n
	p.undo = append(p.undo, func() { delete(p.instances, key) })
	p.todo = append(p.todo, func() { declare(n) })
	return n
}

// pkg returns the name under which a package is imported, importing it if need be.
func (p *Program) pkg(path string) string {
	if n, ok := p.imports[path]; ok {
		return n
	}
	n := path[strings.LastIndexByte(path, '/')+1:]
	n = p.fresh(strings.NewReplacer("-", "_", ".", "_").Replace(n))
	if path == RuntimePath {
		n = runtimeName
	}
	p.imports[path] = n
	p.undo = append(p.undo, func() { delete(p.imports, path) })
	p.code.Paths = append(p.code.Paths, path)
	p.code.Imports += fmt.Sprintf("import %s %q\n", n, path)
	return n
}

// rt is a function of the runtime.
func (p *Program) rt(name string) string { return p.pkg(RuntimePath) + "." + name }

// global reports whether o is declared at package level in a cell or in a library source.
func (p *Program) global(o types.Object) bool {
	return p.session.Global(o) || p.owner(o) != nil
}

// owner is the library that declares o, or nil.
func (p *Program) owner(o types.Object) *check.Session {
	for _, l := range p.libraries {
		if l.Global(o) {
			return l
		}
	}
	return nil
}
