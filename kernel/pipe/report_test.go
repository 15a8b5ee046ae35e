package pipe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const nilDump = `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4b1a2c]

goroutine 18 [running]:
main.(*Car).Speed(...)
	/home/ada/car.go:12
main.lap(0xc000012345, {0x1, 0x2})
	/home/ada/lap.go:7 +0x27
reflect.Value.Call({0x1, 0x2, 0x3})
	/go/src/reflect/value.go:365 +0xb9
github.com/traefik/yaegi/interp.call.func9(0xc0001)
	/go/pkg/yaegi/interp/run.go:1 +0x1
created by main.main in goroutine 1
	/home/ada/main.go:3 +0x1d

goroutine 1 [sleep]:
time.Sleep(0x1)
	/go/src/runtime/time.go:1 +0x1
exit status 2
`

const overflowDump = `runtime: goroutine stack exceeds 1000000000-byte limit
runtime: sp=0xc0200e0390 stack=[0xc0200e0000, 0xc0400e0000]
fatal error: stack overflow

runtime stack:
runtime.throw({0x49b2a5?, 0x0?})
	/go/src/runtime/panic.go:1 +0x1

goroutine 1 gp=0xc000002380 m=0 mp=0x5 [running]:
main.f(0x1)
	/home/ada/f.go:3 +0x1d
main.f(0x2)
	/home/ada/f.go:3 +0x1d
`

func TestCrashReport(t *testing.T) {
	for name, c := range map[string]struct {
		dump string
		want []string
	}{
		"nothing":      {"", nil},
		"no crash":     {"a log line\nanother\n", nil},
		"message only": {"panic: boom", []string{"panic: boom"}},
		"nil": {nilDump, []string{"panic: runtime error: invalid memory address or nil pointer dereference",
			"    at main.(*Car).Speed (/home/ada/car.go:12)", "    at main.lap (/home/ada/lap.go:7)"}},
		"overflow": {overflowDump, []string{"fatal error: stack overflow", "    at main.f (/home/ada/f.go:3)", "    at main.f (/home/ada/f.go:3)"}},
		"after other text": {"log\npanic: two\n\tlines\n\ngoroutine 1 [running]:\nmain.main()\n\t/m.go:1 +0x1\n",
			[]string{"panic: two", "\tlines", "    at main.main (/m.go:1)"}},
		"again":           {"panic: a [recovered]\n\tpanic: b\n\ngoroutine 1 [running]:\n", []string{"panic: a [recovered]", "\tpanic: b"}},
		"endless message": {"panic: x\n" + strings.Repeat("line\n", 1000), append([]string{"panic: x"}, slicesRepeat("line", maxMessageLines-1)...)},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, crashReport(c.dump, []string{"github.com/traefik/yaegi/"})); d != "" {
				t.Error(d)
			}
		})
	}
}

func slicesRepeat(s string, n int) (all []string) {
	for range n {
		all = append(all, s)
	}
	return all
}

func TestStderrFilter(t *testing.T) {
	for name, c := range map[string]struct {
		writes             []string
		passed, held, tail string
	}{
		"text":             {[]string{"a\nb"}, "a\nb", "", "a\nb"},
		"crash":            {[]string{"panic: x\n\ngoroutine 1"}, "", "panic: x\n\ngoroutine 1", ""},
		"text, then crash": {[]string{"a\npanic: x\n", "more"}, "a\n", "panic: x\nmore", "a\n"},
		"sign in pieces":   {[]string{"pan", "ic: x"}, "", "panic: x", ""},
		"inside a line":    {[]string{"don't panic: x\n", "y", "panic: z"}, "don't panic: x\nypanic: z", "", "don't panic: x\nypanic: z"},
		"fatal error":      {[]string{"fatal error: all goroutines are asleep"}, "", "fatal error: all goroutines are asleep", ""},
		"long":             {[]string{strings.Repeat("x", 3*tailSize)}, strings.Repeat("x", 3*tailSize), "", strings.Repeat("x", tailSize)},
	} {
		t.Run(name, func(t *testing.T) {
			var passed strings.Builder
			f := &stderrFilter{emit: func(s string) { passed.WriteString(s) }}
			for _, w := range c.writes {
				f.write(w)
			}
			held, tail := f.last()
			if d := cmp.Diff([]string{c.passed, c.held, c.tail}, []string{passed.String(), held, tail}); d != "" {
				t.Error(d)
			}
			f.release()
			if d := cmp.Diff(strings.Join(c.writes, ""), passed.String()); d != "" {
				t.Errorf("released: %s", d)
			}
		})
	}
}

func TestWholeRunes(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want int
	}{
		{"", 0, 0}, {"abc", 3, 3}, {"abc", 9, 3}, {"é", 1, 0}, {"é", 2, 2}, {"aé", 2, 1}, {"a€", 2, 1}, {"a€", 3, 1}, {"a€", 4, 4},
		{"😀", 3, 0}, {"😀", 4, 4}, {"a\xff", 2, 2}, {"\x80\x80\x80\x80", 4, 4}, {"é\x80", 3, 3},
	} {
		if got := wholeRunes(c.s, c.n); got != c.want {
			t.Errorf("wholeRunes(%q, %d) = %d, want %d", c.s, c.n, got, c.want)
		}
	}
}
