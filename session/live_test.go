package session

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	sources "github.com/riffle-stream/riffle"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// building is a notebook that can build live runs, over a topic "cars" of one
// partition that holds a few rows and goes on to get one each 50 ms.
func building(t *testing.T) (n *notebook, send func(i int)) {
	t.Helper()
	b := kafkatest.Fake(t, "cars:1")
	client := b.Client(t)
	send = func(i int) {
		client.Produce(context.Background(), &kgo.Record{Topic: "cars", Key: []byte("44"), Timestamp: time.Now(), Value: fmt.Appendf(nil, `{"car":"44","n":%d,"speed":%d.5}`, i, i)}, nil)
	}
	for i := range 20 {
		send(i)
	}
	if err := client.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	n = open(t, t.TempDir(), b)
	w, err := export.Open(sources.Sources, "")
	if err != nil {
		t.Fatal(err)
	}
	n.cfg.Workshop = w
	n.mustRun("import (\"os\"; \"time\")\ncars := Topic(\"cars\")\nSample(cars, Last(20))")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	t.Cleanup(func() { stop(); <-done })
	go func() {
		defer close(done)
		for i := 20; ctx.Err() == nil; i++ {
			send(i)
			time.Sleep(50 * time.Millisecond)
		}
	}()
	return n, send
}

func TestLiveShowsRowsThatComeAfterIt(t *testing.T) {
	n, send := building(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	p := &page{}
	ended := make(chan error, 1)
	go func() {
		_, err := n.Eval(ctx, kernel.Cell{Code: `Live(cars.Where("n >= 1000000"))`, Count: 9}, p)
		ended <- err
	}()
	waitFor(t, p, "rows read") // the run reads
	send(4_000_000)
	waitFor(t, p, "4000000.5")
	stop()
	select {
	case <-ended:
	case <-time.After(time.Second):
		t.Error("an interrupted run holds its cell for more than a second")
	}
}

// A busy machine draws the last picture of a run later than the interpreter waits for an interrupted cell: that is no call that cannot be ended.
func TestAnInterruptedRunIsNotSaidToGoOn(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	c, late := &running{text: "Live(x)"}, fmt.Errorf("%w; still running: cell 3:1:1", interp.ErrInterrupted)
	if got := n.explain(c, late).Value; got != "the cell was interrupted; still running: cell 3:1:1" {
		t.Errorf("a cell that watches nothing ends with %q", got)
	}
	l := &watched{ended: make(chan struct{})}
	c.held.Store(l)
	time.AfterFunc(10*time.Millisecond, func() { close(l.ended) })
	if got := n.explain(c, late).Value; got != "the cell was interrupted" {
		t.Errorf("a cell that watches a run ends with %q", got)
	}
}

// waitFor waits until a page shows a text.
func waitFor(t *testing.T, p *page, text string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !strings.Contains(p.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the page does not show %q:\n%s", text, p.String())
		}
	}
}

func TestLiveChartKeepsItsLastPicture(t *testing.T) {
	n, _ := building(t)
	p := &pictures{}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: `Live(Line(cars, "n", "speed", "car"), For("1s"))`, Count: 9}, p); err != nil {
		t.Fatal(err)
	}
	last := p.shown[len(p.shown)-1]
	if last.Data["image/png"] == nil || last.Data["image/svg+xml"] == nil || last.Data["text/html"] != nil || !last.Update {
		t.Errorf("the last display has %d forms and update %v, want SVG and PNG in the place of the first", len(last.Data), last.Update)
	}
	seen := map[any]bool{}
	for _, d := range p.shown {
		if svg := d.Data["image/svg+xml"]; svg != nil {
			seen[svg] = true
		}
	}
	if len(seen) < 3 {
		t.Errorf("the chart had %d pictures in a second, want it to move", len(seen))
	}
}

// The window that is still open is the dashed end of its line.
func TestLiveChartShowsTheOpenWindow(t *testing.T) {
	n, _ := building(t)
	p := &pictures{}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: `Live(Line(cars.GroupBy("car").Tumbling("2s").Agg("avg = mean(speed)"), "window_end", "avg", "car"), For("7s"))`, Count: 9}, p); err != nil {
		t.Fatal(err)
	}
	dashed := 0
	for _, d := range p.shown {
		if svg, ok := d.Data["image/svg+xml"].(string); ok && strings.Contains(svg, "stroke-dasharray") {
			dashed++
		}
	}
	if dashed < 3 {
		t.Errorf("%d of %d pictures have a dashed line, want some", dashed, len(p.shown))
	}
}

// pictures keeps every display of a cell.
type pictures struct {
	page
	shown []kernel.Display
}

func (p *pictures) Show(d kernel.Display) { p.shown = append(p.shown, d) }

func TestLiveSurvivesItsFunctions(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that build several programs")
	}
	n, _ := building(t)
	n.mustFail("Live(cars.Filter(func(r Row) bool {\n\tvar m map[string]int\n\tm[r.Str(\"car\")] = 1\n\treturn true\n}))",
		"could not take", "cars 0@", `"car":"44"`, "assignment to entry in nil map", fmt.Sprintf("cell %d:3", n.count+1), "OnError(Skip)")
	n.mustFail("Live(cars.Filter(func(r Row) bool { os.Exit(3); return true }))", "process ended: exit status 3")
	for what, body := range map[string]string{"loops": "for { }", "sleeps": "time.Sleep(time.Hour)"} {
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, stop)
		began := time.Now()
		_, failed := n.runIn(ctx, "Live(cars.Filter(func(r Row) bool { "+body+"; return true }))")
		if took := time.Since(began); took > 7*time.Second {
			t.Errorf("a function that %s holds the cell for %s after an interrupt at 5 s: %s", what, took, failed)
		}
	}
	if got := n.mustRun("1 + 1"); got != "2" {
		t.Errorf("afterwards 1 + 1 is %s", got)
	}
}

func TestLiveInTheBackground(t *testing.T) {
	n, _ := building(t)
	n.mustRun(`run := Live(cars.Select("n"))`)
	if got := n.mustRun("6 * 7"); got != "42" {
		t.Errorf("while it runs a cell shows %q", got)
	}
	n.mustRun("run.Stop()")
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.lives) != 0 {
		t.Errorf("after Stop %d runs go on", len(n.lives))
	}
}

func TestLiveRefusesWhatItCannotWatch(t *testing.T) {
	n, _ := building(t)
	n.mustFail("Live(3)", "int is nothing to watch")
	n.mustFail(`Live(Outputs(cars.To("a"), cars.Where("n > 1").To("b")))`, "several ends: watch one of those that Outputs is given")
	n.mustFail(`Live(cars, By("n"))`, "Live does not take By(\"n\"), it takes For and Limit")
	n.mustFail(`Live(cars, For("soon"))`, `duration "soon" is not one`)
	n.mustFail(`Live(Line(cars, "n", "car"))`, `y column "car" is string`)
}
