package interp

import (
	"path/filepath"
	"strings"
	"testing"
)

// printCells declare types and print values of them in many ways.
const printTypes = `import ("errors"; "fmt"; "time")
type Color int
func (c Color) String() string { return [...]string{"red", "green"}[c] }
type P struct { X int; Name string }
type Q struct { P P; C Color; c Color; L []Color; M map[string]P; E error; At *P }
type S struct{ v float64 }
func (s *S) String() string { return fmt.Sprint("S", s.v) }
type Fail struct{ Code int }
func (f Fail) Error() string { return fmt.Sprint("fail ", f.Code) }
var _ = time.Second
var _ = errors.New`

var printed = []string{
	`fmt.Println(Color(1), []Color{0, 1}, map[Color]int{1: 2, 0: 3})`,
	`fmt.Printf("%v %d %s %q %x %T|%6v|%-6v|\n", Color(1), Color(1), Color(1), Color(1), Color(1), Color(1), Color(1), Color(0))`,
	`fmt.Printf("%v %+v %#v %T\n", P{1, "a"}, P{1, "a"}, P{1, "a"}, P{1, "a"})`,
	`fmt.Printf("%v %+v\n", &P{1, "a"}, []P{{1, "a"}, {2, "b"}})`,
	`fmt.Printf("%#v %T %T\n", []P{{1, "a"}}, []P{}, &P{})`,
	`fmt.Println(Q{C: 1, c: 1, L: []Color{1}, M: map[string]P{"k": {1, "z"}}})`,
	`fmt.Printf("%+v\n", Q{C: 1, c: 1, L: []Color{1}})`,
	`fmt.Println(&S{1.5})`,
	`fmt.Println(Fail{3}, []error{Fail{4}})`,
	`fmt.Println(fmt.Sprintf("%s|%v", Fail{3}, Fail{3}), fmt.Sprint(P{1, "b"}), fmt.Sprintln(Color(0)))`,
	`fmt.Println(errors.Is(fmt.Errorf("w: %w", errors.ErrUnsupported), errors.ErrUnsupported), fmt.Errorf("w: %w", Fail{1}))`,
	`var x any = P{1, "c"}; fmt.Println(x)`,
	`var y fmt.Stringer = Color(1); fmt.Println(y)`,
	`fmt.Println(struct{ A int; B Color }{1, 1})`,
	`fmt.Println(2*time.Second, []time.Duration{time.Second}, [2]bool{true})`,
	`fmt.Printf("%5.2f|%-5d|%05d|%t|%c|%U|%e\n", 3.14159, 42, 42, true, 'x', 'x', 12345.678)`,
	`var e error; fmt.Println(e, nil, []any{1, "a", nil})`,
	`fmt.Printf("%v %v\n", map[string][]int{"a": {1}}, struct{}{})`,
}

// TestPrint prints values interpreted and compiled.
func TestPrint(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short: it runs the Go toolchain")
	}
	cells := append([]string{printTypes}, printed...)
	got, err := play(t, cells)
	if err != nil {
		t.Fatal(err)
	}
	p, err := whole(t, session{Cells: cells})
	if err != nil {
		t.Fatal(err)
	}
	dir := workDir(t)
	write(t, filepath.Join(dir, "main.go"), p.File("main", "main", fakePath))
	want := strings.Split(goRun(t, dir), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(want) || line != want[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, line, append(want, "")[min(i, len(want))])
		}
	}
}
