package session

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/kernel"
)

const telemetryOf1000 = "cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars, Last(1_000))"

// patience is how long an interrupted cell may go on.
const patience = 500 * time.Millisecond

// interruptWhen runs a cell and interrupts it when it has printed "busy"; it gives the error and how long that took to come.
func (n *notebook) interruptWhen(code string) (failed string, after time.Duration) {
	n.t.Helper()
	ctx, cancel := context.WithCancel(n.t.Context())
	defer cancel()
	n.count++
	p, ended := &page{}, make(chan error, 1)
	go func() {
		_, err := n.Eval(ctx, kernel.Cell{Code: code, Count: n.count}, p)
		ended <- err
	}()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(p.String(), "busy"); {
		select {
		case err := <-ended:
			n.t.Fatalf("the cell ended by itself: %v\n%s", err, p)
		default:
		}
		if time.Now().After(deadline) {
			n.t.Fatalf("the cell never got busy\n%s", p)
		}
		time.Sleep(time.Millisecond) // until the cell says so
	}
	began := time.Now()
	cancel()
	err := <-ended
	if err == nil {
		n.t.Fatalf("the interrupted cell ended well\n%s", p)
	}
	return plainText(strings.Join(kernel.AsError(err).Traceback, "\n")), time.Since(began)
}

func TestInterrupt(t *testing.T) {
	b := raceOf(t, 2_000)
	for name, code := range map[string]string{
		"a loop":              `println("busy"); for { }`,
		"a loop in a filter":  `cars.Filter(func(r Row) bool { println("busy"); for { } })`,
		"a loop in a map":     `cars.Map("x", func(v float64) float64 { println("busy"); for { }; return v }, "speed")`,
		"a loop in a state":   `cars.GroupBy("car").ApplyState(func(r Row, s *State) Row { println("busy"); for { } })`,
		"a slow filter":       `cars.Filter(func(r Row) bool { println("busy"); time.Sleep(20 * time.Millisecond); return true })`,
		"a wait":              `println("busy"); <-make(chan int)`,
		"a loop over samples": `println("busy"); for { Count(cars) }`,
		"a recovering loop":   `func() { for { func() { defer func() { recover() }(); println("busy"); for { } }() } }()`,
	} {
		t.Run(name, func(t *testing.T) {
			n := open(t, t.TempDir(), b)
			n.mustRun("import \"time\"\n" + telemetryOf1000 + "\nvar _ = time.Second")
			n.mustRun("factor := 3.6\nfunc kmh(v float64) float64 { return v * factor }\ntwice := func(v float64) float64 { return 2 * kmh(v) }")
			failed, after := n.interruptWhen(code)
			if !strings.HasPrefix(failed, "Interrupted: the cell was interrupted") || after > patience {
				t.Errorf("after %v (want at most %v): %s", after, patience, failed)
			}
			// What earlier cells made goes on to work, in cells and over rows.
			if got := n.mustRun("kmh(10) + twice(10)"); got != "108.0" && got != "108" {
				t.Errorf("functions after the interrupt give %s, want 108", got)
			}
			if got := n.mustRun(`Count(cars.Filter(func(r Row) bool { return twice(r.Float("speed")) > 0 }))`); got != "1000" {
				t.Errorf("a filter after the interrupt keeps %s rows, want 1000", got)
			}
		})
	}
}

var fingerprint = regexp.MustCompile(`[0-9a-f]{12}`)

func TestPinsOutliveTheSession(t *testing.T) {
	b := raceOf(t, 2_000)
	dir := t.TempDir()
	first := open(t, dir, b)
	was := fingerprint.FindString(first.mustRun(telemetryOf1000))
	first.Close()
	b.Produce(t, lines(t, "car-telemetry", "0\t44\t9000\t{\"car\":\"44\",\"speed\":1.5}")...)

	second := open(t, dir, b)
	shows := second.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\ncars")
	if got := fingerprint.FindString(shows); got != was || was == "" {
		t.Errorf("the second session sees %s, the first saw %s\n%s", got, was, shows)
	}
	if strings.Contains(shows, "taken now") {
		t.Errorf("a pinned sample is said to be new:\n%s", shows)
	}
	if got := fingerprint.FindString(second.mustRun("Resample(cars)")); got == was {
		t.Errorf("Resample gives the rows of before, %s", got)
	}
}

// Resample asks what Sample asked before, after a restart too, and says what changed.
func TestResampleTakesTheSameChoice(t *testing.T) {
	b := raceOf(t, 2_000)
	dir := t.TempDir()
	first := open(t, dir, b)
	first.mustRun(`cars := Topic("car-telemetry", Time("ts"))` + "\nSample(cars, PerKey(2, \"car\"))")
	was := first.mustRun("Count(cars)")
	first.Close()
	n := open(t, dir, b)
	n.mustRun(`cars := Topic("car-telemetry", Time("ts"))`)
	if got := n.mustRun("Resample(cars)"); !strings.Contains(got, "pinned anew (last 2 of each car), ") || !strings.Contains(got, ": the same rows as before") {
		t.Errorf("resampled: %s", got)
	}
	b.Produce(t, lines(t, "car-telemetry", "0\t44\t600000\t{\"car\":\"44\",\"speed\":1.5,\"ts\":\"2026-05-24T13:10:00Z\"}")...)
	if got := n.mustRun("Resample(cars)"); !strings.Contains(got, ": 1 new, 1 of before are no longer among them") {
		t.Errorf("resampled: %s", got)
	}
	if got := n.mustRun("Count(cars)"); got != was {
		t.Errorf("%s rows, want %s", got, was)
	}
	if got := n.mustRun(`Sample(cars, For("2s"))`); !strings.HasPrefix(got, "1 row of ") {
		t.Errorf("the newest 2 s: %s", got)
	}
	n.mustFail(`Sample(cars, For("soon"))`, "For", "soon")
	n.mustFail("Resample(Rows(`{\"a\":1}`))", "read from no topic")
}

func TestAnotherClusterIsToldApart(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, raceOf(t, 2_000))
	was := fingerprint.FindString(first.mustRun(telemetryOf1000))
	first.Close()

	second := open(t, dir, otherCluster(t, 3_000))
	second.mustRun(`cars := Topic("car-telemetry", Time("ts"))`)
	second.mustFail("cars.Head(1)", "pinned from another cluster", "Resample")
	if got := fingerprint.FindString(second.mustRun("Resample(cars)")); got == was || got == "" {
		t.Errorf("Resample on another cluster gives %s, before it was %s", got, was)
	}
	second.mustRun("cars.Head(1)")
}

func TestConnect(t *testing.T) {
	b := raceOf(t, 400)
	n := open(t, t.TempDir(), b)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	n.mustFail("Connect(\""+nobody+"\")", "Connect", nobody, "> 1 │ Connect(")
	n.mustFail(`Connect("localhost")`, "localhost")
	n.mustFail(`Connect("localhost:port")`, "localhost:port")
	n.mustFail(`Connect(" , ")`, "names no broker")
	n.mustRun(`Topic("car-telemetry").Head(1)`) // what could not be reached is not in use
	n.mustRun("Connect(\"" + b.Addrs[0] + "\")")
	n.mustRun(`Topic("car-telemetry").Head(1)`)
}

func TestConnectToWhatIsNoKafka(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			c.Close()
		}
	}()
	n := open(t, t.TempDir(), raceOf(t, 400))
	began := time.Now()
	failed := n.mustFail("Connect(\""+l.Addr().String()+"\")", "Connect(\""+l.Addr().String(), "is your broker port correct")
	t.Logf("%v: %s", time.Since(began), failed)
}

func TestSessionsOfOneFolderAgree(t *testing.T) {
	b := raceOf(t, 2_000)
	dir := t.TempDir()
	one, two := open(t, dir, b), open(t, dir, b)
	was := fingerprint.FindString(one.mustRun(telemetryOf1000))
	if got := fingerprint.FindString(two.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars)")); got != was {
		t.Errorf("two notebooks of one folder see %s and %s", was, got)
	}
}

func TestExpressions(t *testing.T) {
	n := open(t, t.TempDir(), kafkatest.Fake(t))
	res, err := n.Eval(t.Context(), kernel.Cell{Code: "x := 20", Count: 1, Expressions: map[string]string{"good": "x + 1", "bad": "y"}}, &page{})
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Expressions["good"].Data["text/plain"]; got != "21" {
		t.Errorf("x + 1 gives %v", got)
	}
	if e := res.Expressions["bad"].Err; e == nil || !strings.Contains(e.Value, "undefined: y") {
		t.Errorf("y gives %v", e)
	}
}

func TestFailureThatACellRecovers(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 400))
	got := n.mustRun(`cars := Topic("car-telemetry")
func try(f Frame) (n int) {
	defer func() {
		if recover() != nil {
			n = -1
		}
	}()
	Show(f, Limit(-1))
	return 1
}
try(cars)`)
	if got != "-1" {
		t.Errorf("a cell that recovers shows %s", got)
	}
	n.mustFail("xs := []int{1}\nxs[3]", "index out of range", "cell 2:2")
}

func TestAsError(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 400))
	_, err := n.Eval(t.Context(), kernel.Cell{Code: `Topic("car-telemetry").Where("sped > 1")`, Count: 1}, &page{})
	var e *kernel.Error
	if !errors.As(err, &e) || e.Name != "Where" || e.Value != `no column "sped"` {
		t.Errorf("error is %#v", err)
	}
}

func TestGroups(t *testing.T) {
	b := raceOf(t, 400)
	var o kadm.Offsets
	for p := range int32(4) {
		o.Add(kadm.Offset{Topic: "car-telemetry", Partition: p, At: 1, LeaderEpoch: -1})
	}
	if err := b.Admin(t).CommitAllOffsets(t.Context(), "pit-wall", o); err != nil {
		t.Fatal(err)
	}
	shows := open(t, t.TempDir(), b).mustRun("Groups()")
	if !strings.Contains(shows, "pit-wall") || !strings.Contains(shows, "396") || !strings.Contains(shows, "car-telemetry") {
		t.Errorf("Groups shows\n%s", shows)
	}
}

func TestLateOutputStaysWithItsCell(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 400))
	n.mustRun("import (\"fmt\"; \"os\")\ncars := Topic(\"car-telemetry\")\nnow := make(chan bool)\ndone := make(chan bool)")
	p := &page{}
	if _, err := n.Eval(t.Context(), kernel.Cell{Count: 2, Code: `go func() {
	<-now
	fmt.Println("late")
	fmt.Fprintln(os.Stdout, "later")
	<-now
	fmt.Print("latest, ")
	Show(cars.Select("car"), Limit(1))
	done <- true
}()`}, p); err != nil {
		t.Fatal(err)
	}
	n.count = 2
	if shows := n.mustRun("now <- true\nos.Stdout.WriteString(\"all \")\nnow <- true\n<-done\nfmt.Println(\"mine\")"); shows != "all mine" {
		t.Errorf("the later cell shows %q", shows)
	}
	if got := p.String(); !strings.HasPrefix(got, "late\nlater\nlatest, ") || !strings.Contains(got, "the first of 400 rows") {
		t.Errorf("the cell that started it shows %q", got)
	}
}
