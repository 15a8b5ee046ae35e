package row

import "strings"

// AppendFrom adds row i of a column to the end of one of the same kind. What it adds stands on its own: it does not point into records.
func (v *Vec) AppendFrom(o *Vec, i int) error { return v.take(o, i, strings.Clone) }

// Share adds row i as AppendFrom does, and its text is that of the other column: nobody can change it, as they can a list.
func (v *Vec) Share(o *Vec, i int) error {
	return v.take(o, i, func(s string) string { return s })
}

func (v *Vec) take(o *Vec, i int, text func(string) string) error {
	switch {
	case o.Kind == Null || o.IsNull(i):
		v.appendNull()
		return nil
	case v.Kind != o.Kind:
		return v.Append(own(o.Value(i)))
	case v.Kind == Float:
		v.Floats = append(v.Floats, o.Floats[i])
	case v.Kind == Bool:
		v.Bools = append(v.Bools, o.Bools[i])
	case v.Kind.inInts():
		v.Ints = append(v.Ints, o.Ints[i])
	case v.Kind == String || v.Kind == Bytes:
		v.Strs = append(v.Strs, text(o.Strs[i]))
	default:
		v.Anys = append(v.Anys, own(o.Anys[i]))
	}
	if v.Valid != nil {
		v.Valid = append(v.Valid, 1)
	}
	return nil
}

// own is a copy of a value that shares no memory with it.
func own(value any) any {
	switch x := value.(type) {
	case string:
		return strings.Clone(x)
	case []any, Object, []byte:
		out, _, err := ReadValue(AppendValue(nil, x))
		if err == nil {
			return out
		}
	}
	return value
}

// Copy makes the column the rows of another one, in the memory that it has.
func (v *Vec) Copy(o *Vec) {
	v.Kind = o.Kind
	v.Resize(o.Len())
	copy(v.Bools, o.Bools)
	copy(v.Ints, o.Ints)
	copy(v.Floats, o.Floats)
	copy(v.Strs, o.Strs)
	copy(v.Anys, o.Anys)
	if o.Valid != nil {
		v.Valid = append(v.Valid[:0], o.Valid...)
	}
}

// Nulls makes the column n nulls, in the memory that it has.
func (v *Vec) Nulls(n int) {
	valid := v.Valid
	v.Resize(n)
	clear(v.Bools)
	clear(v.Ints)
	clear(v.Floats)
	clear(v.Strs)
	v.Valid = resize(valid, n)
	clear(v.Valid)
}

// Take makes the column the rows of another one that sel names, in that order, in the memory that it has; a negative one is null.
func (v *Vec) Take(o *Vec, sel []int32) {
	v.Kind = o.Kind
	v.Resize(len(sel))
	switch {
	case v.Kind == Float:
		take(v.Floats, o.Floats, sel)
	case v.Kind == Bool:
		take(v.Bools, o.Bools, sel)
	case v.Kind.inInts():
		take(v.Ints, o.Ints, sel)
	case v.Kind == String || v.Kind == Bytes:
		take(v.Strs, o.Strs, sel)
	case v.Kind.Nested():
		take(v.Anys, o.Anys, sel)
	}
	if v.Kind == Null {
		return
	}
	for i, s := range sel {
		if s < 0 || o.IsNull(int(s)) {
			v.SetNull(i)
		}
	}
}

// take leaves what it cannot fill to be set to null.
func take[T any](dst, src []T, sel []int32) {
	for i, s := range sel {
		if s >= 0 {
			dst[i] = src[s]
		}
	}
}

// Keep leaves the rows that left names, which rise, and keeps the memory of the others for rows to come.
func (v *Vec) Keep(left []int32) {
	v.Bools, v.Ints, v.Floats = keep(v.Bools, left), keep(v.Ints, left), keep(v.Floats, left)
	v.Strs, v.Anys = keep(v.Strs, left), keep(v.Anys, left)
	if v.Valid != nil {
		v.Valid = keep(v.Valid, left)
	}
	if len(left) == 0 && v.Kind != Null {
		v.Valid = nil
	}
}

func keep[T any](of []T, left []int32) []T {
	if len(of) == 0 {
		return of
	}
	for to, from := range left {
		of[to] = of[from]
	}
	clear(of[len(left):])
	return of[:len(left)]
}
