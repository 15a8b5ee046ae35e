package reflect

import (
	"go/types"
	"iter"
	"reflect"
)

// MapKeys are the keys of a map, in no order.
func (v Value) MapKeys() []Value {
	keys := v.Value.MapKeys()
	out := make([]Value, len(keys))
	for i, k := range keys {
		out[i] = v.in(k, v.key)
	}
	return out
}

// key is the type of keys of a map of a cell's type.
func (v Value) key() types.Type { return v.typ.mapType().Key() }

// MapIndex is what a map has for a key, not valid if nothing.
func (v Value) MapIndex(key Value) Value {
	got := v.Value.MapIndex(key.as(real(v.typ.Key()), v.Value.Type().Key(), "reflect.Value.MapIndex"))
	if !got.IsValid() {
		return Value{}
	}
	return v.in(got, v.elem)
}

// SetMapIndex sets what a map has for a key; an elem that is not valid deletes it.
func (v Value) SetMapIndex(key, elem Value) {
	m := v.open("SetMapIndex")
	k := key.as(real(v.typ.Key()), m.Type().Key(), "reflect.Value.SetMapIndex")
	if !elem.IsValid() {
		m.SetMapIndex(k, reflect.Value{})
		return
	}
	m.SetMapIndex(k, elem.as(real(v.typ.Elem()), m.Type().Elem(), "reflect.Value.SetMapIndex"))
}

// MapIter is reflect.MapIter.
type MapIter struct {
	of   Value
	iter *reflect.MapIter
}

// MapRange goes through a map.
func (v Value) MapRange() *MapIter { return &MapIter{v, v.Value.MapRange()} }

// Next goes on to the next entry.
func (m *MapIter) Next() bool { return m.iter.Next() }

// Key is the entry's key.
func (m *MapIter) Key() Value { return m.of.in(m.iter.Key(), m.of.key) }

// Value is what the map has for it.
func (m *MapIter) Value() Value { return m.of.in(m.iter.Value(), m.of.elem) }

// Reset goes through another map.
func (m *MapIter) Reset(v Value) {
	m.of = v
	m.iter = &reflect.MapIter{}
	m.iter.Reset(v.Value)
}

// SetIterKey sets v to the entry's key.
func (v Value) SetIterKey(m *MapIter) { v.Set(m.Key()) }

// SetIterValue sets v to what the map has for it.
func (v Value) SetIterValue(m *MapIter) { v.Set(m.Value()) }

func appendTo(s Value, x ...Value) Value {
	out := s.open("Append")
	for _, one := range x {
		out = reflect.Append(out, one.as(real(s.typ.Elem()), out.Type().Elem(), "reflect.Append"))
	}
	return s.in(out, s.self)
}

func (v Value) self() types.Type { return v.typ.t }

func appendSlice(s, t Value) Value {
	return s.in(reflect.AppendSlice(s.open("AppendSlice"), t.as(s.typ, s.Value.Type(), "reflect.AppendSlice")), s.self)
}

func copyTo(to, from Value) int { return reflect.Copy(to.open("Copy"), from.open("Copy")) }

// Send sends x on a channel.
func (v Value) Send(x Value) {
	v.open("Send").Send(x.as(real(v.typ.Elem()), v.Value.Type().Elem(), "reflect.Value.Send"))
}

// TrySend sends x if that does not block.
func (v Value) TrySend(x Value) bool {
	return v.open("TrySend").TrySend(x.as(real(v.typ.Elem()), v.Value.Type().Elem(), "reflect.Value.TrySend"))
}

// Recv receives from a channel.
func (v Value) Recv() (Value, bool) {
	x, ok := v.open("Recv").Recv()
	return v.in(x, v.elem), ok
}

// TryRecv receives if that does not block.
func (v Value) TryRecv() (Value, bool) {
	x, ok := v.open("TryRecv").TryRecv()
	if !x.IsValid() {
		return Value{}, ok
	}
	return v.in(x, v.elem), ok
}

// SelectCase is reflect.SelectCase.
type SelectCase struct {
	Dir        reflect.SelectDir
	Chan, Send Value
}

func (p *Package) selectOne(cases []SelectCase) (int, Value, bool) {
	list := make([]reflect.SelectCase, len(cases))
	for i, c := range cases {
		list[i] = reflect.SelectCase{Dir: c.Dir, Chan: c.Chan.Value}
		if c.Dir == reflect.SelectSend {
			list[i].Send = c.Send.as(real(c.Chan.typ.Elem()), c.Chan.Value.Type().Elem(), "reflect.Select")
		}
	}
	i, got, ok := reflect.Select(list)
	if !got.IsValid() {
		return i, Value{}, ok
	}
	return i, cases[i].Chan.in(got, cases[i].Chan.elem), ok
}

// Seq goes through what one value of a for clause ranges over.
func (v Value) Seq() iter.Seq[Value] {
	switch v.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map, reflect.String, reflect.Chan, reflect.Func:
	default:
		return values(v.Value.Seq(), v.typ.pkg)
	}
	return func(yield func(Value) bool) {
		if v.Kind() == reflect.Map {
			for _, k := range v.MapKeys() {
				if !yield(k) {
					return
				}
			}
			return
		}
		values(v.Value.Seq(), v.typ.pkg)(yield)
	}
}

func values(seq iter.Seq[reflect.Value], p *Package) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		for x := range seq {
			if !yield(p.value(x, nil)) {
				return
			}
		}
	}
}

// Seq2 goes through what two values of a for clause range over.
func (v Value) Seq2() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		switch v.Kind() {
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				if !yield(v.typ.pkg.ValueOf(i), v.Index(i)) {
					return
				}
			}
		case reflect.Map:
			for m := v.MapRange(); m.Next(); {
				if !yield(m.Key(), m.Value()) {
					return
				}
			}
		default:
			for a, b := range v.Value.Seq2() {
				if !yield(v.typ.pkg.value(a, nil), v.typ.pkg.value(b, nil)) {
					return
				}
			}
		}
	}
}
