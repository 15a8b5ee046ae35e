package interp

import (
	"go/types"
	"reflect"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/vector"
	"github.com/riffle-stream/riffle/interp/formula"
	"github.com/riffle-stream/riffle/interp/lower"
)

// A Formula is what is known of a function that a cell gave to a method of the prelude's types.
type Formula struct {
	engine *engine
	site   lower.Site
	target formula.Target // what the function is, since it was given
	err    error          // why that is not known
	give   func(func(...any))
}

// Func is the function's body as columns, with the functions and variables that it uses as they are now; or why it
// is not known.
func (f *Formula) Func() (*vector.Func, error) {
	if f.err != nil {
		return nil, f.err
	}
	locals := map[*types.Var]reflect.Value{}
	if f.give != nil {
		f.give(func(values ...any) {
			for i, v := range values {
				locals[f.site.Locals[i]] = reflect.ValueOf(v)
			}
		})
	}
	f.engine.checking.Lock()
	defer f.engine.checking.Unlock()
	return f.engine.formulas().Read(f.target, locals)
}

// tell adds to the runtime what calls of methods that take functions become; see [lower.Program.Tell].
func (e *engine) tell(runtime map[string]reflect.Value) {
	runtime["Formula"] = reflect.ValueOf(e.formula)
	for method, f := range e.config.Prelude.Told {
		e.program.Tell(method)
		runtime[strings.ReplaceAll(method, ".", "_")] = f
	}
}

// formula is what is known of a function at a call of a method that takes it.
func (e *engine) formula(site int, give func(func(...any))) *Formula {
	e.checking.Lock()
	defer e.checking.Unlock()
	f := &Formula{engine: e, site: e.program.Site(site), give: give}
	f.target, f.err = e.formulas().Target(f.site.Arg, f.site.Info)
	return f
}

// formulas reads functions of the cells so far.
func (e *engine) formulas() *formula.Source {
	return &formula.Source{Session: e.session, Ran: e.history(), Func: e.native, Global: e.global}
}

// native is a function of a package.
func (e *engine) native(path, name string) (any, bool) {
	for _, set := range e.sets {
		if p, ok := set.Lookup(path); ok {
			v, ok := p.Values()[name]
			if !ok || v.Kind() != reflect.Func {
				return nil, false
			}
			return v.Interface(), true
		}
	}
	return nil, false
}

// global is the value of a variable of a cell.
func (e *engine) global(v *types.Var) (reflect.Value, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	now, ok := e.yaegi.Globals()[e.program.Name(v)]
	return now, ok
}
