package export_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// shop is the workshop of all tests, in the user's cache, where the engine is compiled already if it ever was.
func shop(t testing.TB) *export.Workshop {
	t.Helper()
	w, err := export.Open(os.DirFS(".."), "")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// offline hides the module cache and the network from the go commands of a test.
func offline(t *testing.T) {
	t.Helper()
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "off")
}

// exported writes, compiles and verifies the i-th program of a notebook.
func exported(t *testing.T, w *export.Workshop, n *notebook, i int, dir string) *export.Proof {
	t.Helper()
	proof, err := w.Write(t.Context(), dir, n.made[i], nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := replay.Diff(n.rows[i], proof.Rows); d != "" {
		t.Errorf("the proof's rows and the notebook's: %s", d)
	}
	if len(proof.Rows) < 300 {
		t.Errorf("only %d bytes of rows: the case shows nothing", len(proof.Rows))
	}
	binary, err := w.Compile(t.Context(), dir, func(s string) { t.Log(s) })
	if err != nil {
		t.Fatal(err)
	}
	if err := export.Verify(t.Context(), binary, proof); err != nil {
		t.Error(err)
	}
	return proof
}

// Slices are hard where a frame is not made by a row of plain statements.
var slices = []struct {
	name  string
	cells []string
	has   []string // in pipeline.go
	not   []string
}{
	{"helper", []string{
		"import \"fmt\"\n// limit is the least speed, km/h.\nconst limit = 300",
		`func fast(f Frame) Frame { return f.Where(fmt.Sprintf("kmh > %d", limit)) }`,
		"cars := Topic(\"cars\", Time(\"ts\")) // everything\nother := Topic(\"weather\")\nother",
		"df := fast(cars.With(\"kmh = speed * 3.6\"))\nShow(df)\nfmt.Println(\"looking\")",
		`Export(df.GroupBy("car").Tumbling("10s").Agg("n = count()", "top = max(kmh)").To("fast"), "out")`,
	}, []string{"// limit is the least speed, km/h.", "// everything", `cell 4 line 2: Show(df)`, `return df.GroupBy("car")`}, []string{"other", "\nShow"}},
	{"loop", []string{
		"import \"fmt\"\nframes := map[string]Frame{}\nfor i := range 5 {\n\tcar := fmt.Sprintf(\"car-%d\", i)\n\tframes[car] = Topic(\"cars\", Time(\"ts\")).Where(fmt.Sprintf(\"car == '%s'\", car))\n}",
		`Export(frames["car-3"].Select("car", "speed", "ts").To("third"), "out")`,
	}, []string{"for i := range 5"}, nil},
	{"method", []string{
		"import \"fmt\"\ntype Rule struct{ Gear int }",
		`func (r Rule) Keep(f Frame) Frame { return f.Where(fmt.Sprintf("gear == %d", r.Gear)) }`,
		`rules := []Rule{{2}, {5}}`,
		`Export(rules[1].Keep(Topic("cars", Time("ts"))).To("fifth"), "out")`,
	}, []string{"func (r Rule) Keep", "type Rule struct"}, nil},
	{"closure", []string{
		"steps := []string{}\nadd := func(s string) { steps = append(steps, s) }",
		`add("kmh = speed * 3.6")`,
		`add("twice = kmh + kmh")`,
		`Export(Topic("cars", Time("ts")).With(steps...).To("closed"), "out")`,
	}, []string{`add("twice = kmh + kmh")`}, nil},
	{"count", []string{
		"import \"fmt\"\ncars := Topic(\"cars\", Time(\"ts\"))",
		"least := Count(cars) / 3",
		"question := \"which gear?\"\ngear := len(Input(question)) - 3",
		`Export(Topic("cars", Time("ts")).Where(fmt.Sprintf("speed > %d and gear != %d and car != '%s'", least, gear, Input("which car?")[:5])).To("fast"), "out")`,
	}, []string{
		"least := 600 /* Count(cars) in cell 2, over the sample",
		`gear := len("car-1\\\n*/" /* Input(question) in cell 3 */) - 3`, "_ = question",
		`"car-1\\\n*/" /* Input("which car?") in cell 4 */ [:5]`,
	}, []string{"Count(cars) /", "Input(question))"}},
	{"types of a closure", []string{
		"type Kmh float64\ntype Gear int",
		`Export(Topic("cars", Time("ts")).Map("low", func(v Kmh, g Gear) bool { return float64(v) < float64(g)*40 }, "speed", "gear").To("low"), "out")`,
	}, []string{"type Kmh float64", "type Gear int"}, nil},
	{"redefined", []string{
		`least := 100`,
		`keep := func(speed float64) float64 { return speed*2 + float64(least)*0.5 }`,
		`df := Topic("cars", Time("ts")).Map("score", keep, "speed")`,
		"import \"fmt\"\nleast := \"300\"",
		`df := df.Where(fmt.Sprint("score > ", least))`,
		`Export(df.Select("car", "score").To("scores"), "out")`,
	}, []string{"least_1 := 100", `least := "300"`, "float64(float64(least_1)*0.5)"}, nil},
	{"verb inside a function", []string{
		`func ship(gear string, name string) { Export(Topic("cars", Time("ts")).Where("gear == "+gear).To(name), "out") }`,
		"for _, g := range []string{\"1\", \"6\"} {\n\tship(g, \"gear-\"+g)\n}",
	}, []string{"func ship", "for _, g := range"}, nil},
	{"struct", []string{
		"type Set struct {\n\tName string\n\tSlow, Fast Frame\n}",
		`all := Topic("cars", Time("ts"))`,
		`s := Set{Name: "mine", Slow: all.Where("speed < 100"), Fast: all.Where("speed >= 200")}`,
		"far := func(r Row) Row {\n\treturn r.With(\"m\", r.Float(\"speed\"))\n}",
		`Export(s.Fast.GroupBy("car").ApplyState(func(r Row, st *State) Row { st.Set("m", st.Float("m", 0)+r.Float("speed")*0.1); return r.With("m", st.Float("m", 0)) }, "m float").To(s.Name), "out")`,
	}, []string{"type Set struct", "s.Fast.GroupBy"}, []string{"far :="}},
	{"shape", []string{
		"fast, slow := Topic(\"cars\", Time(\"ts\")).With(\"kmh = speed * 3.6\", \"parts = split(car, '-')\").Split(\"kmh > 300\")\nslow",
		"halves := func(r Row) []Row {\n\treturn []Row{r.With(\"half\", 1), r.With(\"half\", 2)}\n}",
		"double := func(v, out []float64) {\n\tfor i := range out {\n\t\tout[i] = v[i] * 2\n\t}\n}",
		`Export(fast.Explode("parts string").Require("kmh < 9000").FlatMap(halves, "half int").MapBatch("twice", double, "kmh").
	Cast("gear string").DropNull("parts").Do(func(r Row) {}).GroupBy("parts", "band = floor(kmh / 50)").Tumbling("10s").
	Agg("n = count()", "sum(twice)", "max(gear)").Key("band").To("shaped"), "out")`,
	}, []string{"fast, slow :=", "halves := func", `GroupBy("parts", "band = floor(kmh / 50)")`}, nil},
	{"concat", []string{
		"fast, slow := Topic(\"cars\", Time(\"ts\")).Split(\"speed > 50\")",
		`Export(Concat(fast.Select("car", "speed", "ts"), slow.Select("ts", "car", "speed = null")).GroupBy("car").
	ApplyState(func(r Row, s *State) Row { s.Set("n", s.Int("n", 0)+1); return r.With("n", s.Int("n", 0)) }, "n int").To("both"), "out")`,
	}, []string{"Concat("}, nil},
	{"outputs", []string{
		"fast, slow := Topic(\"cars\", Time(\"ts\")).With(\"kmh = speed * 3.6\").Header(\"trace\", \"uuid()\").Split(\"kmh > 300\")",
		`Export(Outputs(
	fast.To("fast", KeyAs("gear")),
	slow.Select("car", "kmh", "at = ts + dur('1h')").ToOneOf("'slow-' + substr(car, 4)", []string{"slow-1", "slow-2", "slow-3"}, Time("at")).OnError(Skip, Budget("off")),
), "out")`,
	}, []string{"fast, slow :=", "Outputs("}, nil},
	{"names of the prelude", []string{
		`func Line(f Frame) Frame { return f.Where("gear > 3") }`,
		"plan, cells := \"cars\", 1\nfunc stream() string { return plan }\nfunc roots() int { return cells }\nfunc pipeline() string { return \"gear > 3\" }\ntype os struct{}",
		`Export(Line(Topic(stream(), Time("ts"))).Where(pipeline()).To("facts").With("n = 1").To("code"), "out")`,
	}, []string{"riffle.Frame", "riffle.Topic(stream()", "func pipeline2() riffle.Frame"}, nil},
}

// Functions of types that the engine has no loop for are called by one that the program brings. A function can see who calls it.
func TestFunctionsOfExportsAreCalledWithoutReflection(t *testing.T) {
	if testing.Short() {
		t.Skip("building a program takes a minute where the engine is not compiled: skipped because of -short")
	}
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	n.run(
		"import (\n\"runtime/debug\"\n\"strings\"\n\"time\"\n)\ntype Kmh float64\ntype Gear int32",
		`called := func() string { if strings.Contains(string(debug.Stack()), "reflect.Value.Call") { return "by reflection" }; return "directly" }`,
		`df := Topic("cars", Time("ts")).
	Map("named", func(v Kmh, g Gear) string { return called() }, "speed", "gear").
	Map("when", func(t time.Time, car string) time.Duration { if called() == "directly" { return time.Second }; return time.Minute }, "ts", "car").
	Map("slow", func(v Kmh) bool { return v < 100 }, "speed").
	Map("next", func(g Gear, slow bool) (h Gear) { if slow { return g + 1 }; return g }, "gear", "slow").
	Map("anything", func(v any) string { return called() }, "gear")`,
		`Export(df.Select("car", "gear", "speed", "named", "when", "slow", "next", "anything").To("out"), "out")`,
	)
	dir := filepath.Join(t.TempDir(), "functions")
	proof, err := w.Write(t.Context(), dir, n.made[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if named := `"named":"by reflection","when":60000`; !strings.Contains(string(proof.Rows), named) {
		t.Errorf("the notebook's rows lack %s:\n%.300s", named, proof.Rows)
	}
	binary, err := w.Compile(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "rows.jsonl")
	if said, err := exec.Command(binary, "--sample", proof.Sample, "--rows", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	rows, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(`"named":"by reflection","when":60000`, `"named":"directly","when":1000`).Replace(string(proof.Rows))
	if d := replay.Diff([]byte(want), rows); d != "" {
		t.Errorf("the program's rows and those wanted: %s\n%s", d, read(t, dir, "callers.go"))
	}
}

func TestExportedProgramsGiveTheNotebooksRows(t *testing.T) {
	w := shop(t)
	if err := w.Warm(t.Context()); err != nil { // makes the library, for which modules are needed
		t.Fatal(err)
	}
	offline(t)
	sample := writeSample(t)
	built := slices
	if testing.Short() {
		built = slices[:1] // a program takes seconds to build
	}
	for _, test := range built {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			n := newNotebook(t, sample)
			n.run(test.cells...)
			last := len(n.made) - 1
			dir := filepath.Join(t.TempDir(), "car-speed")
			exported(t, w, n, last, dir)
			text := read(t, dir, "pipeline.go")
			for _, want := range test.has {
				if !strings.Contains(text, want) {
					t.Errorf("pipeline.go lacks %q", want)
				}
			}
			for _, bad := range test.not {
				if strings.Contains(text, bad) {
					t.Errorf("pipeline.go has %q", bad)
				}
			}
			if t.Failed() {
				t.Logf("pipeline.go:\n%s\nmain.go:\n%s", text, read(t, dir, "main.go"))
			}
		})
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// An exported folder is the user's: what he changes in a function changes the rows, the test says so, and the next
// export does not overwrite it.
func TestChangedFunctionChangesTheRows(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that build several programs")
	}
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	n.run(
		`func kmh(speed float64) float64 { return speed * 3.6 }`,
		`Export(Topic("cars", Time("ts")).Map("kmh", kmh, "speed").To("out"), "out")`,
	)
	dir := filepath.Join(t.TempDir(), "Car Speed")
	proof := exported(t, w, n, 0, dir)
	exported(t, w, n, 0, dir) // again, over the first
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	exported(t, w, n, 0, dir)
	if got := read(t, dir, "notes.txt"); got != "mine" {
		t.Errorf("a file of the user is %q after an export", got)
	}
	if out, err := goTest(t, dir); err != nil {
		t.Fatalf("go test: %v\n%s", err, out)
	}

	changed := strings.Replace(read(t, dir, "pipeline.go"), "speed * 3.6", "speed * 2.2", 1)
	if err := os.WriteFile(filepath.Join(dir, "pipeline.go"), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	binary, err := w.Compile(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = export.Verify(t.Context(), binary, proof)
	if !errors.Is(err, export.ErrDiffers) || !strings.Contains(err.Error(), "row 1 differs (600 rows wanted, 600 rows given)") || !strings.Contains(err.Error(), `"kmh":180`) {
		t.Errorf("verify after the change: %v", err)
	}
	if out, err := goTest(t, dir); err == nil || !strings.Contains(string(out), "row 1 differs") {
		t.Errorf("go test after the change: %v\n%s", err, out)
	}
	if _, err := w.Write(t.Context(), dir, n.made[0], nil); !errors.Is(err, export.ErrFolder) || !strings.Contains(err.Error(), "pipeline.go was changed") {
		t.Errorf("export over a changed file: %v", err)
	}
}

// A function that keeps state is edited in the exported folder, built, and started on the state of the one before.
func TestChangedFunctionIsRefusedTheOldState(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that build several programs")
	}
	w, b := shop(t), kafkatest.Fake(t, "cars:3")
	n := newNotebook(t, writeSample(t))
	n.run(
		`func gain(speed float64) float64 { return speed * 0.1 }`,
		"sum := func(r Row, s *State) Row {\n\ts.Set(\"m\", s.Float(\"m\", 0)+gain(r.Float(\"speed\")))\n\treturn r.With(\"m\", s.Float(\"m\", 0))\n}",
		`fast := Topic("cars", Time("ts")).Where("speed > 10")`,
		`Export(fast.GroupBy("car").ApplyState(sum, "m float").To("out"), "out")`,
	)
	dir, state := filepath.Join(t.TempDir(), "car-sum"), t.TempDir()
	exported(t, w, n, 0, dir)
	start := func(old, new string, args ...string) (int, string) {
		t.Helper()
		text := read(t, dir, "pipeline.go")
		if edited := strings.Replace(text, old, new, 1); edited == text && old != "" {
			t.Fatalf("%q is not in\n%s", old, text)
		} else if err := os.WriteFile(filepath.Join(dir, "pipeline.go"), []byte(edited), 0o644); err != nil {
			t.Fatal(err)
		}
		binary, err := w.Compile(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		b.ProduceKeyed(t, &kgo.Record{Topic: "cars", Key: []byte("car-1"), Value: []byte(`{"car":"car-1","speed":100.0,"gear":1,"ts":1700000000000}`)})
		return untilRow(t, b, exec.Command(binary, append(args, "--brokers", b.Addrs[0], "--state-dir", state, "--idle", "off")...))
	}
	for i, c := range []struct {
		old, new string
		args     []string
		code     int
	}{
		{},
		{old: "speed > 10", new: "speed > 20"},
		{old: "speed * 0.1", new: "speed * 0.2", code: 4},
		{args: []string{"--adopt", "apply:car#1"}},
		{},
	} {
		code, said := start(c.old, c.new, c.args...)
		if code != c.code || c.code != 0 && !strings.Contains(said, "--adopt 'apply:car#1'") {
			t.Fatalf("start %d: exit %d, want %d: %s", i, code, c.code, said)
		}
	}
	rows := b.Read(t, "out")
	if last := string(rows[len(rows)-1].Value); !strings.Contains(last, `"m":80`) {
		t.Errorf("the last row is %s: 10 and 10 by the old function, then three times 20 by the new one", last)
	}
}

// untilRow runs a program until it has written a row, or has ended by itself, and gives its exit code and what it said.
func untilRow(t *testing.T, b *kafkatest.Broker, cmd *exec.Cmd) (int, string) {
	t.Helper()
	before := len(written(t, b))
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	for {
		select {
		case <-ended:
			return cmd.ProcessState.ExitCode(), said.String()
		case <-time.After(100 * time.Millisecond):
		}
		if len(written(t, b)) > before {
			_ = cmd.Process.Signal(syscall.SIGTERM)
			<-ended
			return cmd.ProcessState.ExitCode(), said.String()
		}
	}
}

// written are the rows of the topic out, none if it is not there.
func written(t *testing.T, b *kafkatest.Broker) []*kgo.Record {
	t.Helper()
	have, err := b.Admin(t).ListTopics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !have.Has("out") {
		return nil
	}
	return b.Read(t, "out")
}

// goTest runs the exported test as its user would, on the compiled packages that the other tests have left.
func goTest(t *testing.T, dir string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-trimpath", "-buildvcs=false", "-run", "Sample", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=", "CGO_ENABLED=0", "GOPROXY=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.Bytes(), err
}
