package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/slice"
)

// loop is how a program calls functions of one type over columns.
type loop struct {
	Type      string // of the function, as the program writes it
	Statement string // for row i: f, args and out are given
	times     bool   // it names package time
}

// builtIn are the types that the engine has loops for.
var builtIn = map[string]bool{"func(float64) float64": true, "func(float64, float64) float64": true}

// Loops are those for the functions that the statements map columns with.
func (p page) Loops() []loop {
	var out []loop
	for _, s := range p.Program.Slice.Mapped {
		if !builtIn[s.String()] && !hidden(s) {
			out = append(out, p.loop(s))
		}
	}
	return out
}

// locals are the names within a loop; a type that is called like one cannot be named there.
var locals = []string{"fn", "f", "args", "skip", "out", "at", "i", "err"}

func hidden(s slice.Signature) bool {
	return slices.ContainsFunc(append(s.Args, s.Result), func(a slice.Scalar) bool { return slices.Contains(locals, a.Name) })
}

// Times says whether a loop names package time.
func (p page) Times() bool {
	return slices.ContainsFunc(p.Loops(), func(l loop) bool { return l.times })
}

func (p page) loop(s slice.Signature) loop {
	l := loop{}
	names, values := make([]string, len(s.Args)), make([]string, len(s.Args))
	for i, a := range s.Args {
		names[i] = p.timed(a, &l)
		values[i] = argument(i, a, names[i])
	}
	result := p.timed(s.Result, &l)
	l.Type = fmt.Sprintf("func(%s) %s", strings.Join(names, ", "), result)
	l.Statement = assigned(s.Result, "f("+strings.Join(values, ", ")+")")
	return l
}

// timed is the name of a type, with package time as this program imports it.
func (p page) timed(s slice.Scalar, l *loop) string {
	name, ok := strings.CutPrefix(s.Name, "time.")
	if !ok {
		return s.Name
	}
	l.times = true
	return p.Free("time") + "." + name
}

// argument is row i of the column at a place, as a value of its type.
func argument(at int, s slice.Scalar, name string) string {
	switch {
	case strings.HasPrefix(s.Under, "time."):
		return fmt.Sprintf("args[%d].Value(i).(%s)", at, name)
	case s.Under == "bool":
		return fmt.Sprintf("%s(args[%d].Bools[i] != 0)", name, at)
	case s.Under == "string":
		return fmt.Sprintf("%s(args[%d].Strs[i])", name, at)
	case strings.HasPrefix(s.Under, "float"):
		return fmt.Sprintf("%s(args[%d].Floats[i])", name, at)
	}
	return fmt.Sprintf("%s(args[%d].Ints[i])", name, at)
}

// assigned puts a value into row i of the result.
func assigned(s slice.Scalar, value string) string {
	switch {
	case strings.HasPrefix(s.Under, "time."):
		return fmt.Sprintf("if err := out.Set(i, %s); err != nil {\n\tpanic(err)\n}", value)
	case s.Under == "bool":
		return fmt.Sprintf("if out.Bools[i] = 0; bool(%s) {\n\tout.Bools[i] = 1\n}", value)
	case s.Under == "string":
		return fmt.Sprintf("out.Strs[i] = string(%s)", value)
	case strings.HasPrefix(s.Under, "float"):
		return fmt.Sprintf("out.Floats[i] = float64(%s)", value)
	}
	return fmt.Sprintf("out.Ints[i] = int64(%s)", value)
}
