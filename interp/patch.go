package interp

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"reflect"
	"time"

	"github.com/riffle-stream/riffle/interp/lower"
	cellreflect "github.com/riffle-stream/riffle/interp/reflect"
	yaegi "github.com/traefik/yaegi/interp"
)

// useRuntime gives the interpreter the functions that lowered code calls, and says which compiled functions look for
// methods on values of any type.
func (e *engine) useRuntime() error {
	runtime := e.runtime()
	e.tell(runtime)
	err := e.yaegi.Use(yaegi.Exports{
		lower.RuntimePath + "/runtime": runtime,
		".":                            {"MapTypes": reflect.ValueOf(lookers())},
	})
	if err != nil {
		return fmt.Errorf("symbols: %w", err)
	}
	return e.use([]string{"fmt", "io", "errors"})
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// lookers are functions that ask a value of type any for methods, and the interfaces they ask for.
func lookers() map[reflect.Value][]reflect.Type {
	printed := []reflect.Type{typeOf[fmt.Formatter](), typeOf[fmt.Stringer]()}
	m := map[reflect.Value][]reflect.Type{}
	for _, f := range []any{fmt.Errorf, fmt.Fprint, fmt.Fprintf, fmt.Fprintln, fmt.Sprint, fmt.Sprintf, fmt.Sprintln, fmt.Append, fmt.Appendf, fmt.Appendln} {
		m[reflect.ValueOf(f)] = printed
	}
	return m
}

// patch puts the session's own functions in the place of those that would act on the process.
func (e *engine) patch(path string, values map[string]reflect.Value, into yaegi.Exports) {
	var printing map[string]any
	switch path {
	case "fmt":
		printing = e.printers()
		maps.Copy(printing, e.scanners())
	case "log":
		printing = e.logFuncs()
	case "reflect":
		maps.Copy(values, cellreflect.New(reflection{e}).Values())
	case "encoding/json":
		values["Marshal"], values["MarshalIndent"], values["Unmarshal"] = reflect.ValueOf(marshal), reflect.ValueOf(marshalIndent), reflect.ValueOf(e.unmarshal)
	case "encoding/xml":
		for name, f := range xmlFuncs() {
			values[name] = reflect.ValueOf(f)
		}
	case "os":
		e.patchOS(values)
	case "bufio":
		e.patchReaders(values)
	case "time":
		values["Sleep"] = reflect.ValueOf(e.runs.sleep)
		values["AfterFunc"] = reflect.ValueOf(func(d time.Duration, f func()) *time.Timer { return time.AfterFunc(d, e.safe(f)) })
	case "context":
		values["AfterFunc"] = reflect.ValueOf(func(ctx context.Context, f func()) func() bool { return context.AfterFunc(ctx, e.safe(f)) })
	case e.config.Prelude.Path:
		for name, v := range e.config.Prelude.Bind {
			values[name] = v
		}
	}
	looks := map[reflect.Value][]reflect.Type{}
	if v, ok := into["."]; ok {
		looks = v["MapTypes"].Interface().(map[reflect.Value][]reflect.Type)
	}
	for name, f := range printing {
		values[name] = reflect.ValueOf(f)
		looks[values[name]] = []reflect.Type{typeOf[fmt.Formatter](), typeOf[fmt.Stringer]()}
	}
	if len(looks) > 0 {
		into["."] = map[string]reflect.Value{"MapTypes": reflect.ValueOf(looks)}
	}
}

// scanners are the functions of fmt that read.
func (e *engine) scanners() map[string]any {
	return map[string]any{
		"Fscan":   func(r io.Reader, a ...any) (int, error) { return fmt.Fscan(e.stdio.source(r), a...) },
		"Fscanf":  func(r io.Reader, f string, a ...any) (int, error) { return fmt.Fscanf(e.stdio.source(r), f, a...) },
		"Fscanln": func(r io.Reader, a ...any) (int, error) { return fmt.Fscanln(e.stdio.source(r), a...) },
		"Scan":    func(a ...any) (int, error) { return fmt.Fscan(e.stdio.in, a...) },
		"Scanf":   func(f string, a ...any) (int, error) { return fmt.Fscanf(e.stdio.in, f, a...) },
		"Scanln":  func(a ...any) (int, error) { return fmt.Fscanln(e.stdio.in, a...) },
	}
}

// logFuncs are the functions of log's standard logger, on one of the session's.
func (e *engine) logFuncs() map[string]any {
	l := log.New(e.stdio.err, "", log.LstdFlags)
	fatal := func(text string) {
		l.Output(3, text)
		e.runs.quit(exited(1))
	}
	return map[string]any{
		"Print": func(a ...any) { l.Output(2, sprint(a)) }, "Printf": func(f string, a ...any) { l.Output(2, sprintf(f, a)) }, "Println": l.Println,
		"Panic": func(a ...any) { l.Panic(sprint(a)) }, "Panicf": func(f string, a ...any) { l.Panic(sprintf(f, a)) }, "Panicln": l.Panicln,
		"Fatal":   func(a ...any) { fatal(sprint(a)) },
		"Fatalf":  func(f string, a ...any) { fatal(sprintf(f, a)) },
		"Fatalln": func(a ...any) { fatal(fmt.Sprintln(a...)) },
		"Default": func() *log.Logger { return l },
		"Flags":   l.Flags, "SetFlags": l.SetFlags, "Prefix": l.Prefix, "SetPrefix": l.SetPrefix,
		"SetOutput": l.SetOutput, "Writer": l.Writer, "Output": l.Output,
	}
}

// patchReaders lets readers of os.Stdin read what the host gives: a file cannot ask for it.
func (e *engine) patchReaders(values map[string]reflect.Value) {
	values["NewReader"] = reflect.ValueOf(func(r io.Reader) *bufio.Reader { return bufio.NewReader(e.stdio.source(r)) })
	values["NewReaderSize"] = reflect.ValueOf(func(r io.Reader, n int) *bufio.Reader { return bufio.NewReaderSize(e.stdio.source(r), n) })
	values["NewScanner"] = reflect.ValueOf(func(r io.Reader) *bufio.Scanner { return bufio.NewScanner(e.stdio.source(r)) })
}

func (e *engine) patchOS(values map[string]reflect.Value) {
	out, err := e.stdio.out.open(os.Stdout), e.stdio.err.open(os.Stderr)
	values["Stdout"] = reflect.ValueOf(&out).Elem()
	values["Stderr"] = reflect.ValueOf(&err).Elem()
	values["Exit"] = reflect.ValueOf(func(code int) { e.runs.quit(exited(code)) })
}
