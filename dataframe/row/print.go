package row

import (
	"fmt"
	"strings"
)

// String is the row's columns, "car=44 kmh=281.5".
func (r Row) String() string {
	var b strings.Builder
	for i, name := range r.Names() {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%v", name, printed(r.Value(name)))
	}
	return b.String()
}

func printed(v any) any {
	if v == nil {
		return "null"
	}
	return v
}

// String is the members in their order, {from: 10, n: 3}.
func (o Object) String() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s: %v", m.Name, printed(m.Value))
	}
	b.WriteByte('}')
	return b.String()
}
