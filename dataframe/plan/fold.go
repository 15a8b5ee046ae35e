package plan

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Fold is an aggregate of the user's own, as functions of a state of any type S that can be stored.
type Fold struct {
	Init   any // func() S: the state of no rows
	Step   any // func(s S, a A, b B, ...) S: the state with one more row, of which it gets the values that are asked for
	Merge  any // func(a, b S) S: the state of the rows of both, of which those of b come later
	Result any // func(s S) R: what the window gives; R is of a kind that columns have
}

// State is the type of the fold's state, and the kinds of the values that Step takes and Result gives.
func (f *Fold) State() (state reflect.Type, args []row.Kind, result row.Kind, err error) {
	init, err := function("Init", f.Init, 0)
	if err != nil {
		return nil, nil, row.Null, err
	}
	state = init.Out(0)
	if _, err := Stored(state); err != nil {
		return nil, nil, row.Null, fmt.Errorf("the state cannot be stored: %w", err)
	}
	step, err := function("Step", f.Step, -1)
	if err != nil {
		return nil, nil, row.Null, err
	}
	merge, err := function("Merge", f.Merge, 2)
	if err != nil {
		return nil, nil, row.Null, err
	}
	give, err := function("Result", f.Result, 1)
	if err != nil {
		return nil, nil, row.Null, err
	}
	if step.NumIn() == 0 || step.In(0) != state || step.Out(0) != state {
		return nil, nil, row.Null, fmt.Errorf("Step is %s, want a function that takes the state, %s, and the values of a row, and gives the state", step, state)
	}
	if merge.In(0) != state || merge.In(1) != state || merge.Out(0) != state {
		return nil, nil, row.Null, fmt.Errorf("Merge is %s, want func(%s, %s) %s", merge, state, state, state)
	}
	if give.In(0) != state {
		return nil, nil, row.Null, fmt.Errorf("Result is %s, want a function that takes the state, %s", give, state)
	}
	for i := 1; i < step.NumIn(); i++ {
		k, err := kindOfType(step.In(i))
		if err != nil {
			return nil, nil, row.Null, fmt.Errorf("Step: argument %d: %w", i+1, err)
		}
		args = append(args, k)
	}
	if result, err = kindOfType(give.Out(0)); err != nil {
		err = fmt.Errorf("Result: %w", err)
	}
	return state, args, result, err
}

// function is the type of a function that takes n values, any number if that is negative, and gives one.
func function(name string, fn any, n int) (reflect.Type, error) {
	t := reflect.TypeOf(fn)
	if t == nil || t.Kind() != reflect.Func || reflect.ValueOf(fn).IsNil() {
		return nil, fmt.Errorf("%s is %T, want a function", name, fn)
	}
	if t.NumOut() != 1 || t.IsVariadic() || n >= 0 && t.NumIn() != n {
		return nil, fmt.Errorf("%s is %s, want a function of %d values that gives one", name, t, max(n, 1))
	}
	return t, nil
}

// folded checks the fold against the kinds of its values, and gives its column.
func (a Aggregate) folded(kinds []row.Kind) (row.Field, error) {
	_, args, result, err := a.Fold.State()
	if err != nil {
		return row.Field{}, wrong("Fold", a.Name, err)
	}
	if len(args) != len(kinds) {
		return row.Field{}, wrongf("Fold", a.Name, "Step takes %d values of a row, %d are named", len(args), len(kinds))
	}
	for i, k := range kinds {
		if !fits(k, args[i]) {
			return row.Field{}, wrongf("Fold", a.Name, "%s is %s, Step takes %s there", a.Args[i], k, args[i])
		}
	}
	return row.Field{Name: a.Name, Kind: result}, nil
}

// fits says whether a function that takes a kind may be given values of another.
func fits(k, takes row.Kind) bool {
	return k == takes || k == row.Int && takes == row.Float || takes == row.Any || k == row.Any || k == row.Null
}

// mostDeep bounds the types within each other that a state may have: one that holds itself has no end.
const mostDeep = 20

// Stored describes what is kept of a type, the same for the interpreter's types and the compiler's; the error says
// what of it cannot be kept: it is made of numbers, strings, bools, times, durations, and lists, maps and structs of these.
func Stored(t reflect.Type) (string, error) { return stored(t, 0) }

func stored(t reflect.Type, depth int) (string, error) {
	if depth > mostDeep {
		return "", fmt.Errorf("%s holds itself, or more than %d types within each other", t, mostDeep)
	}
	switch t {
	case timeType:
		return "time", nil
	case durationType:
		return "duration", nil
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String:
		return t.Kind().String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "int", nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "uint", nil
	case reflect.Float32, reflect.Float64:
		return "float", nil
	case reflect.Slice, reflect.Array:
		of, err := stored(t.Elem(), depth+1)
		return "[]" + of, err
	case reflect.Map:
		return storedMap(t, depth)
	case reflect.Struct:
		return storedStruct(t, depth)
	}
	return "", fmt.Errorf("%s is %s, want numbers, strings, bools, times, durations, or lists, maps and structs of these", t, t.Kind())
}

func storedMap(t reflect.Type, depth int) (string, error) {
	key, err := stored(t.Key(), depth+1)
	if err != nil {
		return "", err
	}
	if key != "string" && key != "int" && key != "uint" && key != "bool" {
		return "", fmt.Errorf("the keys of %s are %s, want strings or whole numbers", t, t.Key())
	}
	of, err := stored(t.Elem(), depth+1)
	return "map[" + key + "]" + of, err
}

func storedStruct(t reflect.Type, depth int) (string, error) {
	var fields []string
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			return "", fmt.Errorf("field %s is not exported, so it would be lost: begin its name with a capital letter", f.Name)
		}
		of, err := stored(f.Type, depth+1)
		if err != nil {
			return "", fmt.Errorf("field %s: %w", f.Name, err)
		}
		fields = append(fields, f.Name+" "+of)
	}
	return "{" + strings.Join(fields, ", ") + "}", nil
}

// foldText is the fold as part of an aggregate's text: its state and its values, whatever its types are called.
func (a Aggregate) foldText() string {
	state, _, result, err := a.Fold.State()
	if err != nil {
		return "fold"
	}
	text, _ := Stored(state) // it was checked
	args := make([]string, len(a.Args))
	for i, e := range a.Args {
		args[i] = e.String()
	}
	return fmt.Sprintf("%s = fold %s(%s) %s", a.Name, text, strings.Join(args, ", "), result)
}
