package interp

import (
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/types/typeutil"
)

// A kind is a type of cells, as lowered code tells it by number, with its methods as functions of the receiver.
type kind struct {
	engine  *engine
	typ     types.Type
	actual  reflect.Type // where lowered code holds such values as any; else nil
	mu      sync.RWMutex
	methods map[string]reflect.Value
}

func (k *kind) method(name string) (reflect.Value, bool) {
	if k == nil {
		return reflect.Value{}, false
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	m, ok := k.methods[name]
	return m, ok
}

// says reports whether the type has a method that gives a text, such as String.
func (k *kind) says(name string) bool {
	m, ok := k.method(name)
	return ok && m.Type().NumIn() == 1 && m.Type().NumOut() == 1 && m.Type().Out(0).Kind() == reflect.String
}

// speaks reports whether values of the type say what they are.
func (k *kind) speaks() bool { return k.says("String") || k.says("Error") }

// kinds are the types that lowered code has numbered.
type kinds struct {
	mu   sync.RWMutex
	list []*kind
	by   typeutil.Map // types.Type -> *kind
}

// grow takes the types that a cell added.
func (s *kinds) grow(e *engine, all []types.Type) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range all[min(len(s.list), len(all)):] {
		s.list = append(s.list, s.keep(e, t))
	}
}

// keep is the kind of a type, which is one of the list or was made by reflection.
func (s *kinds) keep(e *engine, t types.Type) *kind {
	k, _ := s.by.At(t).(*kind)
	if k == nil {
		k = &kind{engine: e, typ: t, methods: map[string]reflect.Value{}}
		s.by.Set(t, k)
	}
	return k
}

// made is the kind of a type that reflection made or reached.
func (s *kinds) made(e *engine, t types.Type) *kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keep(e, t)
}

func (s *kinds) at(n int) *kind {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list[n]
}

// of is the kind of a type, or nil.
func (s *kinds) of(t types.Type) *kind {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k, _ := s.by.At(t).(*kind)
	return k
}

// teach keeps a method of a type.
func (e *engine) teach(n int, name string, method any) {
	k := e.kinds.at(n)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.methods[name] = reflect.ValueOf(method)
}

// said is what the method Error or String of a value of a cell's type says.
func (e *engine) said(v reflect.Value, t types.Type) (text string, ok bool) {
	k := e.kinds.of(t)
	for _, name := range []string{"Error", "String"} {
		if k.says(name) && v.CanInterface() {
			return box{v.Interface(), k}.call(name).(string), true
		}
	}
	return "", false
}

// zero is told the type of values that lowered code holds as any.
func (e *engine) zero(n int, v any) {
	k := e.kinds.at(n)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.actual = reflect.TypeOf(v)
}

// actualOf is the type that values of a type have here, if lowered code holds them as any.
func (e *engine) actualOf(t types.Type) (reflect.Type, bool) {
	k := e.kinds.of(t)
	if k == nil {
		return nil, false
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.actual, k.actual != nil
}
