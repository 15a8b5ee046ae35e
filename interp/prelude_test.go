package interp

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/interp/internal/fakecells/table"
)

// TestPreludeNames uses the prelude's names bare and qualified, and redefines them.
func TestPreludeNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		cells []string
		want  string
	}{
		{"bare", []string{`import "fmt"`, `df := Topic("a").With("x = 1")`, `fmt.Println(df)`}, "topic a; with x = 1\n"},
		{"qualified", []string{`import "fmt"`, `fmt.Println(riffle.Topic("a"))`}, "topic a\n"},
		{"type", []string{`import "fmt"`, `func f(x Frame) Frame { return x.Where("y") }`, `var m map[string]Frame`, `m = map[string]Frame{"k": f(Topic("a"))}; fmt.Println(m["k"])`}, "topic a; where y\n"},
		{"variable of that name", []string{`import "fmt"`, `Line := 3`, `fmt.Println(Line, riffle.Line(Topic("a"), "x", "y").X)`}, "3 x\n"},
		{"type of that name", []string{`import "fmt"`, `type Frame struct{ A int }`, `f := Frame{2}; fmt.Println(f.A, riffle.Topic("a"))`}, "2 topic a\n"},
		{"function of that name", []string{`import "fmt"`, `func Topic(n int) int { return n + 1 }`, `fmt.Println(Topic(1))`}, "2\n"},
		{"in a function of a cell", []string{`import "fmt"`, `func mk(n string) Chart { return Line(Topic(n), "x", "y") }`, `fmt.Println(mk("q").Frame)`}, "topic q\n"},
		{"Udf", []string{`import "fmt"`, `fmt.Println(Topic("a").Map("k", func(v float64) float64 { return v * 2 }, "v"))`}, "topic a; k = f(v); 5\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHost(t)
			h.run(c.cells...)
			if diff := cmp.Diff(c.want, h.out.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestPreludeNote says what a redefinition hides.
func TestPreludeNote(t *testing.T) {
	h := newHost(t)
	r, err := h.engine.Eval(context.Background(), Cell{Number: 1, Text: "Line := 3"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Line is now yours; the one it hides is riffle.Line"}
	if diff := cmp.Diff(want, r.Notes); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestMethodOnThePreludesType says what the Go compiler says, and leaves the type as it was.
func TestMethodOnThePreludesType(t *testing.T) {
	h := newHost(t)
	_, err := h.engine.Eval(context.Background(), Cell{Number: 1, Text: "func (f *Frame) Mine() {}"})
	if err == nil || !strings.Contains(err.Error(), "cell 1:1:9: cannot define new methods on non-local type Frame") {
		t.Errorf("error %v", err)
	}
	h.run(`import "fmt"`, `fmt.Println(Topic("a"))`)
	if got := h.out.String(); got != "topic a\n" {
		t.Errorf("a later cell prints %q", got)
	}
}

// TestHostHears checks what the host is told while a cell runs.
func TestHostHears(t *testing.T) {
	var heard []string
	e, err := New(Config{
		Prelude: Prelude{Path: fakePath, Name: "riffle", Set: table.Set(), Bind: map[string]reflect.Value{
			"Show": reflect.ValueOf(func(v any) { heard = append(heard, "verb "+reflect.TypeOf(v).String()) }),
		}},
		Stmt: func(at Position) { heard = append(heard, "at "+at.String()) },
		Defined: func(at Position, vars []Value) {
			for _, v := range vars {
				heard = append(heard, "defined "+v.Name+" "+v.Type.String()[strings.LastIndexByte(v.Type.String(), '/')+1:])
			}
		},
		Show: func(values []Value) { heard = append(heard, "value "+values[0].Value.String()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Eval(context.Background(), Cell{Number: 7, Text: "df, n := Topic(\"a\"), 1\nShow(df)\nn++\n\"seen\""}); err != nil {
		t.Fatal(err)
	}
	want := []string{"at cell 7:1:1", "defined df fakecells.Frame", "defined n int", "at cell 7:2:1", "verb frame.Frame", "at cell 7:3:1", "at cell 7:4:1", "value seen"}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
