package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/source"
)

// chains evaluates chains of methods on frames that are being typed, without running cells: what it does not
// understand has no value. Functions over rows are taken for what they declare.
type chains map[string]any

// builders are the functions that make what chains are made of.
var builders = map[string]reflect.Value{
	"Topic": reflect.ValueOf(cells.Topic), "Table": reflect.ValueOf(cells.Table), "Time": reflect.ValueOf(cells.Time), "Fields": reflect.ValueOf(cells.Fields),
	"KeyAs": reflect.ValueOf(cells.KeyAs), "DeadLetters": reflect.ValueOf(cells.DeadLetters), "JSON": reflect.ValueOf(cells.JSON), "CSV": reflect.ValueOf(cells.CSV),
	"Raw": reflect.ValueOf(cells.Raw), "On": reflect.ValueOf(cells.On), "Within": reflect.ValueOf(cells.Within),
	"Grace": reflect.ValueOf(cells.Grace), "Left": reflect.ValueOf(cells.Left), "Suffix": reflect.ValueOf(cells.Suffix),
	"Forward": reflect.ValueOf(cells.Forward), "Nearest": reflect.ValueOf(cells.Nearest), "Each": reflect.ValueOf(cells.Each), "Outputs": reflect.ValueOf(cells.Outputs), "Concat": reflect.ValueOf(cells.Concat),
	"DeadLetter": reflect.ValueOf(cells.DeadLetter), "Retry": reflect.ValueOf(cells.Retry), "Budget": reflect.ValueOf(cells.Budget),
}

// values are the constants that chains use.
var values = map[string]any{"Final": cells.Final, "Current": cells.Current, "Stop": cells.Stop, "Skip": cells.Skip}

// assigned are the frames that variables hold, and those that the code assigns before the cursor.
func (s *Session) assigned(code string) chains {
	s.mu.Lock()
	c := chains(maps.Clone(s.frames))
	s.mu.Unlock()
	cell := source.Cell{Text: code}
	chunks, err := cell.Split()
	if err != nil {
		return c
	}
	for _, k := range chunks {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p; func _() {\n"+code[k.From:k.To]+"\n}", 0)
		if err != nil {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 {
				if name, ok := a.Lhs[0].(*ast.Ident); ok {
					c[name.Name] = c.value(a.Rhs[0])
				}
			}
			return true
		})
	}
	return c
}

// frame is the frame that an expression gives, or that the chain began with before it was grouped.
func (c chains) frame(text string) (cells.Frame, bool) {
	e, err := parser.ParseExpr(text)
	for err == nil {
		if f, ok := c.value(e).(cells.Frame); ok && f.Err() == nil {
			return f, true
		}
		call, ok := e.(*ast.CallExpr)
		if !ok {
			break
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			break
		}
		e = method.X
	}
	return cells.Frame{}, false
}

// value is what an expression gives, or nil.
func (c chains) value(e ast.Expr) (v any) {
	defer func() {
		if recover() != nil { // arguments that the method does not take
			v = nil
		}
	}()
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := values[e.Name]; ok {
			return v
		}
		return c[e.Name]
	case *ast.ParenExpr:
		return c.value(e.X)
	case *ast.BasicLit:
		return constant(e)
	case *ast.FuncLit:
		return e
	case *ast.CallExpr:
		return c.call(e)
	}
	return nil
}

func constant(l *ast.BasicLit) any {
	switch l.Kind {
	case token.STRING:
		if s, err := strconv.Unquote(l.Value); err == nil {
			return s
		}
	case token.INT:
		if n, err := strconv.Atoi(strings.ReplaceAll(l.Value, "_", "")); err == nil {
			return n
		}
	case token.FLOAT:
		if x, err := strconv.ParseFloat(l.Value, 64); err == nil {
			return x
		}
	}
	return nil
}

// call is what a call of a builder or of a method gives.
func (c chains) call(e *ast.CallExpr) any {
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		if args[i] = c.value(a); args[i] == nil {
			return nil
		}
	}
	switch fun := e.Fun.(type) {
	case *ast.Ident:
		if f, ok := builders[fun.Name]; ok {
			return invoke(f, args)
		}
	case *ast.SelectorExpr:
		on := c.value(fun.X)
		if on == nil {
			return nil
		}
		if v, ok := withFunction(on, fun.Sel.Name, args); ok {
			return v
		}
		return invoke(reflect.ValueOf(on).MethodByName(fun.Sel.Name), args)
	}
	return nil
}

func invoke(f reflect.Value, args []any) any {
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = reflect.ValueOf(a)
	}
	return f.Call(in)[0].Interface() // of Split, those for which the condition is true
}

// withFunction is a method that takes a Go function, as far as columns go.
func withFunction(on any, method string, args []any) (any, bool) {
	if len(args) == 0 {
		return nil, false
	}
	var declared []string
	for _, a := range args[1:] {
		if s, ok := a.(string); ok {
			declared = append(declared, s)
		}
	}
	switch x := on.(type) {
	case cells.Frame:
		switch method {
		case "Filter", "Do":
			return x, true
		case "Apply", "FlatMap":
			return x.Apply(func(r cells.Row) cells.Row { return r }, declared...), true
		case "Map", "MapBatch":
			name, _ := args[0].(string)
			return x.With(name + " = " + zeroOf(args[1])), true
		}
	case cells.Windowed:
		if method == "OnLate" {
			return x, true
		}
	case cells.Group:
		if method == "ApplyState" {
			return x.ApplyState(func(r cells.Row, _ *cells.State) cells.Row { return r }, declared...), true
		}
	}
	return nil, false
}

// zeroOf is an expression of the kind that a function literal gives.
func zeroOf(fn any) string {
	if f, ok := fn.(*ast.FuncLit); ok {
		if name, ok := given(f.Type).(*ast.Ident); ok {
			switch {
			case name.Name == "string":
				return "''"
			case name.Name == "bool":
				return "false"
			case strings.HasPrefix(name.Name, "int"):
				return "0"
			}
		}
	}
	return "0.0"
}

// given is the type of a function's result, or of the elements of its last slice, which it fills.
func given(f *ast.FuncType) ast.Expr {
	if f.Results != nil && len(f.Results.List) == 1 {
		return f.Results.List[0].Type
	}
	if n := len(f.Params.List); n > 0 && f.Results == nil {
		if list, ok := f.Params.List[n-1].Type.(*ast.ArrayType); ok {
			return list.Elt
		}
	}
	return nil
}

// remember keeps the frames that a statement gave to variables, for completion.
func (s *Session) remember(vars []interp.Value) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range vars {
		delete(s.frames, v.Name)
		if !v.Value.IsValid() {
			continue
		}
		switch x := v.Value.Interface().(type) {
		case cells.Frame, cells.Group, cells.Windowed:
			s.frames[v.Name] = x
		}
	}
}
