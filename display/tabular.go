package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// tabular shows what has rows as a table: slices of structs, slices of maps with text keys, and maps.
func tabular(v reflect.Value, t Type) (Bundle, bool) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return listTable(v, t)
	case reflect.Map:
		if v.Len() == 0 {
			return Bundle{}, false
		}
		// A map in a console is best as Go writes it, if that is short.
		table, plain := mapTable(v, t), sprint(v, t)
		if width(plain) > lineWidth {
			plain = table.String()
		}
		return table.Bundle().With(MIMEText, plain), true
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return Bundle{}, false
		}
		return structTable(v, v.Elem(), t, t.Elem())
	case reflect.Struct:
		return structTable(v, v, t, t)
	}
	return Bundle{}, false
}

// structTable shows the fields of a struct below each other; in a console it is as Go writes the value.
func structTable(v, fields reflect.Value, t, of Type) (Bundle, bool) {
	var names, kinds, values []any
	for i, f := range of.Fields() {
		if f.Shown {
			names, kinds, values = append(names, f.Name), append(kinds, f.Type.String()), append(values, fieldText(fields.Field(i), f.Type))
		}
	}
	if len(names) == 0 {
		return Bundle{}, false
	}
	cols := []Column{NewColumn("field", "", names), NewColumn("type", "", kinds), goColumn("value", "", values)}
	table := Table{Columns: cols, Caption: t.String(), Total: len(names)}
	return table.Bundle().With(MIMEText, cutText(VisibleLines(spread(v, t)))), true
}

// fieldText is a field's value as text: values of several kinds stand in one column.
func fieldText(v reflect.Value, t Type) any {
	x := plainValue(v, t)
	if x == nil {
		return nil
	}
	if s, ok := x.(string); ok {
		return s
	}
	return Sprint(x)
}

func listTable(v reflect.Value, t Type) (Bundle, bool) {
	elem, kind := t.Elem(), v.Type().Elem()
	if kind.Kind() == reflect.Pointer && kind.Elem().Kind() == reflect.Struct && !elem.Speaks() {
		elem, kind = elem.Elem(), kind.Elem()
	}
	var cols []Column
	switch {
	case v.Len() == 0 || elem.Speaks():
		return Bundle{}, false
	case kind.Kind() == reflect.Struct:
		cols = structColumns(v, elem)
	case kind.Kind() == reflect.Map && kind.Key().Kind() == reflect.String:
		cols = keyColumns(v, elem)
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

func structColumns(list reflect.Value, t Type) []Column {
	rows := atEnds(list)
	var cols []Column
	for i, f := range t.Fields() {
		if !f.Shown {
			continue
		}
		values := make([]any, len(rows))
		for n, r := range rows {
			if r.Kind() == reflect.Struct {
				values[n] = plainValue(r.Field(i), f.Type)
			}
		}
		cols = append(cols, goColumn(f.Name, f.Type.String(), values))
	}
	return cols
}

// goColumn is a column of values of Go, some of which may be nil.
func goColumn(name, kind string, values []any) Column {
	c := NewColumn(name, kind, values)
	c.None = "nil"
	return c
}

func keyColumns(list reflect.Value, t Type) []Column {
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
			values[n] = plainValue(r.MapIndex(name), t.Elem())
		}
		cols = append(cols, NewColumn(name.String(), "", values))
	}
	return cols
}

func mapTable(m reflect.Value, t Type) Table {
	keys := sortedKeys(m)
	var shown, values []any
	for _, i := range atEndsOf(len(keys)) {
		shown = append(shown, plainValue(keys[i], t.Key()))
		values = append(values, plainValue(m.MapIndex(keys[i]), t.Elem()))
	}
	_, tail := Ends(len(keys), 0)
	return Table{Total: len(keys), Tail: tail, Columns: []Column{
		NewColumn("key", t.Key().String(), shown),
		goColumn("value", t.Elem().String(), values),
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

// plainValue is a value for a cell of a table: nil is null, a named type is what it is made of if it has no word of its
// own, and what is no number, text or time is printed.
func plainValue(v reflect.Value, t Type) any {
	if v.IsValid() {
		v, t = t.Holds(v)
	}
	if v.IsValid() && v.Kind() == reflect.Pointer && !v.IsNil() && !t.Speaks() {
		if k := v.Elem(); k.CanInt() || k.CanUint() || k.CanFloat() || k.Kind() == reflect.String {
			v, t = t.Elem().Holds(k)
		}
	}
	switch {
	case !v.IsValid(), nilable(v.Kind()) && v.IsNil():
		return nil
	case v.CanInterface():
		switch x := v.Interface().(type) {
		case time.Time, time.Duration:
			return x
		}
	}
	if text, ok := t.Says(v); ok {
		return text
	}
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.String:
		return v.String()
	}
	p := printer{}
	return p.value(v, t, 1)
}

func nilable(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return true
	}
	return false
}
