package session

import (
	"reflect"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/interp"
)

// told are the methods of frames that take a function, with what the interpreter knows of it.
func told() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Frame.Map": reflect.ValueOf(func(f cells.Frame, known *interp.Formula, name string, fn any, columns ...string) cells.Frame {
			return dataframe.MapKnown(f, known, name, fn, columns...)
		}),
		"Frame.Apply": reflect.ValueOf(func(f cells.Frame, known *interp.Formula, fn func(cells.Row) cells.Row, sets ...string) cells.Frame {
			return dataframe.ApplyKnown(f, known, fn, sets...)
		}),
		"Frame.Filter": reflect.ValueOf(func(f cells.Frame, known *interp.Formula, fn func(cells.Row) bool) cells.Frame {
			return dataframe.FilterKnown(f, known, fn)
		}),
	}
}

// how says how a step's function is run.
func how(s *plan.Step) string {
	here := "compiled here to loops over columns, as an expression is"
	if _, err := exec.Computed(s); err != nil {
		here = "called here for each row: " + err.Error()
	}
	return here + "; in a live run and in the export compiled"
}
