package exec

import (
	"fmt"
	"reflect"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// folding is the functions of a user's aggregate, as they are called.
type folding struct {
	state                     reflect.Type
	init, step, merge, result reflect.Value
	of                        *aggregate
}

func newFolding(f *plan.Fold, of *aggregate) (*folding, error) {
	state, _, _, err := f.State()
	return &folding{state, reflect.ValueOf(f.Init), reflect.ValueOf(f.Step), reflect.ValueOf(f.Merge), reflect.ValueOf(f.Result), of}, err
}

// folded is the state of one group. What users compute may round, so it is one for each source; see [bySource].
type folded struct {
	*folding
	now    reflect.Value // not valid: no row yet
	broken error         // Merge panicked
}

// add calls Step. If that panics the row is bad, and the state what it was, unless Step changed what it holds.
func (f *folded) add(_ *row.Vec, i int, _ place) {
	args := make([]reflect.Value, 1+len(f.of.vecs))
	t := f.step.Type()
	for k, v := range f.of.vecs {
		if v.IsNull(i) {
			return
		}
		args[k+1] = argument(v, i, t.In(k+1))
	}
	err := call(func() {
		args[0] = f.begun()
		f.now = f.step.Call(args)[0]
	})
	if err != nil {
		f.of.fail(i, err)
	}
}

// begun is the state, made if there is none.
func (f *folded) begun() reflect.Value {
	if !f.now.IsValid() {
		f.now = f.init.Call(nil)[0]
	}
	return f.now
}

func (f *folded) merge(other accumulator) {
	o := other.(*folded)
	if f.broken == nil {
		f.broken = o.broken
	}
	if !o.now.IsValid() || f.broken != nil {
		return
	}
	f.broken = call(func() {
		mine := f.begun()
		// Merge may change what it is given, and the other state lives on.
		theirs, err := f.copy(o.now)
		if err != nil {
			panic(err)
		}
		f.now = f.folding.merge.Call([]reflect.Value{mine, theirs})[0]
	})
}

// copy is a state that shares no memory with another.
func (f *folded) copy(v reflect.Value) (reflect.Value, error) {
	out := reflect.New(f.state).Elem()
	x, _, err := row.ReadValue(row.AppendValue(nil, packed(v)))
	if err == nil {
		err = unpack(x, out)
	}
	return out, err
}

// functionOf is a panic of a function that was called for no row in particular.
type functionOf struct{ error }

func (f *folded) result() (out any) {
	if f.broken != nil {
		panic(functionOf{f.broken})
	}
	return plain(f.folding.result.Call([]reflect.Value{f.begun()})[0])
}

func (f *folded) append(dst []byte) []byte {
	if !f.now.IsValid() {
		return append(dst, 0)
	}
	return appendBytes(append(dst, 1), row.AppendValue(nil, packed(f.now)))
}

func (f *folded) read(r *varints) {
	if r.byte() == 0 {
		return
	}
	f.now = reflect.New(f.state).Elem()
	if err := unpack(r.value(), f.now); err != nil {
		r.bad = true
	}
}

// unfit is the error of a stored value that is not what a type wants.
func unfit(x any, v reflect.Value) error {
	return fmt.Errorf("state has %T where %s is wanted", x, v.Type())
}
