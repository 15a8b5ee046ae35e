package plan

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// MapBatch adds a column by a Go function that is given slices of other
// columns and fills one of results. Rows with a null among their arguments are
// not given to it and get a null.
type MapBatch struct {
	Name string
	Func any // func(a []A, b []B, ..., out []R) with elements bool, int64, float64 or string
	Args []string
}

// Text is the op as a cell writes it; the function stands by the kinds it takes and gives.
func (m *MapBatch) Text() string {
	kinds, err := Slices(m.Func)
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = "[]" + k.String()
	}
	if err != nil {
		names = nil
	}
	return fmt.Sprintf("mapbatch(%q, func(%s), %s)", m.Name, strings.Join(names, ", "), quoted(m.Args))
}

// Schema has the new column.
func (m *MapBatch) Schema(in []*row.Schema) (*row.Schema, error) {
	kinds, err := Slices(m.Func)
	if err != nil {
		return nil, wrong("MapBatch", m.Name, err)
	}
	if len(kinds)-1 != len(m.Args) {
		return nil, wrongf("MapBatch", m.Name, "the function takes %d slices and one for the results, the columns are %d (%s)", len(kinds)-1, len(m.Args), strings.Join(m.Args, ", "))
	}
	for i, name := range m.Args {
		k, ok := in[0].Kind(name)
		if !ok {
			return nil, wrong("MapBatch", name, Unknown(name, in[0]))
		}
		if k != kinds[i] && !(k == row.Int && kinds[i] == row.Float) && k != row.Null {
			return nil, wrongf("MapBatch", name, "column is %s, the function takes slices of %s as its argument %d", k, kinds[i], i+1)
		}
	}
	return in[0].With(row.Field{Name: m.Name, Kind: kinds[len(kinds)-1]}), nil
}

// elements are what slices for [MapBatch] may hold.
var elements = map[reflect.Type]row.Kind{
	reflect.TypeFor[[]bool](): row.Bool, reflect.TypeFor[[]int64](): row.Int,
	reflect.TypeFor[[]float64](): row.Float, reflect.TypeFor[[]string](): row.String,
}

// Slices are the kinds of the slices that a function for [MapBatch] takes; the last is that of the results.
func Slices(fn any) ([]row.Kind, error) {
	t := reflect.TypeOf(fn)
	if t == nil || t.Kind() != reflect.Func || t.NumOut() != 0 || t.NumIn() == 0 || t.IsVariadic() {
		return nil, fmt.Errorf("is %T, want a function such as func(v, out []float64), which fills the last slice", fn)
	}
	var kinds []row.Kind
	for i := range t.NumIn() {
		k, ok := elements[t.In(i)]
		if !ok {
			return nil, fmt.Errorf("argument %d is %s, want []float64, []int64, []string or []bool", i+1, t.In(i))
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}
