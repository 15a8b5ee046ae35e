package interp

import (
	"fmt"
	"go/constant"
	"go/types"
	"strings"
)

// declaration is how Go declares an object, as far as others may see it.
func (e *engine) declaration(o types.Object) string {
	switch o := o.(type) {
	case *types.Const:
		return types.ObjectString(o, e.short) + " = " + constantText(o.Val())
	case *types.TypeName:
		return e.typeDeclaration(o)
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", o.Imported().Name(), o.Imported().Path())
	}
	return types.ObjectString(o, e.short)
}

// constantText is a constant as a literal, which of a float has what fits in one.
func constantText(v constant.Value) string {
	if v.Kind() == constant.Float {
		f, _ := constant.Float64Val(v)
		return fmt.Sprint(f)
	}
	return v.String()
}

// typeDeclaration is a type with the fields that cells may use, and its methods.
func (e *engine) typeDeclaration(o *types.TypeName) string {
	named, ok := types.Unalias(o.Type()).(*types.Named)
	if !ok {
		return types.ObjectString(o, e.short)
	}
	var b strings.Builder
	st, ok := named.Underlying().(*types.Struct)
	if ok {
		fmt.Fprintf(&b, "type %s struct {", types.TypeString(named, e.short))
		hidden := false
		for f := range st.Fields() {
			if !usable(f) {
				hidden = true
				continue
			}
			fmt.Fprintf(&b, "\n\t%s %s", f.Name(), types.TypeString(f.Type(), e.short))
		}
		b.WriteString(map[bool]string{true: "\n\t// and fields that are not exported"}[hidden])
		b.WriteString(map[bool]string{true: "\n"}[st.NumFields() > 0] + "}")
	} else {
		fmt.Fprintf(&b, "type %s %s", types.TypeString(named, e.short), types.TypeString(named.Underlying(), e.short))
	}
	blank := "\n"
	for m := range named.Methods() {
		if usable(m) {
			fmt.Fprintf(&b, "\n%s%s", blank, types.ObjectString(m, e.short))
			blank = ""
		}
	}
	return b.String()
}

// usable reports whether cells may use a field or method.
func usable(o types.Object) bool {
	return o.Exported() || o.Pkg() != nil && o.Pkg().Path() == "main"
}
