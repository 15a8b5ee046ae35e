package session

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

// A frame calls its functions when rows flow: what a cell declares anew after the frame is seen by its function
// literals and by the functions that these call, and a function that was handed over by its name stays what it was.
// The exported program does the same, which Export compares.
func TestFramesSeeWhatIsDeclaredAnew(t *testing.T) {
	n, _ := building(t)
	n.mustRun(strings.TrimSpace(`
type Scale struct{ By int64 }
func (s Scale) Of(n int64) int64 { return n * s.By }
func rate() int64 { return 10 }
func twice[T int64 | float64](v T) T { return v + v }
func named(n int64) int64 { return n + rate() }
const step = 1
scale, base := Scale{1000}, int64(7)
marked := cars.Where("n < 3").
	Map("called", func(n int64) int64 { return named(n) }, "n").
	Map("held", named, "n").
	Map("method", func(n int64) int64 { return scale.Of(n) + step }, "n").
	Map("bound", scale.Of, "n").
	Map("generic", func(n int64) int64 { return twice(n) + base }, "n")`))
	rows := func() string {
		return n.mustRun(`for _, r := range Collect(marked).Rows() { fmt.Println(r.Int("n"), r.Int("called"), r.Int("held"), r.Int("method"), r.Int("bound"), r.Int("generic")) }`)
	}
	n.mustRun(`import "fmt"`)
	if got, want := rows(), "0 10 10 1 0 7\n1 11 11 1001 1000 9\n2 12 12 2001 2000 11"; got != want {
		t.Fatalf("at first the rows are\n%s\nwant\n%s", got, want)
	}
	n.mustRun("func rate() int64 { return 20 }")
	n.mustRun("func (s Scale) Of(n int64) int64 { return n * s.By * 2 }\nfunc twice[T int64 | float64](v T) T { return v * 3 }")
	n.mustFail("func named(n int64) int64 { return missing }", "undefined: missing")
	if got, want := rows(), "0 20 20 1 0 7\n1 21 21 2001 2000 10\n2 22 22 4001 4000 13"; got != want {
		t.Errorf("after what they call was declared anew the rows are\n%s\nwant\n%s", got, want)
	}
	n.mustRun("func named(n int64) int64 { return -n }\nbase = 100")
	if got, want := rows(), "0 0 20 1 0 100\n1 -1 21 2001 2000 103\n2 -2 22 4001 4000 106"; got != want {
		t.Errorf("after the function itself was declared anew the rows are\n%s\nwant\n%s", got, want)
	}
	n.mustRun("const step = 5")
	got := n.mustRun(`Export(marked.To("marked"), "marked")`)
	if !strings.Contains(got, "exported to ./marked") || !strings.Contains(got, "3 rows over the sample") {
		t.Errorf("the export says %s", got)
	}
}

// TestLiveKeepsItsProgram declares anew what the function of a run calls: the run goes on with the program that it
// started with, and the next one has the new function.
func TestLiveKeepsItsProgram(t *testing.T) {
	n, send := building(t)
	n.mustRun("func tag(n int64) int64 { return n + 1_000_000_000 }\nmarked := cars.Map(\"tag\", func(n int64) int64 { return tag(n) }, \"n\").Select(\"tag\").Where(\"tag % 1_000_000_000 >= 7_000_000\")")
	start := func(name string) *page {
		n.count++
		p := &page{}
		if _, err := n.Eval(t.Context(), kernel.Cell{Code: name + " := Live(marked)", Count: n.count}, p); err != nil {
			t.Fatal(err)
		}
		waitFor(t, p, "rows read")
		return p
	}
	first := start("first")
	send(7_000_001)
	waitFor(t, first, "1007000001")
	n.mustRun("func tag(n int64) int64 { return n + 2_000_000_000 }")
	second := start("second")
	send(7_000_002)
	waitFor(t, first, "1007000002")
	waitFor(t, second, "2007000002")
	if strings.Contains(first.String(), "2007000002") || strings.Contains(second.String(), "1007000002") {
		t.Errorf("one run shows the rows of the other:\n%s\n%s", first, second)
	}
	n.mustRun("first.Stop()\nsecond.Stop()")
}

// TestInterruptAndFrames interrupts cells that wait in every way, while a live run goes on in the background, and then
// asks for the rows of frames that were made before: they are the same.
func TestInterruptAndFrames(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that wait a second a dozen times")
	}
	n, send := building(t)
	n.mustRun(`import ("fmt"; "strings"; "sync"; "regexp")
var calls struct { sync.Mutex; n int }
func label(n int64) string { calls.Lock(); defer calls.Unlock(); calls.n++; return fmt.Sprint("#", n*2) }
func fast(v float64) float64 { return v * 3.6 }
upper := func(s string) string { return strings.ToUpper(s) + "!" }
marked := cars.Map("label", label, "n").Map("kmh", func(v float64) float64 { return fast(v) }, "speed").
	Filter(func(r Row) bool { return r.Int("n") % 2 == 0 }).Map("up", func(s string) string { return upper(s) }, "car")
perCar := marked.GroupBy("up").Tumbling("1h").Agg("n = count()", "sum(kmh)")
ask, answer := make(chan int64), make(chan string)
go func() { for v := range ask { answer <- label(v) } }()`)
	rows := func() string { return n.mustRun("marked.Head(20)") + "\n" + n.mustRun("perCar") }
	want := rows()
	if !strings.Contains(want, "#36") || !strings.Contains(want, "44!") {
		t.Fatalf("the rows are\n%s", want)
	}
	p := &page{}
	n.count++
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: `run := Live(marked.Where("n >= 1_000_000"))`, Count: n.count}, p); err != nil {
		t.Fatal(err)
	}
	waitFor(t, p, "rows read")
	for i, code := range []string{
		"!sleep 100", "time.Sleep(time.Hour)", "<-make(chan int)", "select { }", "for { }",
		"run.Wait()", `Live(marked)`, "var mu sync.Mutex\nmu.Lock()\nmu.Lock()",
		`for { regexp.MustCompile("(a+)+$").MatchString(strings.Repeat("a", 1<<16)) }`,
		`Collect(cars.Filter(func(r Row) bool { for { }; return true }))`,
		`cars.Map("x", func(n int64) int64 { time.Sleep(time.Hour); return n }, "n")`,
		`for i := range Progress(1 << 40) { _ = i }`,
	} {
		code = strings.TrimSpace(code)
		t.Run(code, func(t *testing.T) {
			n.interrupt(t, code)
			if got := rows(); got != want {
				t.Errorf("afterwards the rows are\n%s\nwant\n%s", got, want)
			}
			if got := n.mustRun("ask <- 21\n<-answer"); got != `"#42"` && got != "#42" {
				t.Errorf("afterwards the goroutine says %s", got)
			}
			v := 1_000_000 + 2*i
			send(v)
			waitFor(t, p, fmt.Sprint("#", 2*v))
		})
	}
}

// interrupt runs a cell, interrupts it after a while, and fails if it does not return within half a second: on a
// machine that does much else, three.
func (n *notebook) interrupt(t *testing.T, code string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	began := time.Now()
	_, failed := n.runIn(ctx, code)
	took := time.Since(began) - time.Second
	if t.Logf("took %v after the interrupt", took.Round(time.Millisecond)); took > 3*time.Second {
		t.Errorf("took %v: %s", took, failed)
	}
	if took < 0 {
		t.Errorf("ended by itself: %s", failed)
	}
}
