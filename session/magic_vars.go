package session

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

const varsHelp = `%vars
%vars car
	only those whose names have the word`

// varsMagic lists the variables.
func (s *Session) varsMagic(c *running, args string) error {
	var names, kinds, sizes, values []any
	for _, v := range s.engine.Variables() {
		if args != "" && !strings.Contains(strings.ToLower(v.Name), strings.ToLower(args)) {
			continue
		}
		names, kinds = append(names, v.Name), append(kinds, v.Shape.String())
		sizes, values = append(sizes, sizeOf(v.Value)), append(values, briefly(v))
	}
	if len(names) == 0 {
		c.out.Stream(kernel.Stdout, "no variables"+map[bool]string{true: " with " + args + " in their names"}[args != ""]+"\n")
		return nil
	}
	t := display.Table{Caption: count(len(names), "variable"), Total: len(names), Limit: len(names), Columns: []display.Column{
		display.NewColumn("name", "", names), display.NewColumn("type", "", kinds),
		display.NewColumn("size", "", sizes), display.NewColumn("value", "", values),
	}}
	c.out.Show(kernel.Display{Bundle: kernel.Bundle(t.Bundle())})
	return nil
}

// briefly is a value on one short line.
func briefly(v interp.Value) string {
	if !v.Value.IsValid() {
		return "nil"
	}
	switch x := v.Value.Interface().(type) {
	case cells.Frame:
		return x.String()
	case *cells.Collected:
		return count(x.Len(), "row")
	case *cells.Run:
		return "a live run"
	}
	switch v.Value.Kind() {
	case reflect.Slice, reflect.Map:
		if n := v.Value.Len(); n > 10 {
			return count(n, "element")
		}
	}
	return display.Line(v.Value, v.Shape)
}

// sizeOf is how much memory a value takes with all that it points to, as far as that is looked at.
func sizeOf(v reflect.Value) string {
	m := measure{seen: map[uintptr]bool{}, left: 20_000}
	n := int64(0)
	if v.IsValid() {
		n = int64(v.Type().Size()) + m.behind(v, 0)
	}
	if m.left <= 0 {
		return fmt.Sprintf("> %s", size(n))
	}
	return size(n)
}

// A measure adds up the memory behind values. It looks at so many of them at most.
type measure struct {
	seen map[uintptr]bool
	left int
}

// behind is the memory that a value refers to. Maps are not walked: something may be writing them.
func (m *measure) behind(v reflect.Value, depth int) int64 {
	if m.left--; m.left <= 0 || depth > 20 {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Slice:
		if v.IsNil() || !m.first(v.Pointer()) {
			return 0
		}
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + m.each(v, v.Len(), depth)
	case reflect.Array:
		return m.each(v, v.Len(), depth)
	case reflect.Map:
		return int64(v.Len()) * int64(v.Type().Key().Size()+v.Type().Elem().Size()+1)
	case reflect.Pointer:
		if v.IsNil() || !m.first(v.Pointer()) {
			return 0
		}
		return int64(v.Type().Elem().Size()) + m.behind(v.Elem(), depth+1)
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return int64(v.Elem().Type().Size()) + m.behind(v.Elem(), depth+1)
	case reflect.Struct:
		n := int64(0)
		for i := range v.NumField() {
			n += m.behind(v.Field(i), depth+1)
		}
		return n
	}
	return 0
}

func (m *measure) each(v reflect.Value, n, depth int) int64 {
	switch v.Type().Elem().Kind() {
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer, reflect.Interface, reflect.Struct:
	default:
		return 0
	}
	sum := int64(0)
	for i := 0; i < n && m.left > 0; i++ {
		sum += m.behind(v.Index(i), depth+1)
	}
	return sum
}

func (m *measure) first(at uintptr) bool {
	was := m.seen[at]
	m.seen[at] = true
	return !was
}
