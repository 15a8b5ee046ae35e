package interp

import (
	"go/types"
	"reflect"
	"slices"
)

// Variables implements Engine.
func (e *engine) Variables() []Value {
	e.checking.Lock()
	defer e.checking.Unlock()
	globals := e.yaegi.Globals()
	var out []Value
	for _, name := range e.session.Names() {
		v, ok := e.session.Lookup(name).(*types.Var)
		if !ok || v.Pkg() == e.session.Prelude() {
			continue
		}
		place, ok := e.program.Place(v)
		if !ok {
			continue
		}
		value := globals[place]
		for value.IsValid() && value.Kind() == reflect.Interface {
			value = value.Elem()
		}
		if value.IsValid() && value.CanInterface() {
			if b, ok := bare(value.Interface()).(box); ok {
				value = reflect.ValueOf(b.Value)
			}
		}
		out = append(out, Value{Name: name, Value: value, Type: v.Type(), Shape: e.shapeOf(v.Type())})
	}
	return out
}

// Forget implements Engine.
func (e *engine) Forget(keep []string) []string {
	e.checking.Lock()
	defer e.checking.Unlock()
	globals := e.yaegi.Globals()
	var places []string
	for _, name := range e.session.Names() {
		if v, ok := e.session.Lookup(name).(*types.Var); ok && v.Pkg() != e.session.Prelude() {
			if place, ok := e.program.Place(v); ok {
				places = append(places, place)
			}
		}
	}
	kept := e.session.Forget(keep)
	if len(kept) > 0 {
		return kept // functions that are kept may use what is forgotten
	}
	for _, p := range places {
		if v := globals[p]; v.IsValid() && v.CanSet() {
			v.SetZero() // so that its memory is free
		}
	}
	return kept
}

// Defines lists what a cell gives a name to: variables, functions, types, constants and packages.
func (r Result) Defines() []string {
	var out []string
	if r.Cell == nil {
		return nil
	}
	for _, v := range r.Cell.Vars {
		out = append(out, v.Name())
	}
	for _, d := range r.Cell.Decls {
		for _, o := range d.Objects {
			if !d.Again {
				out = append(out, o.Name())
			}
		}
	}
	for _, i := range r.Cell.Imports {
		out = append(out, i.Name())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
