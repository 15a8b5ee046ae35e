package expr

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestFunctions looks at the documentation of every function: its example
// must be an expression that uses it, of columns as telemetry has them.
func TestFunctions(t *testing.T) {
	s := row.NewSchema(
		row.Field{Name: "_start", Kind: row.Time}, row.Field{Name: "start", Kind: row.Time}, row.Field{Name: "ts", Kind: row.Int},
		row.Field{Name: "car", Kind: row.String}, row.Field{Name: "driver", Kind: row.String}, row.Field{Name: "path", Kind: row.String}, row.Field{Name: "payload", Kind: row.String},
		row.Field{Name: "lap", Kind: row.Int}, row.Field{Name: "gear", Kind: row.Int}, row.Field{Name: "brake", Kind: row.Int}, row.Field{Name: "n", Kind: row.Int},
		row.Field{Name: "tags", Kind: row.List}, row.Field{Name: "laps", Kind: row.List},
	)
	for name := range strings.FieldsSeq("speed last_speed kmh delta throttle rpm power age volume heading slope x ax ay vx vy lat lon") {
		s = s.With(row.Field{Name: name, Kind: row.Float})
	}
	seen := map[string]bool{}
	for _, f := range Functions() {
		if seen[f.Name] {
			t.Errorf("%s is there twice", f.Name)
		}
		seen[f.Name] = true
		if f.Doc == "" || strings.HasSuffix(f.Doc, ".") || !strings.HasPrefix(f.Signature, f.Name+"(") {
			t.Errorf("%s: doc %q, signature %q", f.Name, f.Doc, f.Signature)
		}
		e, err := Parse(f.Example)
		if err != nil {
			t.Errorf("%s: example %s: %v", f.Name, f.Example, err)
			continue
		}
		if _, err := e.Check(s); err != nil {
			t.Errorf("%s: example %s: %v", f.Name, f.Example, err)
		}
		if !strings.Contains(f.Example, f.Name+"(") {
			t.Errorf("%s: example %s does not use it", f.Name, f.Example)
		}
	}
}

// TestEveryFunctionHasCases keeps testdata/values.txt complete.
func TestEveryFunctionHasCases(t *testing.T) {
	text, err := os.ReadFile("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Functions() {
		if n := len(regexp.MustCompile(`\b`+f.Name+`\(`).FindAll(text, -1)); n < 1 {
			t.Errorf("%s has no case", f.Name)
		}
	}
	for op := range precedence {
		if !strings.Contains(string(text), " "+op+" ") {
			t.Errorf("operator %s has no case", op)
		}
	}
}

// TestNullArguments gives null to every parameter of every form: all but the
// few functions that look at null give null, and none fails.
func TestNullArguments(t *testing.T) {
	b := oneRow(t)
	seesNull := words("has null coalesce if")
	for name, f := range library().byName {
		for _, o := range f.forms {
			if f.lenient || o.prepare != nil || seesNull[name] || len(o.in) == 0 {
				continue
			}
			n := &node{form: call, name: name}
			for range o.in {
				n.args = append(n.args, &node{})
			}
			c := newCompiler(b.Schema, &meter{})
			s, err := c.call(n)
			if err != nil {
				t.Errorf("%s%v of nulls: %v", name, o.in, err)
				continue
			}
			if v := c.program(s).Eval(b); !v.IsNull(0) {
				t.Errorf("%s%v of nulls is %v", name, o.in, v.Value(0))
			}
		}
	}
}

func ExampleFunctions() {
	for _, f := range Functions()[:2] {
		fmt.Printf("%s\n  %s\n", f.Signature, f.Doc)
	}
	// Output:
	// abs(x int) int
	// abs(x float) float
	// abs(x duration) duration
	//   the distance from 0
	// sign(x int) int
	// sign(x float) float
	//   -1, 0 or 1
}

func ExampleCompile() {
	schema := row.NewSchema(row.Field{Name: "speed", Kind: row.Float})
	name, e, _ := ParseColumn("kmh = speed * 3.6")
	program, _ := Compile(e, schema)
	batch := &row.Batch{Schema: schema, Time: []int64{1, 2}, Cols: []row.Vec{{Kind: row.Float, Floats: []float64{10, 80}}}}
	fmt.Println(name, program.Eval(batch).Floats)
	// Output: kmh [36 288]
}

func ExampleError_Caret() {
	e, _ := Parse("amont > 3")
	_, err := e.Check(row.NewSchema(row.Field{Name: "amount", Kind: row.Int}))
	fmt.Println(err)
	fmt.Println(err.(*Error).Caret())
	// Output:
	// no column "amont" (have amount; did you mean amount?)
	// amont > 3
	// ^~~~~
}
