package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/kernel/pipe"
)

// notebook runs cells in workers of the program, as the kernel does.
type notebook struct {
	t      *testing.T
	client *pipe.Client
	count  int
}

// newNotebook is one in a folder, with these settings beside those of the environment.
func newNotebook(t *testing.T, dir string, env ...string) *notebook {
	t.Helper()
	command := func(program string) *exec.Cmd {
		cmd := exec.Command(program, "worker")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		return cmd
	}
	c, err := pipe.Start(pipe.Options{Command: func() *exec.Cmd { return command(riffle) }, Succeed: command})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &notebook{t: t, client: c}
}

// run runs a cell and gives what it printed and showed as text, and its error.
func (n *notebook) run(ctx context.Context, code string) (string, error) {
	n.t.Helper()
	n.count++
	p := &paper{}
	began := time.Now()
	r, err := n.client.Eval(ctx, kernel.Cell{Code: code, Count: n.count}, p)
	p.Show(kernel.Display{Bundle: r.Bundle})
	n.t.Logf("cell %d, %v:\n%s", n.count, time.Since(began).Round(time.Millisecond), p)
	if err != nil {
		n.t.Logf("cell %d: %s", n.count, strings.Join(kernel.AsError(err).Traceback, "\n"))
	}
	return p.String(), err
}

// want runs a cell that must end well and print these words.
func (n *notebook) want(code string, words ...string) {
	n.t.Helper()
	out, err := n.run(n.t.Context(), code)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, w := range words {
		if !strings.Contains(out, w) {
			n.t.Errorf("cell %d lacks %q:\n%s", n.count, w, out)
		}
	}
}

// refuse runs a cell that must fail with these words.
func (n *notebook) refuse(code string, words ...string) {
	n.t.Helper()
	_, err := n.run(n.t.Context(), code)
	if err == nil {
		n.t.Fatalf("cell %d ended well, want an error with %q", n.count, words)
	}
	text := strings.Join(kernel.AsError(err).Traceback, "\n")
	for _, w := range words {
		if !strings.Contains(text, w) {
			n.t.Errorf("cell %d lacks %q:\n%s", n.count, w, text)
		}
	}
}

// paper keeps what a cell shows.
type paper struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *paper) write(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.WriteString(text)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func (p *paper) Stream(_, text string) { p.write(text) }

func (p *paper) Show(d kernel.Display) {
	if text, ok := d.Data["text/plain"].(string); ok {
		p.write(text + "\n")
	}
}

func (p *paper) Clear(bool) {}

func (p *paper) Input(context.Context, string, bool) (string, error) { return "", kernel.ErrNoInput }

const threeModules = `%require gonum.org/v1/gonum/stat@v0.17.0
%require github.com/shopspring/decimal@v1.4.0
%require github.com/paulmach/orb@v0.12.0
`

func TestRequiredModulesWorkInCells(t *testing.T) {
	built(t)
	n := newNotebook(t, t.TempDir())
	n.want("import \"fmt\"\nseen := []string{\"a\"}\nfunc twice(x float64) float64 { return 2 * x }\nfmt.Println(\"once\")", "once")
	n.want("seen = append(seen, \"b\")")
	n.refuse("seen[5]", "out of range")
	n.want(threeModules+`import (
	"gonum.org/v1/gonum/stat"
	"github.com/shopspring/decimal"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)
x := []float64{1, 2, 3, 4}
fmt.Println(stat.Mean(x, nil), twice(stat.Variance(x, nil)), seen)`, "2.5 3.33", "[a b]", "gonum.org/v1/gonum/stat v0.17.0")
	n.want(`price := decimal.RequireFromString("0.1").Add(decimal.NewFromFloat(0.2))
fmt.Println(price, price.Equal(decimal.RequireFromString("0.3")))
price`, "0.3 true")
	n.want(`line := orb.LineString{{8.54, 47.37}, {7.45, 46.95}}
fmt.Printf("%.0f %T %v\n", geo.Length(line), line, line.Bound().Center())
type shop struct { at orb.Point; price decimal.Decimal }
shops := map[string]shop{"x": {orb.Point{1, 2}, price}}
fmt.Println(shops["x"].at.X(), shops["x"].price)`, "94", "orb.LineString", "1 0.3")
	n.want("%require", "shopspring/decimal v1.4.0", "paulmach/orb v0.12.0: import")
	n.want("%require github.com/shopspring/decimal", "to stay with it: %require github.com/shopspring/decimal@v1.4.0")

	again := newNotebook(t, t.TempDir(), "GOPROXY=off", "GOMODCACHE="+t.TempDir())
	began := time.Now()
	again.want(threeModules+"import \"github.com/shopspring/decimal\"\ndecimal.New(1, 2)", "100")
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("what was built before took %v", took)
	}
	again.refuse("%require github.com/google/uuid@v1.6.0", "not in the module cache of this machine, and could not be downloaded")
	again.want("decimal.New(1, 3)", "1000")
}

// built skips a test that builds programs when only short ones are asked for.
func built(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("building a Riffle with modules takes a minute: skipped because of -short")
	}
}

func writeModule(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// notebookFile writes the cells as a notebook.
func notebookFile(t *testing.T, path string, cells ...string) {
	t.Helper()
	type cell struct {
		Type   string         `json:"cell_type"`
		Source string         `json:"source"`
		Meta   map[string]any `json:"metadata"`
	}
	var list []cell
	for _, c := range cells {
		list = append(list, cell{"code", c, map[string]any{}})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": list})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// pricing is a module of the user's own, which uses one that is fetched.
var pricing = map[string]string{
	"pricing/go.mod":        "module pricing\n\ngo 1.24\n\nrequire github.com/shopspring/decimal v1.4.0\n",
	"pricing/fare/no.md":    "not a source",
	"pricing/price_test.go": "package pricing\n\nthis is no Go\n",
	"pricing/price.go": `// Package pricing has prices.
package pricing

import "github.com/shopspring/decimal"

// Of is a price in cents.
func Of(speed float64) float64 {
	f, _ := decimal.NewFromFloat(speed).Mul(decimal.RequireFromString("0.07")).Round(2).Float64()
	return f
}
`,
}

func TestRequiredModulesAreInTheExport(t *testing.T) {
	built(t)
	b := kafkatest.Fake(t)
	if err := b.Fake.CreateTopic(telemetry.CarTopic, telemetry.Partitions, nil); err != nil {
		t.Fatal(err)
	}
	b.Produce(t, cars(2_000)...)
	dir := t.TempDir()
	writeModule(t, dir, pricing)
	file := filepath.Join(dir, "fares.ipynb")
	notebookFile(t, file, threeModules+"%require ./pricing\n"+`import (
	"pricing"
	"gonum.org/v1/gonum/stat"
	"github.com/shopspring/decimal"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)`, `func fare(speed float64) float64 {
	km := geo.Distance(orb.Point{8.5, 47}, orb.Point{8.5 + speed/1000, 47}) / 1000
	rest, _ := decimal.NewFromFloat(stat.Mean([]float64{km, speed}, nil)).Round(3).Float64()
	return rest + pricing.Of(speed)
}
fares := Topic("car-telemetry", Time("ts")).Map("fare", fare, "speed").Select("car", "fare", "ts").To("fares")`)
	out := filepath.Join(dir, "fares")
	stdout, stderr, code := runProgram(t, []string{"KAFKA_BROKERS=" + strings.Join(b.Addrs, ",")}, "export", file, "--frame", "fares", "--out", out)
	if code != 0 || !strings.Contains(stdout, "exported to") {
		t.Fatalf("export: exit code %d\n%s%s", code, stdout, stderr)
	}
	t.Log(stdout)
	for name, want := range map[string]string{
		"go.mod":                   "require github.com/shopspring/decimal v1.4.0\n",
		"go.work":                  "./modules/pricing",
		"vendor/modules.txt":       "# gonum.org/v1/gonum v0.17.0",
		"modules/pricing/price.go": "Package pricing",
		"README.md":                "| `modules/` | modules from folders beside the notebook: `pricing` |\n",
		"pipeline.go":              `"github.com/paulmach/orb/geo"`,
	} {
		text, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s has no %q: %v\n%s", name, want, err, text)
		}
	}
	build := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(t.TempDir(), "fares"), ".")
	build.Dir = out
	build.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "CGO_ENABLED=0", "GOMODCACHE="+t.TempDir())
	if said, err := build.CombinedOutput(); err != nil {
		t.Errorf("the export does not build offline: %v\n%s", err, said)
	}
}

// What cannot be had is said with the reason, and costs nothing of the session.
func TestWhatCannotBeRequired(t *testing.T) {
	dir := t.TempDir()
	writeModule(t, dir, map[string]string{
		"newer/go.mod":   "module newer\n\ngo 1.99\n",
		"newer/a.go":     "package newer\n",
		"broken/go.mod":  "module broken\n\ngo 1.24\n",
		"broken/a.go":    "package broken\n\nfunc F() int { return \"a\" }\n",
		"strings/go.mod": "module strings\n\ngo 1.24\n",
		"strings/a.go":   "package strings\n",
		"cli/go.mod":     "module cli\n\ngo 1.24\n",
		"cli/main.go":    "package main\n\nfunc main() {}\n",
		"native/go.mod":  "module native\n\ngo 1.24\n",
		"native/a.go":    "package native\n\n// int one() { return 1; }\nimport \"C\"\n",
		"data/a.csv":     "1,2\n",
		"one/go.mod":     "module one\n\ngo 1.24\n\nrequire two v0.0.0\n\nreplace two => ../two\n",
		"one/a.go":       "package one\n",
		"fork/go.mod":    "module fork\n\ngo 1.24\n\nreplace a.org/x => b.org/x v1.0.0\n",
	})
	n := newNotebook(t, dir)
	n.want("x := 41")
	for _, c := range []struct {
		line string
		says []string
	}{
		{"github.com/riffle-stream/no-such-thing-at-all@v1.0.0", []string{"github.com/riffle-stream/no-such-thing-at-all"}},
		{"github.com/shopspring/decimal@v9.9.9", []string{"there is no version v9.9.9", "it has ", "v1.4.0"}},
		{"github.com/shopspring/decimal/money@v1.4.0", []string{"github.com/shopspring/decimal/money"}},
		{"github.com/traefik/yaegi/internal/cmd@v0.16.1", []string{"is internal"}},
		{"golang.org/x/text@v0.3.0", []string{"golang.org/x/text", "Riffle itself needs"}},
		{"github.com/paulmach/orb@v0.12.0\n%require github.com/paulmach/orb/geo@v0.11.0", []string{"another line asks for v0.11.0 of github.com/paulmach/orb"}},
		{"fmt", []string{"packages of Go are imported without %require"}},
		{"github.com/riffle-stream/riffle/cells@v1.0.0", []string{"is Riffle itself"}},
		{"github.com/shopspring/decimal@-x", []string{"is no version"}},
		{"two words", []string{"want such as gonum.org/v1/gonum@v0.17.0"}},
		{"./nowhere", []string{"is no folder of a module", "go mod init"}},
		{"./data", []string{"is no folder of a module", "go mod init"}},
		{"mine => ./broken", []string{"its go.mod says module broken, not mine"}},
		{"./newer", []string{"needs Go 1.99", "here is 1.", filepath.Join(dir, "newer")}},
		{"./broken", []string{"the modules do not compile", filepath.Join(dir, "broken", "a.go") + ":3"}},
		{"./strings", []string{"a package of Go has that name"}},
		{"./cli", []string{"no package of it can be imported: cli is a program"}},
		{"./native", []string{"they need cgo"}},
		{"./one", []string{"its go.mod replaces two", "../two: is no folder of a module"}},
		{"./fork", []string{"its go.mod replaces a.org/x by b.org/x@v1.0.0", "import b.org/x in its place"}},
	} {
		n.refuse("%require "+c.line, c.says...)
	}
	n.want("x + 1", "42")
}

// A module in a folder is there as it was when the cell ran, and what was asked for once is there without a network.
func TestModuleInAFolderIsReadAgain(t *testing.T) {
	built(t)
	dir := t.TempDir()
	write := func(factor string) {
		writeModule(t, dir, map[string]string{
			"units/go.mod":   "module example.com/units\n\ngo 1.24\n",
			"units/u.go":     "package units\n\nconst Name = \"kilometres\"\n",
			"scale/go.mod":   "module example.com/scale\n\ngo 1.24\n\nrequire example.com/units v0.0.0\n\nreplace example.com/units => ../units\n",
			"scale/s.go":     "package scale\n\nimport _ \"embed\"\nimport \"example.com/units\"\n\nconst Name = units.Name\n\n//go:embed unit.txt\nvar Unit string\n\nfunc By(x float64) float64 { return x * " + factor + " }\n\nfunc Of[T int | float64](x T) T { return x }\n",
			"scale/unit.txt": "km/h",
		})
	}
	write("2")
	n := newNotebook(t, dir)
	n.want("n := 1")
	n.want("%require example.com/scale => ./scale\nimport \"example.com/scale\"\nscale.By(21)", "from ./scale", "42")
	n.want("n += 1\nscale.Unit", "km/h")
	n.want("scale.Of(2)", "2")
	n.want("scale.Name", "kilometres") // of a folder that scale's go.mod names
	write("3")
	n.want("scale.By(21)", "42")
	n.want("%require ./scale\nn = n + 10\nscale.By(21)", "63")
	n.want("n", "12")
	again := newNotebook(t, dir, "GOPROXY=off", "GOFLAGS=-mod=readonly")
	again.want("%require ./scale\nimport \"example.com/scale\"\nscale.By(2)", "6")
}

// bag is a module with generic functions and types, of every kind that its source alone can give and some that it cannot.
var bag = map[string]string{
	"bag/go.mod":              "module bag\n\ngo 1.21\n",
	"bag/internal/num/num.go": "package num\n\ntype Number interface{ ~int | ~float64 }\n\nfunc One() int { return 1 }\n",
	"bag/sorted/sorted.go":    "package sorted\n\nimport \"cmp\"\n\nfunc Max[T cmp.Ordered](list ...T) (m T) {\n\tfor i, v := range list {\n\t\tif i == 0 || v > m {\n\t\t\tm = v\n\t\t}\n\t}\n\treturn m\n}\n",
	"bag/bag.go": `package bag

import (
	"bag/internal/num"
	"bag/sorted"
	"fmt"
	"slices"
	str "strings"
)

const sep = "|"

// Plain is compiled.
type Plain struct{ N int }

func (p Plain) String() string { return fmt.Sprint("plain ", p.N) }

// Made counts, in compiled code.
var Made int

func New(n int) Plain { Made++; return Plain{n} }

var seen int

type Set[T comparable] interface {
	Add(T) bool
	Len() int
	fmt.Stringer
}

type set[T comparable] map[T]struct{}

func Of[T comparable](list ...T) Set[T] {
	s := set[T]{}
	for _, v := range list {
		s.Add(v)
	}
	return s
}

func (s set[T]) Add(v T) bool { _, ok := s[v]; s[v] = struct{}{}; return !ok }
func (s set[T]) Len() int     { return len(s) }
func (s set[T]) String() string {
	var out []string
	for v := range s {
		out = append(out, show(v))
	}
	slices.Sort(out)
	return str.Join(out, sep)
}

func show(v any) string { return fmt.Sprint(v) }

type Pair[A, B any] struct {
	First A
	Second B
}

// Count is compiled, for all that it has type arguments.
type Count = Pair[string, int]

func Counted(s string) *Count { return &Count{s, len(s)} }

func (p Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{p.Second, p.First} }

func Map[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

func Sum[T num.Number](list ...T) (s T) {
	for _, v := range list {
		s += v
	}
	return s
}

func Top[T int | string](list ...T) string { Made++; return fmt.Sprint(sorted.Max(list...), New(1)) }

func Seen[T any](T) int { seen++; return seen }

func Inner[T any](T) int { return num.One() }

func Later[T any](list []T) (out []func() T) {
	for _, v := range list {
		out = append(out, func() T { return v })
	}
	return out
}
`,
}

// Generic functions and types of a module are instantiated from its source; what they share with compiled code is
// shared, and what cannot be is refused.
func TestGenericsOfModules(t *testing.T) {
	built(t)
	dir := t.TempDir()
	writeModule(t, dir, bag)
	n := newNotebook(t, dir)
	n.want("%require ./bag\nimport (\"bag\"; \"bag/sorted\"; \"fmt\"; \"strings\")\nfmt.Println(bag.Map([]string{\"a\", \"b\"}, strings.ToUpper), bag.Sum(1.5, 2), sorted.Max(3, 9, 4))", "[A B] 3.5 9")
	n.want("type row struct{ n int }\nfmt.Println(bag.Map([]row{{1}, {2}}, func(r row) bag.Plain { return bag.New(r.n) }), bag.Made)", "[plain 1 plain 2] 2")
	n.want("s := bag.Of(3, 1, 3)\nfmt.Println(s.Add(1), s.Add(7), s.Len(), s)\nfmt.Printf(\"%T\", s)", "false true 3 1|3|7", "bag.set[int]")
	n.want("var p bag.Pair[int, string] = bag.Pair[string, int]{\"x\", 1}.Swap()\nfmt.Println(p.First, p.Second, bag.Top(\"a\", \"c\"), bag.Made)", "1 x cplain 1 4")
	n.want("c := bag.Counted(\"four\")\nc.Second++\nvar held *bag.Count = c\nfmt.Println(held.First, held.Second, held.Swap().First)", "four 5 5")
	n.want("func both[T comparable](a, b T) int { return bag.Of(a, b).Len() }\nfmt.Println(both(1, 1), both(\"a\", \"b\"))", "1 2")
	n.refuse("bag.Seen(1)", "cells cannot use bag.Seen", "uses the variable seen of its package", "%require ./folder")
	n.refuse("bag.Inner(1)", "uses package bag/internal/num")
	n.refuse("bag.Later([]int{1})", "keeps the variable v of a loop, which is one for all turns before Go 1.22")
	n.refuse("import \"bag/internal/num\"", "package bag/internal/num is not in std")
}

func TestInterruptedRequireChangesNothing(t *testing.T) {
	dir := t.TempDir()
	writeModule(t, dir, map[string]string{
		"late/go.mod": "module late\n\ngo 1.24\n",
		"late/a.go":   fmt.Sprintf("package late\n\nconst Now = %d\n\nvar Then = Now\n", time.Now().UnixNano()),
	})
	n := newNotebook(t, dir)
	n.want("x := 41")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n.count++
	p, ended := &paper{}, make(chan error, 1)
	go func() {
		_, err := n.client.Eval(ctx, kernel.Cell{Code: "%require ./late", Count: n.count}, p)
		ended <- err
	}()
	for !strings.Contains(p.String(), "building a Riffle") {
		select {
		case err := <-ended:
			t.Fatalf("it ended before it was interrupted: %v\n%s", err, p)
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	began := time.Now()
	err := <-ended
	if failed := kernel.AsError(err); err == nil || failed.Name != "Interrupted" {
		t.Errorf("the interrupted cell ends with %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the interrupt took %v", took)
	}
	n.want("x + 1", "42")
}
