package expr

import (
	"fmt"
	"strings"
	"sync"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Function describes a function for completion, help and documentation.
type Function struct {
	Name      string
	Signature string // one line for each form, such as "round(x float, digits int) float"
	Doc       string // one line
	Example   string // an expression
}

// Functions are the functions of expressions, by topic and, in it, by use.
func Functions() []Function {
	var all []Function
	for _, f := range library().list {
		all = append(all, Function{f.name, f.signature(), f.doc, f.example})
	}
	return append(all, closureDocs...)
}

// function is a function or operator: its forms, of which the kinds of the arguments choose one.
type function struct {
	name    string
	params  string // names of the parameters, such as "x, digits"
	doc     string
	example string
	forms   []overload
	unify   int  // arguments from this one on are brought to one kind, which is the result's; 0: none
	atLeast int  // how many of those
	lenient bool // looks at nulls itself
	columns bool // its kernel takes no constants beside columns
	exact   bool // compares: a constant may change between int and float where that loses nothing
	choose  func(k row.Kind) kernel
}

// overload is one form of a function.
type overload struct {
	in     []row.Kind
	out    row.Kind
	rest   bool // the last parameter takes any number of arguments
	kernel kernel
	// prepare makes the kernel from the arguments, of which it may want literals; instead of kernel.
	prepare func(args []*step) (kernel, error)
}

// each is a parameter that takes every kind as it is.
const each = row.Kind(255)

// library is the functions and operators by name; made once, never changed.
var library = sync.OnceValue(func() *catalog {
	c := &catalog{byName: map[string]*function{}}
	for _, group := range [][]function{mathFunctions(), castFunctions(), textFunctions(), timeFunctions(), timeTexts(), nullFunctions(), listFunctions(), jsonFunctions(), hashFunctions(), geoFunctions()} {
		for i := range group {
			c.list = append(c.list, &group[i])
			c.byName[group[i].name] = &group[i]
		}
	}
	for _, group := range [][]function{arithmetic(), comparisons(), logic(), textOperators(), listOperators()} {
		for i := range group {
			c.byName[group[i].name] = &group[i]
		}
	}
	return c
})

// catalog is a set of functions.
type catalog struct {
	list   []*function // the named ones, without operators
	byName map[string]*function
}

func (c *catalog) names() []string {
	var names []string
	for _, f := range c.list {
		names = append(names, f.name)
	}
	return names
}

// signature is a line for every form.
func (f *function) signature() string {
	if f.unify > 0 {
		return f.name + "(" + f.params + ")"
	}
	var lines []string
	names := strings.Split(f.params, ", ")
	for _, o := range f.forms {
		parts := make([]string, len(o.in))
		for i, k := range o.in {
			parts[i] = strings.TrimSpace(names[min(i, len(names)-1)] + " " + kindName(k))
		}
		if o.rest {
			parts = append(parts, "...")
		}
		lines = append(lines, fmt.Sprintf("%s(%s) %s", f.name, strings.Join(parts, ", "), kindName(o.out)))
	}
	return strings.Join(lines, "\n")
}

func kindName(k row.Kind) string {
	if k == each {
		return "value"
	}
	return k.String()
}

// match is how a function takes arguments of some kinds.
type match struct {
	overload
	dynamic bool // which form is seen value by value
}

// match finds the form for these kinds; false: there is none.
func (f *function) match(kinds []row.Kind) (match, bool) {
	if f.unify > 0 {
		return f.unified(kinds)
	}
	best, cost, anys := match{}, -1, false
	var found []overload
	for _, k := range kinds {
		anys = anys || k == row.Any
	}
	for _, o := range f.forms {
		c := o.cost(kinds)
		if c < 0 {
			continue
		}
		found = append(found, o)
		if cost < 0 || c < cost {
			best.overload, cost = o, c
		}
	}
	equality := f.name == "==" || f.name == "!=" // defined for all kinds, value by value
	if anys && (len(found) > 1 || equality && len(found) > 0) {
		best.dynamic = true
		for _, o := range found {
			if o.out != found[0].out {
				best.out = row.Any
			}
		}
	}
	return best, len(found) > 0
}

// cost is how many arguments must be widened, or -1 if the form does not take them.
func (o overload) cost(kinds []row.Kind) int {
	if len(kinds) != len(o.in) && (!o.rest || len(kinds) < len(o.in)) {
		return -1
	}
	cost := 0
	for i, k := range kinds {
		switch want := o.param(i); {
		case k == want, want == each, k == row.Null, k == row.Any:
		case want == row.Float && k == row.Int:
			cost++
		default:
			return -1
		}
	}
	return cost
}

// param is the kind of parameter i.
func (o overload) param(i int) row.Kind { return o.in[min(i, len(o.in)-1)] }

// unified is the match of a function whose arguments are brought to one kind.
func (f *function) unified(kinds []row.Kind) (match, bool) {
	lead := f.unify - 1
	if len(kinds) < lead+f.atLeast || lead > 0 && len(kinds) != lead+f.atLeast {
		return match{}, false
	}
	k := row.Null
	for _, other := range kinds[lead:] {
		var ok bool
		if k, ok = row.Common(k, other); !ok {
			return match{}, false
		}
	}
	m := match{overload: overload{out: k, kernel: f.choose(k)}}
	for i := range kinds {
		if i < lead {
			want := f.forms[0].in[i]
			if kinds[i] != want && kinds[i] != row.Any && kinds[i] != row.Null {
				return match{}, false
			}
			m.in = append(m.in, want)
			continue
		}
		m.in = append(m.in, k)
	}
	return m, true
}
