package reflect

import (
	"fmt"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/types/typeutil"
)

// A Host knows the values of cells.
type Host interface {
	// Open is the value in a box and its type; ok is false for what is no box. It takes away what compiled interfaces are
	// wrapped in.
	Open(x any) (v any, t types.Type, ok bool)
	// Box is a value of a cell's type as interfaces hold it.
	Box(v any, t types.Type) any
	// Actual is the type that values of t have where variables of any hold them.
	Actual(t types.Type) (reflect.Type, bool)
	// Method is a method of a value of a cell's type.
	Method(v any, t types.Type, name string) (reflect.Value, bool)
	// Fit sets a variable to a value of its type, or of another form of it; an interface is given its methods.
	Fit(out reflect.Value, v any)
	// Import is a package that compiled types come from.
	Import(path string) (*types.Package, error)
	// Name is a type's name as Go's reflect has it, and Ours whether a cell's type is in it.
	Name(t types.Type) string
	Ours(t types.Type) bool
	// Speak prints a value as fmt does; hidden: of a field that is not exported.
	Speak(f fmt.State, verb rune, v reflect.Value, t types.Type, hidden bool)
}

// A Package is package reflect for the cells of one session.
type Package struct {
	host Host

	mu       sync.Mutex
	cells    typeutil.Map // types.Type -> *rtype
	compiled map[reflect.Type]*rtype
}

// New is the package over a host.
func New(h Host) *Package { return &Package{host: h, compiled: map[reflect.Type]*rtype{}} }

// Values are the functions and types of the package that are not Go's own.
func (p *Package) Values() map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for name, f := range map[string]any{
		"TypeOf": p.TypeOf, "ValueOf": p.ValueOf, "DeepEqual": p.DeepEqual, "Swapper": p.swapper,
		"New": p.newValue, "NewAt": p.newAt, "Zero": p.zero, "Indirect": indirect,
		"Append": appendTo, "AppendSlice": appendSlice, "Copy": copyTo, "Select": p.selectOne, "VisibleFields": visibleFields,
		"MakeSlice": p.makeSlice, "MakeMap": p.makeMap, "MakeMapWithSize": p.makeMapSized, "MakeChan": p.makeChan, "MakeFunc": p.makeFunc,
		"PointerTo": p.pointerTo, "PtrTo": p.pointerTo, "SliceOf": p.sliceOf, "ArrayOf": p.arrayOf, "MapOf": p.mapOf, "ChanOf": p.chanOf, "FuncOf": p.funcOf, "StructOf": p.structOf,
		"Type": (*Type)(nil), "Value": (*Value)(nil), "Method": (*Method)(nil), "StructField": (*StructField)(nil), "MapIter": (*MapIter)(nil), "SelectCase": (*SelectCase)(nil),
	} {
		out[name] = reflect.ValueOf(f)
	}
	return out
}

// TypeOf is the type of what an interface holds, nil if that is nil.
func (p *Package) TypeOf(x any) Type {
	if t := p.ValueOf(x).typ; t != nil {
		return t
	}
	return nil
}

// ValueOf is what an interface holds.
func (p *Package) ValueOf(x any) Value {
	v, t, ok := p.host.Open(x)
	if !ok && v == nil {
		return Value{}
	}
	return p.value(reflect.ValueOf(v), t)
}

// typ is the type t of cells, or nil, whose values are of type r here.
func (p *Package) typ(t types.Type, r reflect.Type) *rtype {
	if t != nil && !types.IsInterface(t) {
		if actual, ok := p.host.Actual(t); ok && r.Kind() == reflect.Interface {
			r = actual
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t == nil || !p.host.Ours(t) && !literal(t) {
		if p.compiled[r] == nil {
			p.compiled[r] = &rtype{Type: r, pkg: p}
		}
		return p.compiled[r]
	}
	return p.cell(t, r)
}

// kept is a type of the checker's that there may be no value of here.
func (p *Package) kept(t types.Type, r reflect.Type) *rtype {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cell(t, r)
}

func (p *Package) cell(t types.Type, r reflect.Type) *rtype {
	known, _ := p.cells.At(t).(*rtype)
	if known == nil {
		known = &rtype{Type: r, t: t, pkg: p}
		p.cells.Set(t, known)
	}
	return known
}

// literal reports whether a type is an interface with methods that has no name: it is any here.
func literal(t types.Type) bool {
	i, ok := types.Unalias(t).(*types.Interface)
	return ok && i.NumMethods() > 0
}

// value is v, of type t; it is in a variable of any if the interpreter has no other for it.
func (p *Package) value(v reflect.Value, t types.Type) Value {
	out := Value{Value: v}
	if !v.IsValid() && t == nil {
		return out
	}
	if t != nil && !types.IsInterface(t) && v.IsValid() && v.Kind() == reflect.Interface {
		out.place = v
		out.typ = p.typ(t, v.Type())
		if out.Value = v.Elem(); v.IsNil() {
			out.Value = reflect.Zero(out.typ.Type)
		}
		return out
	}
	out.typ = p.typ(t, v.Type())
	return out
}

// swapper is reflect.Swapper.
func (p *Package) swapper(slice any) func(i, j int) {
	return reflect.Swapper(p.ValueOf(slice).Value.Interface())
}
