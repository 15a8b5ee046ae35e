package row

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// State is what a stateful function keeps for one key: named values. It
// belongs to the key whose row the function is called with, and what the
// function sets is kept only if it returns without a panic.
type State struct {
	values Object
	staged Object // what this call set; a nil Value deletes
}

// NewState is the state with these values, which are in order of their names as [State.Values] gives them.
func NewState(values Object) *State { return &State{values: values} }

// Value is a value of the state and whether there is one.
func (s *State) Value(name string) (any, bool) {
	if v, ok := s.staged.Get(name); ok {
		return v, v != nil
	}
	return s.values.Get(name)
}

// Has says whether the state has a value of that name.
func (s *State) Has(name string) bool {
	_, ok := s.Value(name)
	return ok
}

// Float is a number of the state, or def.
func (s *State) Float(name string, def float64) float64 {
	v, ok := s.Value(name)
	if n, isInt := v.(int64); isInt {
		return float64(n)
	}
	return stored(name, v, ok, def)
}

// Int is an integer of the state, or def.
func (s *State) Int(name string, def int64) int64 {
	v, ok := s.Value(name)
	return stored(name, v, ok, def)
}

// Str is a string of the state, or def.
func (s *State) Str(name, def string) string {
	v, ok := s.Value(name)
	return stored(name, v, ok, def)
}

// Bool is a bool of the state, or def.
func (s *State) Bool(name string, def bool) bool {
	v, ok := s.Value(name)
	return stored(name, v, ok, def)
}

// Time is a time of the state, or def.
func (s *State) Time(name string, def time.Time) time.Time {
	v, ok := s.Value(name)
	return stored(name, v, ok, def)
}

func stored[T any](name string, v any, ok bool, def T) T {
	if !ok {
		return def
	}
	if x, isT := v.(T); isT {
		return x
	}
	panic(&AccessError{fmt.Sprintf("state %q is %s, read as %T", name, Describe(v), def)})
}

// Set keeps a value: a number, string, bool, []byte, time or duration, or a
// []any or [Object] of these. Anything else panics with an [*AccessError].
func (s *State) Set(name string, value any) {
	v := Normal(value)
	if v == nil || KindOf(v) == Any {
		panic(&AccessError{fmt.Sprintf("state %q cannot keep %s, want a number, string, bool, []byte, time, duration or list", name, Describe(v))})
	}
	s.stage(name, v)
}

// Del forgets a value.
func (s *State) Del(name string) { s.stage(name, nil) }

func (s *State) stage(name string, v any) {
	for i := range s.staged {
		if s.staged[i].Name == name {
			s.staged[i].Value = v
			return
		}
	}
	s.staged = append(s.staged, Member{name, v})
}

// Keep makes what was set since the last Keep or Discard part of the state,
// and says whether that was anything.
func (s *State) Keep() bool {
	changed := len(s.staged) > 0
	for _, m := range s.staged {
		s.keep(m)
	}
	s.staged = s.staged[:0]
	return changed
}

// keep puts one value in its place by name, so that equal states have equal bytes.
func (s *State) keep(m Member) {
	at, found := slices.BinarySearchFunc(s.values, m.Name, func(o Member, name string) int { return strings.Compare(o.Name, name) })
	switch {
	case found && m.Value == nil:
		s.values = slices.Delete(s.values, at, at+1)
	case found:
		s.values[at].Value = m.Value
	case m.Value != nil:
		s.values = slices.Insert(s.values, at, m)
	}
}

// Discard forgets what was set since the last Keep.
func (s *State) Discard() { s.staged = s.staged[:0] }

// Values are the kept values, by name.
func (s *State) Values() Object { return s.values }
