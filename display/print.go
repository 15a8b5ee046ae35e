package display

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// What of a nested value is printed.
const (
	maxDepth    = 8
	maxElements = 100     // of a slice, array or map
	lineWidth   = 100     // of what is kept on one line
	maxNested   = 8 << 10 // bytes, after which what follows is left out
)

// Sprint is a value on one line, much as Go would write it: strings are quoted
// within other values, maps are sorted, pointers are followed, a cycle is said
// to be one. Methods String and Error are used, and their panics are caught.
func Sprint(v any) string { return sprint(typed(v)) }

func sprint(v reflect.Value, t Type) string {
	p := printer{}
	return p.value(v, t, 0)
}

// typed is a value as reflection knows it.
func typed(v any) (reflect.Value, Type) {
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return r, nil
	}
	return r, TypeOf(r.Type())
}

// printer writes one value. on holds the pointers above the place it is at, told those of structs that were followed: in
// a tree whose nodes know each other, each is written once.
type printer struct {
	on, told map[visit]bool
	done     int
}

type visit struct {
	at   uintptr
	size int // of a slice: one and its first half are two things
	kind reflect.Type
}

func (p *printer) value(v reflect.Value, t Type, depth int) string {
	if v.IsValid() {
		v, t = t.Holds(v)
	}
	if !v.IsValid() {
		return "nil"
	}
	if p.done > maxNested || depth > maxDepth {
		return gap
	}
	if s, ok := t.Says(v); ok {
		p.done += len(s)
		return s
	}
	s := p.kind(v, t, depth)
	if depth > 0 && v.Kind() != reflect.Struct {
		p.done += min(len(s), 64) // what is inside has been counted
	}
	return s
}

func (p *printer) kind(v reflect.Value, t Type, depth int) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32:
		return strconv.FormatFloat(v.Float(), 'g', -1, 32)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case reflect.Complex64, reflect.Complex128:
		return fmt.Sprint(v.Complex())
	case reflect.String:
		return quoted(v.String(), depth)
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() {
			return "nil"
		}
		return p.once(v, t, depth)
	case reflect.Array:
		return p.list(v, t, depth)
	case reflect.Struct:
		return p.fields(v, t, depth)
	}
	return t.String() // func, chan, unsafe pointer
}

// once follows a reference, unless the value is inside itself.
func (p *printer) once(v reflect.Value, t Type, depth int) string {
	at := visit{v.Pointer(), 0, v.Type()}
	if v.Kind() == reflect.Slice {
		at.size = v.Len()
	}
	if p.on[at] {
		return "(cycle to " + t.String() + ")"
	}
	if p.on == nil {
		p.on, p.told = map[visit]bool{}, map[visit]bool{}
	}
	if v.Kind() == reflect.Pointer && len(p.on) > 1 {
		if p.told[at] {
			return "(" + t.String() + " above)"
		}
		p.told[at] = v.Elem().Kind() == reflect.Struct
	}
	p.on[at] = true
	defer delete(p.on, at)
	switch v.Kind() {
	case reflect.Map:
		return p.entries(v, t, depth)
	case reflect.Slice:
		return p.list(v, t, depth)
	}
	return "&" + p.value(v.Elem(), t.Elem(), depth)
}

func (p *printer) list(v reflect.Value, t Type, depth int) string {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return octets(v)
	}
	parts := make([]string, 0, min(v.Len(), maxElements)+1)
	for i := range v.Len() {
		if i == maxElements || p.done > maxNested {
			parts = append(parts, more(v.Len()-i))
			break
		}
		parts = append(parts, p.value(v.Index(i), t.Elem(), depth+1))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (p *printer) entries(v reflect.Value, t Type, depth int) string {
	keys := sortedKeys(v)
	parts := make([]string, 0, min(len(keys), maxElements)+1)
	for i, k := range keys {
		if i == maxElements || p.done > maxNested {
			parts = append(parts, more(len(keys)-i))
			break
		}
		parts = append(parts, p.value(k, t.Key(), depth+1)+": "+p.value(v.MapIndex(k), t.Elem(), depth+1))
	}
	return "map[" + strings.Join(parts, ", ") + "]"
}

func (p *printer) fields(v reflect.Value, t Type, depth int) string {
	fields := t.Fields()
	parts := make([]string, 0, len(fields))
	for i, f := range fields {
		if f.Name == "_" {
			continue
		}
		parts = append(parts, f.Name+": "+p.value(v.Field(i), f.Type, depth+1))
	}
	return nameOf(t) + "{" + strings.Join(parts, ", ") + "}"
}

func more(n int) string { return gap + " " + group(int64(n)) + " more" }

func quoted(s string, depth int) string {
	const most = 4 << 10
	if depth == 0 {
		return Visible(s)
	}
	if len(s) > most {
		return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + gap
	}
	return strconv.Quote(s)
}

// octets are bytes: in quotes if they are text, else in hexadecimal.
func octets(v reflect.Value) string {
	const most = 64
	b := make([]byte, min(v.Len(), most))
	reflect.Copy(reflect.ValueOf(b), v)
	s := fmt.Sprintf("%q", b)
	if strings.Contains(s, `\x`) {
		s = fmt.Sprintf("0x%x", b)
	}
	if v.Len() > most {
		s += gap + " " + group(int64(v.Len())) + " bytes"
	}
	return s
}

// own is what a value says of itself, by a method String or Error.
func own(v reflect.Value) (s string, ok bool) {
	if !v.CanInterface() || v.Kind() == reflect.Interface {
		return "", false
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return "nil", true
	}
	x := v.Interface()
	defer func() {
		if r := recover(); r != nil {
			s, ok = fmt.Sprintf("(%s: panic in its method: %s)", v.Type(), Visible(panicText(r))), true
		}
	}()
	switch x := x.(type) {
	case time.Time:
		return moment(x), true
	case error:
		return x.Error(), true
	case fmt.Stringer:
		return x.String(), true
	}
	return "", false
}

// panicText is what a panic said, safe against one in saying it.
func panicText(r any) (s string) {
	defer func() {
		if recover() != nil {
			s = "that cannot be shown"
		}
	}()
	return fmt.Sprint(r)
}

// moment is a time in full, with its zone.
func moment(t time.Time) string {
	layout := "2006-01-02 15:04:05.999999999 -07:00"
	name, offset := t.Zone()
	switch {
	case name == "UTC" && offset == 0:
		layout = "2006-01-02 15:04:05.999999999 UTC"
	case name != "" && name[0] != '+' && name[0] != '-':
		layout += " MST"
	}
	return t.Format(layout)
}

// Line is a value as its type knows it, on one line, to be cut by whoever shows it.
func Line(v reflect.Value, t Type) string {
	const most = 200
	s := Visible(sprint(v, t))
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + gap
	}
	return s
}
