package plan

import (
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// made is the place in a program's source that calls the language, such as
// "pipeline.go:12". Cells are called by an interpreter, through reflection, and
// have no such place: their notebook knows where they are.
func made() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "reflect."), !more:
			return ""
		case !language(f.Function):
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
	}
}

// language says whether a function is one of the packages that graphs are written with.
func language(function string) bool {
	plan := reflect.TypeFor[Node]().PkgPath()
	dataframe := plan[:strings.LastIndexByte(plan, '/')]
	module := dataframe[:strings.LastIndexByte(dataframe, '/')]
	for _, p := range []string{plan, dataframe, module + "/cells"} {
		if strings.HasPrefix(function, p+".") {
			return true
		}
	}
	return false
}
