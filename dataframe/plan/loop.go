package plan

import (
	"reflect"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Loop computes rows [*at, len(skip)) of out by a user's function; rows whose skip is set are left alone. A panic leaves
// at, the row that the function was called for.
type Loop func(args []*row.Vec, skip []bool, out *row.Vec, at *int)

// Caller is how a program calls functions of one type, for [Map], without reflection. The columns that its loop gets are of the
// kinds that [Signature] names.
type Caller struct {
	Type reflect.Type
	Loop func(fn any) Loop
}

// Compile gives each [Map] of the graph that ends in roots the loop for its function's type, if callers have one.
func Compile(roots []*Node, callers []Caller) {
	Walk(roots, func(n *Node) {
		m, ok := n.Op.(*Map)
		if !ok {
			return
		}
		for _, c := range callers {
			if c.Type == reflect.TypeOf(m.Func) {
				m.loop = c.Loop(m.Func)
			}
		}
	})
}

// Loop is how the function is called if the program brought a loop for its type, or nil.
func (m *Map) Loop() Loop { return m.loop }
