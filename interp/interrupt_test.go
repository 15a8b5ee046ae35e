package interp

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// soon bounds how long an interrupted cell may take on a machine that does much else; the aim is half a second, which
// the log tells of.
const soon = 3 * time.Second

// interruptCases are cells that do not end by themselves.
var interruptCases = []struct{ name, cell string }{
	{"busy loop", "for { }"},
	{"range", "for i := range 1 << 60 { _ = i }"},
	{"recursion", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(60)"},
	{"methods", "type N struct{ n int }\nfunc (n *N) Next() *N { n.n++; return n }\nfor p := new(N); p.Next() != nil; { }"},
	{"goto", "again:\n\tn++\n\tgoto again"},
	{"function values", "var f func(int) int\nf = func(k int) int { if k < 2 { return k }; return f(k-1) + f(k-2) }\nf(60)"},
	{"sleep", "time.Sleep(time.Hour)"},
	{"timer", "<-time.After(time.Hour)"},
	{"ticker", "for range time.Tick(time.Millisecond) { }"},
	{"context", "<-context.Background().Done()"},
	{"receive", "<-make(chan int)"},
	{"send", "make(chan int) <- 1"},
	{"nil channel", "var c chan int\n<-c"},
	{"select", "select { case <-make(chan int): }"},
	{"empty select", "select { }"},
	{"range over a channel", "for range make(chan int) { }"},
	{"range over a function", "func all(yield func(int) bool) { for i := 0; yield(i); i++ { } }\nfor range all { }"},
	{"deferred recover", "func f() { defer func() { recover() }(); for { } }\nf()"},
	{"deferred loop", "func f() { defer func() { for { } }() }\nf()"},
	{"recover in a loop", "for { func() { defer func() { recover() }(); for { } }() }"},
	{"mutex", "var mu sync.Mutex\nmu.Lock()\nmu.Lock()"},
	{"read lock", "var mu sync.RWMutex\nmu.Lock()\nmu.RLock()"},
	{"wait group", "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()"},
	{"wait for goroutines", "var wg sync.WaitGroup\nfor range 4 { wg.Add(1); go func() { defer wg.Done(); for { } }() }\nwg.Wait()"},
	{"condition", "c := sync.NewCond(&sync.Mutex{})\nc.L.Lock()\nc.Wait()"},
	{"once", "var once sync.Once\nonce.Do(func() { for { } })"},
	{"sort", "s := make([]int, 1 << 22)\nfor i := range s { s[i] = i * 7919 % len(s) }\nsort.Slice(s, func(i, j int) bool { return s[i] < s[j] })"},
	{"sort of a generic", "s := make([]int, 1 << 22)\nslices.SortFunc(s, func(a, b int) int { for { } })"},
	{"callback", "strings.Map(func(r rune) rune { for { } }, \"abc\")"},
	{"regexp", "re := regexp.MustCompile(`(x+x+)+y`)\ntext := strings.Repeat(\"x\", 1 << 18)\nfor { re.MatchString(text) }"},
	{"silent server", "http.Get(\"http://SILENT\")"},
	{"pipe", "r, _ := io.Pipe()\nr.Read(make([]byte, 1))"},
	{"scan", "var name string\nfmt.Scan(&name)"},
	{"scanner", "for s := bufio.NewScanner(os.Stdin); s.Scan(); { }"},
	{"prints", "for { fmt.Println(1) }"},
	{"allocates", "var keep []byte\nfor { keep = make([]byte, 1 << 20) }"},
}

// TestInterrupt ends cells of every kind and then uses what was made before.
func TestInterrupt(t *testing.T) {
	silent := silentServer(t)
	for _, c := range interruptCases {
		t.Run(c.name, func(t *testing.T) {
			var out buffer
			never, _ := io.Pipe()
			e, err := New(Config{Stdout: &out, Stdin: never})
			if err != nil {
				t.Fatal(err)
			}
			if got := shows(e, &out, 1, beforeInterrupt); got != "" {
				t.Fatalf("got %s", got)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err = e.Eval(ctx, Cell{Number: 2, Text: strings.ReplaceAll(c.cell, "SILENT", silent)})
			if !errors.Is(err, ErrInterrupted) {
				t.Fatalf("error %v, want %v", err, ErrInterrupted)
			}
			took := time.Since(start) - 50*time.Millisecond
			if t.Logf("took %v", took); took > soon {
				t.Errorf("took %v, want at most %v", took, soon)
			}
			afterInterrupt(t, e, &out)
		})
	}
}

// beforeInterrupt makes what must go on.
const beforeInterrupt = `import ("bufio"; "context"; "fmt"; "io"; "net/http"; "os"; "regexp"; "slices"; "sort"; "strings"; "sync"; "time")
n := 0
add := func(k int) int { n += k; return n }
ask, answer := make(chan int), make(chan int)
go func() { for v := range ask { answer <- v * 2 } }()
ticks := make(chan int)
go func() { for i := 0; ; i++ { ticks <- i; time.Sleep(time.Millisecond) } }()
type P struct{ X int }
func (p P) Get() int { return p.X }
var g interface{ Get() int } = P{7}
func sum(list ...int) (s int) { for _, v := range list { s += v }; return s }
less := func(a, b P) int { return a.X - b.X }`

// afterInterrupt uses what cell 1 made.
func afterInterrupt(t *testing.T, e Engine, out *buffer) {
	t.Helper()
	for i, s := range []step{
		{"n = 0\nadd(2)\nadd(3)", "= 5 (int)\n"},
		{"ask <- 21\n<-answer", "= 42 (int)\n"},
		{"first := <-ticks\n<-ticks - first", "= 1 (int)\n"},
		{"g.Get() + sum(1, 2, 3)", "= 13 (int)\n"},
		{"list := []P{{3}, {1}, {2}}\nslices.SortFunc(list, less)\nlist[0].X*100 + list[1].X*10 + list[2].X", "= 123 (int)\n"},
		{"var wait sync.WaitGroup\ntotals := make([]int, 3)\nfor i := range 3 { wait.Add(1); go func() { defer wait.Done(); totals[i] = sum(i, i) }() }\nwait.Wait()\nsum(totals...)", "= 6 (int)\n"},
	} {
		if diff := cmp.Diff(s.want, shows(e, out, i+3, s.cell)); diff != "" {
			t.Errorf("%s, -want +got:\n%s", s.cell, diff)
		}
	}
}

// silentServer takes connections and says nothing.
func silentServer(t *testing.T) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}
