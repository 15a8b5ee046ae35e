package vector

import (
	"go/token"
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Value is what one op of a [Func] gives for each row.
type Value int

// None stands where there is no value.
const None Value = 0

// Func is the body of a function. It grows by its methods, each of which adds
// an op, or finds the one that gives the same.
type Func struct {
	ops   []op // the first stands for None
	place map[op]Value
	calls []any // the Go functions that ops call

	Result Value // of a function that gives one value, else None
	Sets   []Set // the columns that a function sets that gives a row
}

// Set is a column that a function sets.
type Set struct {
	Name  string
	Value Value // None if it is null in every row
	Null  Value // where it is null; None: nowhere
	When  Value // where it is set; None: everywhere
}

// op is one operation. Equal ops give equal values.
type op struct {
	code code
	kind row.Kind // of the value: Bool, Int, Float or String
	tok  token.Token
	args [4]Value
	live Value  // of an op that can panic: the rows for which it counts; None: all
	text string // the name of a column or function, or a constant's text
	bits uint64 // a constant's value, a parameter's number
	call int    // place in calls
}

type code uint8

const (
	constant code = iota
	param         // an argument of the function
	column        // a column of the row
	null          // whether a column is null
	has           // whether there is such a column and it is not null
	key           // the key of the stream
	unary
	binary
	choose
	convert
	length
	substring
	called
	fault // rows that must be called
)

// New is a function that gives nothing yet.
func New() *Func { return &Func{ops: make([]op, 1), place: map[op]Value{}} }

// Len is how many ops there are.
func (f *Func) Len() int { return len(f.ops) - 1 }

// Kind is the kind of a value.
func (f *Func) Kind(v Value) row.Kind { return f.ops[v].kind }

func (f *Func) add(o op, args ...Value) Value {
	copy(o.args[:], args)
	if v, ok := f.place[o]; ok {
		return v
	}
	f.ops = append(f.ops, o)
	f.place[o] = Value(len(f.ops) - 1)
	return f.place[o]
}

// Const is the same bool, int64, float64 or string for every row.
func (f *Func) Const(v any) Value {
	o := op{code: constant, kind: row.KindOf(v)}
	switch v := v.(type) {
	case bool:
		if v {
			o.bits = 1
		}
	case int64:
		o.bits = uint64(v)
	case float64:
		o.bits = math.Float64bits(v)
	case string:
		o.text = v
	}
	return f.add(o)
}

// Is says whether a value is the same truth for every row.
func (f *Func) Is(v Value, truth bool) bool {
	o := f.ops[v]
	return o.code == constant && o.kind == row.Bool && (o.bits == 1) == truth
}

// Int is the value that is the same int for every row; ok is false for another.
func (f *Func) Int(v Value) (n int64, ok bool) {
	o := f.ops[v]
	return int64(o.bits), o.code == constant && o.kind == row.Int
}

// Param is argument i of the function.
func (f *Func) Param(i int, kind row.Kind) Value {
	return f.add(op{code: param, kind: kind, bits: uint64(i)})
}

// Column is a column of the row, read as Row's methods Float, Int, Str and Bool do.
func (f *Func) Column(name string, kind row.Kind) Value {
	return f.add(op{code: column, kind: kind, text: name})
}

// Null says whether a column is null, as Row's method Null does.
func (f *Func) Null(name string) Value { return f.add(op{code: null, kind: row.Bool, text: name}) }

// Has says whether there is a column and it is not null, as Row's method Has does.
func (f *Func) Has(name string) Value { return f.add(op{code: has, kind: row.Bool, text: name}) }

// Key is the key of the stream.
func (f *Func) Key() Value { return f.add(op{code: key, kind: row.String}) }
