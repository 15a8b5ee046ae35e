package interp

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/interp/lower"
)

// ours reports whether the host must look after values of type t itself.
func (e *engine) ours(t types.Type) bool { return lower.Ours(t) }

// goName is a type's name as reflection tells it in a compiled program.
func goName(t types.Type) string {
	var b typeName
	b.write(t, false)
	return b.String()
}

// A typeName is the name of a type being written.
type typeName struct{ strings.Builder }

// write writes a type; between the brackets of a generic type packages have their whole path.
func (b *typeName) write(t types.Type, bracketed bool) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		b.WriteString(basicName(t))
	case *types.Named:
		b.named(t, bracketed)
	case *types.Pointer:
		b.of("*", t.Elem(), bracketed)
	case *types.Slice:
		b.of("[]", t.Elem(), bracketed)
	case *types.Array:
		b.of("["+strconv.FormatInt(t.Len(), 10)+"]", t.Elem(), bracketed)
	case *types.Map:
		b.of("map[", t.Key(), bracketed)
		b.of("]", t.Elem(), bracketed)
	case *types.Chan:
		b.channel(t, bracketed)
	case *types.Signature:
		b.WriteString("func")
		b.signature(t, bracketed)
	case *types.Struct:
		b.structure(t, bracketed)
	case *types.Interface:
		b.face(t, bracketed)
	default:
		b.WriteString(t.String())
	}
}

func (b *typeName) of(before string, t types.Type, bracketed bool) {
	b.WriteString(before)
	b.write(t, bracketed)
}

func basicName(t *types.Basic) string {
	switch t.Kind() {
	case types.UnsafePointer:
		return "unsafe.Pointer"
	case types.UntypedNil:
		return "nil"
	}
	return types.Typ[types.Default(t).(*types.Basic).Kind()].Name() // of byte and rune it is what they stand for
}

func (b *typeName) named(t *types.Named, bracketed bool) {
	if p := t.Obj().Pkg(); p != nil && bracketed {
		b.WriteString(p.Path() + ".")
	} else if p != nil {
		b.WriteString(p.Name() + ".")
	}
	b.WriteString(t.Obj().Name())
	for i := range t.TypeArgs().Len() {
		b.of(map[bool]string{true: "[", false: ","}[i == 0], t.TypeArgs().At(i), true)
	}
	if t.TypeArgs().Len() > 0 {
		b.WriteByte(']')
	}
}

func (b *typeName) channel(t *types.Chan, bracketed bool) {
	inner, receives := types.Unalias(t.Elem()).(*types.Chan)
	before := map[types.ChanDir]string{types.SendRecv: "chan ", types.SendOnly: "chan<- ", types.RecvOnly: "<-chan "}[t.Dir()]
	if receives && inner.Dir() == types.RecvOnly && t.Dir() != types.SendOnly {
		b.of(before+"(", inner, bracketed)
		b.WriteByte(')')
		return
	}
	b.of(before, t.Elem(), bracketed)
}

func (b *typeName) signature(t *types.Signature, bracketed bool) {
	b.tuple(t.Params(), t.Variadic(), bracketed)
	switch r := t.Results(); r.Len() {
	case 0:
	case 1:
		b.of(" ", r.At(0).Type(), bracketed)
	default:
		b.WriteByte(' ')
		b.tuple(r, false, bracketed)
	}
}

func (b *typeName) tuple(list *types.Tuple, variadic, bracketed bool) {
	b.WriteByte('(')
	for i := range list.Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		t := list.At(i).Type()
		if s, ok := t.Underlying().(*types.Slice); ok && variadic && i == list.Len()-1 {
			b.WriteString("...")
			t = s.Elem()
		}
		b.write(t, bracketed)
	}
	b.WriteByte(')')
}

func (b *typeName) structure(t *types.Struct, bracketed bool) {
	b.WriteString("struct {")
	for i := range t.NumFields() {
		b.WriteString(map[bool]string{true: " ", false: "; "}[i == 0])
		f := t.Field(i)
		if !f.Embedded() {
			b.WriteString(f.Name() + " ")
		}
		b.write(f.Type(), bracketed)
		if tag := t.Tag(i); tag != "" {
			fmt.Fprintf(b, " %q", tag)
		}
	}
	b.WriteString(map[bool]string{true: " "}[t.NumFields() > 0] + "}")
}

func (b *typeName) face(t *types.Interface, bracketed bool) {
	b.WriteString("interface {")
	for i := range t.NumMethods() {
		m := t.Method(i)
		b.WriteString(map[bool]string{true: " ", false: "; "}[i == 0])
		if !m.Exported() && m.Pkg() != nil {
			b.WriteString(m.Pkg().Name() + ".")
		}
		b.WriteString(m.Name())
		b.signature(m.Signature(), bracketed)
	}
	b.WriteString(map[bool]string{true: " "}[t.NumMethods() > 0] + "}")
}
