package row

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"time"
)

// State is what a stateful function keeps for one key: named values. It
// belongs to the key whose row the function is called with, and what the
// function sets is kept only if it returns without a panic.
type State struct {
	values []entry          // by name
	ends   map[string]lease // of values that are forgotten one day
	staged []change         // what this call set
	time   int64            // of the row, µs
	mark   int64            // how far time had come with it, µs
}

// entry is a value with its name.
type entry struct {
	name string
	item
}

// change is a value that a call set; none deletes it.
type change struct {
	entry
	lease // the zero lease: it is kept
}

// lease is for how long a value is there: for rows before end, µs, which is ttl
// after the row that set it. A row that comes later than ttl counts as that
// late; so the value is of no use when time is ttl beyond the end.
type lease struct{ end, ttl int64 }

// holds says whether a row of this time sees the value, when time has come as far as mark.
func (l lease) holds(time, mark int64) bool { return max(time, mark-l.ttl) < l.end }

// NewState is the state with these values, which are in order of their names as [State.Values] gives them.
func NewState(values Object) *State {
	s := &State{}
	for _, m := range values {
		it, ok := itemOf(m.Value)
		if !ok {
			it = item{kind: Any, any: m.Value}
		}
		s.values = append(s.values, entry{m.Name, it})
	}
	return s
}

// At tells the state of the row that it is used for next: its event time, and
// how far time had come with it, µs.
func (s *State) At(time, mark int64) { s.time, s.mark = time, mark }

// Value is a value of the state and whether there is one.
func (s *State) Value(name string) (any, bool) {
	it := s.find(name)
	if it == nil {
		return nil, false
	}
	return it.value(), true
}

// find is the item of that name, or nil.
func (s *State) find(name string) *item {
	for i := range s.staged {
		if m := &s.staged[i]; m.name == name {
			if m.kind == Null {
				return nil
			}
			return &m.item
		}
	}
	if len(s.ends) > 0 {
		if l, ok := s.ends[name]; ok && !l.holds(s.time, s.mark) {
			return nil
		}
	}
	for i := range s.values {
		if s.values[i].name == name {
			return &s.values[i].item
		}
	}
	return nil
}

// Has says whether the state has a value of that name.
func (s *State) Has(name string) bool { return s.find(name) != nil }

// Float is a number of the state, or def.
func (s *State) Float(name string, def float64) float64 {
	it := s.find(name)
	switch {
	case it == nil:
		return def
	case it.kind == Float:
		return math.Float64frombits(it.bits)
	case it.kind == Int:
		return float64(int64(it.bits))
	}
	panic(misread(name, it, def))
}

// Int is an integer of the state, or def.
func (s *State) Int(name string, def int64) int64 {
	it := s.find(name)
	switch {
	case it == nil:
		return def
	case it.kind == Int:
		return int64(it.bits)
	}
	panic(misread(name, it, def))
}

// Str is a string of the state, or def.
func (s *State) Str(name, def string) string {
	it := s.find(name)
	switch {
	case it == nil:
		return def
	case it.kind == String:
		return it.text
	}
	panic(misread(name, it, def))
}

// Bool is a bool of the state, or def.
func (s *State) Bool(name string, def bool) bool {
	it := s.find(name)
	switch {
	case it == nil:
		return def
	case it.kind == Bool:
		return it.bits != 0
	}
	panic(misread(name, it, def))
}

// Time is a time of the state, or def.
func (s *State) Time(name string, def time.Time) time.Time {
	it := s.find(name)
	if it == nil {
		return def
	}
	if t, ok := it.any.(time.Time); ok {
		return t
	}
	panic(misread(name, it, def))
}

func misread(name string, it *item, as any) *AccessError {
	return &AccessError{fmt.Sprintf("state %q is %s, read as %T", name, Describe(it.value()), as)}
}

// Set keeps a value: a number, string, bool, []byte, time or duration, or a
// []any or [Object] of these. Anything else panics with an [*AccessError].
func (s *State) Set(name string, value any) { s.set(name, value, lease{}) }

// SetTTL keeps a value as Set does, for rows whose event time is less than ttl
// after that of this one.
func (s *State) SetTTL(name string, value any, ttl time.Duration) {
	if ttl <= 0 {
		panic(&AccessError{fmt.Sprintf("state %q is to be kept for %s, want a time above zero", name, ttl)})
	}
	us := ttl.Microseconds()
	s.set(name, value, lease{max(s.time, s.mark-us) + us, us})
}

func (s *State) set(name string, value any, l lease) {
	it, ok := itemOf(value)
	if !ok {
		panic(unkept(name, reflect.TypeOf(value)))
	}
	s.stage(name, it, l)
}

func unkept(name string, t reflect.Type) *AccessError {
	what := "null"
	if t != nil {
		what = t.String()
	}
	return &AccessError{fmt.Sprintf("state %q cannot keep %s, want a number, string, bool, []byte, time, duration or list", name, what)}
}

// Del forgets a value.
func (s *State) Del(name string) { s.stage(name, item{}, lease{}) }

func (s *State) stage(name string, it item, l lease) {
	for i := range s.staged {
		if s.staged[i].name == name {
			s.staged[i].item, s.staged[i].lease = it, l
			return
		}
	}
	s.staged = append(s.staged, change{entry{name, it}, l})
}

// Keep makes what was set since the last Keep or Discard part of the state,
// and says whether that was anything.
func (s *State) Keep() bool {
	changed := len(s.staged) > 0
	for i := range s.staged {
		s.keep(&s.staged[i])
	}
	s.staged = s.staged[:0]
	return changed
}

// Expire forgets the values that no row can see any more, and says whether there were any.
func (s *State) Expire() bool {
	gone := false
	for name, l := range s.ends {
		if l.end+l.ttl <= s.mark {
			s.keep(&change{entry: entry{name: name}})
			gone = true
		}
	}
	return gone
}

// NextEnd is how far time has to come for Expire to forget something, µs, and
// whether there is anything to forget.
func (s *State) NextEnd() (mark int64, ok bool) {
	mark = math.MaxInt64
	for _, l := range s.ends {
		mark = min(mark, l.end+l.ttl)
	}
	return mark, len(s.ends) > 0
}

// Ends are when values are forgotten, by name.
func (s *State) Ends() Object {
	var out Object
	for _, name := range slices.Sorted(maps.Keys(s.ends)) {
		out = append(out, Member{name, []any{s.ends[name].end, s.ends[name].ttl}})
	}
	return out
}

// Ending sets when values are forgotten, as Ends gave it; false: it is of no use.
func (s *State) Ending(ends Object) bool {
	for _, m := range ends {
		l, _ := m.Value.([]any)
		if len(l) != 2 {
			return false
		}
		end, ok := l[0].(int64)
		ttl, fine := l[1].(int64)
		if !ok || !fine || ttl <= 0 {
			return false
		}
		s.keepEnd(m.Name, lease{end, ttl})
	}
	return true
}

func (s *State) keepEnd(name string, l lease) {
	if l.ttl == 0 {
		delete(s.ends, name)
		return
	}
	if s.ends == nil {
		s.ends = map[string]lease{}
	}
	s.ends[name] = l
}

// keep puts one value in its place by name, so that equal states have equal bytes.
func (s *State) keep(m *change) {
	if s.ends != nil || m.ttl != 0 {
		s.keepEnd(m.name, m.lease)
	}
	at := 0
	for at < len(s.values) && s.values[at].name < m.name {
		at++
	}
	found := at < len(s.values) && s.values[at].name == m.name
	switch {
	case found && m.kind == Null:
		s.values = slices.Delete(s.values, at, at+1)
	case found:
		s.values[at].item = m.item
	case m.kind != Null:
		s.values = slices.Insert(s.values, at, m.entry)
	}
}

// Discard forgets what was set since the last Keep.
func (s *State) Discard() { s.staged = s.staged[:0] }

// Values are the kept values, by name.
func (s *State) Values() Object {
	var out Object
	for i := range s.values {
		out = append(out, Member{s.values[i].name, s.values[i].value()})
	}
	return out
}
