package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"reflect"
	"strings"
)

// Value shows any Go value: a [Bundler] as it says, a picture as PNG, slices
// of structs and maps as tables, anything else as text; what is too big is
// cut, with a note. A panic in a method of the value is shown in its place.
func Value(v any) Bundle { return Typed(typed(v)) }

// Typed is [Value] of a value whose type tells more of it than reflection knows.
func Typed(v reflect.Value, t Type) Bundle {
	if v.IsValid() {
		v, t = t.Holds(v)
	}
	if !v.IsValid() {
		return Text("nil")
	}
	if b, ok := itself(v); ok {
		return b
	}
	if s, ok := t.Says(v); ok {
		return Text(cutText(VisibleLines(s)))
	}
	if v.Kind() == reflect.String {
		return Text(cutText(VisibleLines(v.String())))
	}
	if b, ok := tabular(v, t); ok {
		return b
	}
	return Text(cutText(VisibleLines(spread(v, t))))
}

// itself is a value that says how it is shown, or is a picture.
func itself(v reflect.Value) (Bundle, bool) {
	if !v.CanInterface() {
		return Bundle{}, false
	}
	switch x := v.Interface().(type) {
	case Bundle:
		return x, true
	case Bundler:
		return bundled(x), true
	case image.Image:
		return picture(x), true
	}
	return Bundle{}, false
}

// bundled asks a value to show itself. A nil pointer that cannot is nil.
func bundled(v Bundler) (b Bundle) {
	defer func() {
		if r := recover(); r != nil {
			b = Text(fmt.Sprintf("(%T: panic in its method Bundle: %s)", v, Visible(panicText(r))))
			if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
				b = Text("nil")
			}
		}
	}()
	return v.Bundle()
}

// maxPixels is the size of a picture that is encoded as it is; 16 million take two seconds.
const maxPixels = 16 << 20

func picture(m image.Image) (b Bundle) {
	defer func() {
		if r := recover(); r != nil {
			b = Text(fmt.Sprintf("(%T: panic in its methods: %s)", m, Visible(panicText(r))))
		}
	}()
	size := m.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 {
		return Text(fmt.Sprintf("picture without pixels, %d x %d", size.X, size.Y))
	}
	if size.X > maxPixels/size.Y {
		return Text(fmt.Sprintf("picture, %d x %d: too big to show, scale it to at most %s pixels", size.X, size.Y, group(maxPixels)))
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, m); err != nil {
		return Text("picture that cannot be encoded: " + err.Error())
	}
	return PNG(buf.Bytes())
}

// spread is a value on one line if it fits, else with a line for each of its parts.
func spread(v reflect.Value, t Type) string {
	s := sprint(v, t)
	if width(s) <= lineWidth || len(s) > maxText {
		return s
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v, t = t.Elem().Holds(v.Elem())
	}
	if v.Kind() != reflect.Struct {
		return s
	}
	var b strings.Builder
	b.WriteString(nameOf(t) + "{\n")
	p := printer{}
	for i, f := range t.Fields() {
		b.WriteString("  " + f.Name + ": " + p.value(v.Field(i), f.Type, 1) + "\n")
	}
	return b.String() + "}"
}
