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
func Value(v any) Bundle {
	if b, ok := bundled(v); ok {
		return b
	}
	switch x := v.(type) {
	case nil:
		return Text("nil")
	case Bundle:
		return x
	case string:
		return Text(cutText(VisibleLines(x)))
	case error:
		return Text(cutText(VisibleLines(Sprint(x))))
	case image.Image:
		return picture(x)
	case fmt.Stringer:
		return Text(cutText(VisibleLines(Sprint(x))))
	}
	if t, ok := tabular(reflect.ValueOf(v)); ok {
		return t
	}
	return Text(cutText(VisibleLines(spread(v))))
}

// bundled asks a value to show itself. A nil pointer that cannot is nil.
func bundled(v any) (b Bundle, ok bool) {
	s, is := v.(Bundler)
	if !is {
		return Bundle{}, false
	}
	defer func() {
		if r := recover(); r != nil {
			b, ok = Text(fmt.Sprintf("(%T: panic in its method Bundle: %s)", v, Visible(panicText(r)))), true
			if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
				b = Text("nil")
			}
		}
	}()
	return s.Bundle(), true
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
func spread(v any) string {
	s := Sprint(v)
	r := reflect.ValueOf(v)
	if width(s) <= lineWidth || len(s) > maxText {
		return s
	}
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if r.Kind() != reflect.Struct {
		return s
	}
	var b strings.Builder
	b.WriteString(r.Type().Name() + "{\n")
	p := printer{}
	for i := range r.NumField() {
		b.WriteString("  " + r.Type().Field(i).Name + ": " + p.value(r.Field(i), 1) + "\n")
	}
	return b.String() + "}"
}
