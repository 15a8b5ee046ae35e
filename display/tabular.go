package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// tabular shows what has rows as a table: slices of structs, slices of maps with text keys, and maps.
func tabular(v reflect.Value) (Bundle, bool) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return listTable(v)
	case reflect.Map:
		if v.Len() == 0 {
			return Bundle{}, false
		}
		// A map in a console is best as Go writes it, if that is short.
		t, plain := mapTable(v), Sprint(v.Interface())
		if width(plain) > lineWidth {
			plain = t.String()
		}
		return t.Bundle().With(MIMEText, plain), true
	}
	return Bundle{}, false
}

func listTable(v reflect.Value) (Bundle, bool) {
	elem := v.Type().Elem()
	if elem.Kind() == reflect.Pointer && elem.Elem().Kind() == reflect.Struct {
		elem = elem.Elem()
	}
	var cols []Column
	switch {
	case v.Len() == 0 || speaks(elem) || speaks(reflect.PointerTo(elem)):
		return Bundle{}, false
	case elem.Kind() == reflect.Struct:
		cols = structColumns(v, elem)
	case elem.Kind() == reflect.Map && elem.Key().Kind() == reflect.String:
		cols = keyColumns(v)
	}
	if len(cols) == 0 {
		return Bundle{}, false
	}
	_, tail := Ends(v.Len(), 0)
	return Table{Columns: cols, Total: v.Len(), Tail: tail}.Bundle(), true
}

// speaks says whether values of a type show themselves, as times do.
func speaks(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[error]()) || t.Implements(reflect.TypeFor[Bundler]())
}

func structColumns(list reflect.Value, t reflect.Type) []Column {
	rows := atEnds(list)
	var cols []Column
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		values := make([]any, len(rows))
		for n, r := range rows {
			if r.Kind() == reflect.Struct {
				values[n] = r.Field(i).Interface()
			}
		}
		cols = append(cols, NewColumn(f.Name, f.Type.String(), plainValues(values)))
	}
	return cols
}

func keyColumns(list reflect.Value) []Column {
	rows := atEnds(list)
	seen := map[string]bool{}
	var names []reflect.Value
	for _, r := range rows {
		for _, k := range sortedKeys(r) {
			if !seen[k.String()] {
				seen[k.String()] = true
				names = append(names, k)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	cols := make([]Column, 0, len(names))
	for _, name := range names {
		values := make([]any, len(rows))
		for n, r := range rows {
			if x := r.MapIndex(name); x.IsValid() {
				values[n] = x.Interface()
			}
		}
		cols = append(cols, NewColumn(name.String(), "", plainValues(values)))
	}
	return cols
}

func mapTable(m reflect.Value) Table {
	keys := sortedKeys(m)
	var shown, values []any
	for _, i := range atEndsOf(len(keys)) {
		shown = append(shown, keys[i].Interface())
		values = append(values, m.MapIndex(keys[i]).Interface())
	}
	_, tail := Ends(len(keys), 0)
	return Table{Total: len(keys), Tail: tail, Columns: []Column{
		NewColumn("key", m.Type().Key().String(), plainValues(shown)),
		NewColumn("value", m.Type().Elem().String(), plainValues(values)),
	}}
}

// atEnds are the elements of a list that are shown, pointers followed; a nil one is the zero Value.
func atEnds(list reflect.Value) []reflect.Value {
	var rows []reflect.Value
	for _, i := range atEndsOf(list.Len()) {
		r := list.Index(i)
		if r.Kind() == reflect.Pointer {
			r = r.Elem()
		}
		rows = append(rows, r)
	}
	return rows
}

func atEndsOf(n int) []int {
	return slices.DeleteFunc(ends(n, MaxRows), func(i int) bool { return i < 0 })
}

// plainValues takes nil pointers for null, and values of named types for what they are made of if they have no word of their own.
func plainValues(values []any) []any {
	for i, v := range values {
		r := reflect.ValueOf(v)
		switch {
		case v == nil || speaks(r.Type()):
			if r.IsValid() && r.Kind() == reflect.Pointer && r.IsNil() {
				values[i] = nil
			}
		case r.Kind() == reflect.Pointer && r.IsNil():
			values[i] = nil
		case r.Kind() == reflect.Pointer && (r.Elem().CanInt() || r.Elem().CanFloat() || r.Elem().Kind() == reflect.String):
			values[i] = r.Elem().Interface()
		case r.CanInt():
			values[i] = r.Int()
		case r.CanFloat():
			values[i] = r.Float()
		case r.Kind() == reflect.String:
			values[i] = r.String()
		}
	}
	return values
}
