package plan

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/vector"
)

// Formula is what a notebook knows of a function: its body as columns. It is
// nothing of the graph, and in no text or hash.
type Formula interface {
	// Func is the body as it is now, or the reason why it is not known.
	Func() (*vector.Func, error)
}

// Map adds a column by a Go function of other columns. A row with a null
// argument gets a null and the function is not called.
type Map struct {
	Name string
	Func any // func(a A, b B, ...) R with arguments and result of the kinds that columns have
	Args []string
	// Known is nil in a program.
	Known Formula

	loop Loop // of a compiled program
}

// Text is the op as a cell writes it; the function stands by the kinds it takes and gives.
func (m *Map) Text() string {
	return fmt.Sprintf("map(%q, %s, %s)", m.Name, signature(m.Func), quoted(m.Args))
}

// Schema has the new column.
func (m *Map) Schema(in []*row.Schema) (*row.Schema, error) {
	args, result, err := Signature(m.Func)
	if err != nil {
		return nil, wrong("Map", m.Name, err)
	}
	if len(args) != len(m.Args) {
		return nil, wrongf("Map", m.Name, "the function takes %d values, the columns are %d (%s)", len(args), len(m.Args), strings.Join(m.Args, ", "))
	}
	for i, name := range m.Args {
		k, ok := in[0].Kind(name)
		if !ok {
			return nil, wrong("Map", name, Unknown(name, in[0]))
		}
		if k != args[i] && !(k == row.Int && args[i] == row.Float) && args[i] != row.Any && k != row.Any && k != row.Null {
			return nil, wrongf("Map", name, "column is %s, the function takes %s as its argument %d: give it another parameter, or the column another kind with Cast(\"%s %[2]s\")", k, args[i], i+1, name)
		}
	}
	return in[0].With(row.Field{Name: m.Name, Kind: result}), nil
}

// Signature is the kinds that a function for [Map] takes and gives.
func Signature(fn any) (args []row.Kind, result row.Kind, err error) {
	t := reflect.TypeOf(fn)
	if t == nil || t.Kind() != reflect.Func {
		return nil, row.Null, fmt.Errorf("is %T, want a function such as func(v float64) float64", fn)
	}
	if t.NumOut() != 1 || t.IsVariadic() {
		return nil, row.Null, fmt.Errorf("is %s, want a function that takes columns and gives one value", t)
	}
	for i := range t.NumIn() {
		k, err := kindOfType(t.In(i))
		if err != nil {
			return nil, row.Null, fmt.Errorf("argument %d: %w", i+1, err)
		}
		args = append(args, k)
	}
	result, err = kindOfType(t.Out(0))
	if err != nil {
		err = fmt.Errorf("result: %w", err)
	}
	return args, result, err
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	bytesType    = reflect.TypeFor[[]byte]()
	listType     = reflect.TypeFor[[]any]()
)

func kindOfType(t reflect.Type) (row.Kind, error) {
	switch t {
	case timeType:
		return row.Time, nil
	case durationType:
		return row.Duration, nil
	case bytesType:
		return row.Bytes, nil
	case listType:
		return row.List, nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return row.Bool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return row.Int, nil
	case reflect.Float32, reflect.Float64:
		return row.Float, nil
	case reflect.String:
		return row.String, nil
	case reflect.Interface:
		return row.Any, nil
	}
	return row.Null, fmt.Errorf("type %s is not one of a column, want bool, int, float64, string, []byte, time.Time, time.Duration, []any", t)
}

// signature names a function by the kinds of its types only, so that it is the same interpreted and compiled.
func signature(fn any) string {
	args, result, err := Signature(fn)
	if err != nil {
		return "func"
	}
	names := make([]string, len(args))
	for i, a := range args {
		names[i] = a.String()
	}
	return "func(" + strings.Join(names, ", ") + ") " + result.String()
}

// Apply calls a Go function for each row; the row it gives back replaces the row.
type Apply struct {
	Func func(row.Row) row.Row
	Adds []row.Field // the columns that the function sets
	// Known is nil in a program.
	Known Formula
}

// Text is the op as a cell writes it.
func (a *Apply) Text() string { return "apply(func(Row) Row" + adds(a.Adds) + ")" }

// Schema has the added columns.
func (a *Apply) Schema(in []*row.Schema) (*row.Schema, error) { return in[0].With(a.Adds...), nil }

func adds(fields []row.Field) string {
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, ", %q", f.String())
	}
	return b.String()
}

// Filter keeps the rows for which a Go function says true.
type Filter struct {
	Func func(row.Row) bool
	// Known is nil in a program.
	Known Formula
}

// Text is the op as a cell writes it.
func (f *Filter) Text() string { return "filter(func(Row) bool)" }

// Schema is unchanged.
func (f *Filter) Schema(in []*row.Schema) (*row.Schema, error) { return in[0], nil }

// ApplyState calls a Go function for each row with the state of the row's key.
type ApplyState struct {
	Func func(row.Row, *row.State) row.Row
	Adds []row.Field
	Keys []string // the group's columns
}

// Text is the op as a cell writes it.
func (a *ApplyState) Text() string { return "applystate(func(Row, *State) Row" + adds(a.Adds) + ")" }

// Schema has the added columns.
func (a *ApplyState) Schema(in []*row.Schema) (*row.Schema, error) { return in[0].With(a.Adds...), nil }
