package session

import (
	"fmt"
	"runtime"
	"syscall"
	"time"

	"github.com/riffle-stream/riffle/kernel"
)

const timeHelp = `%time f(x)
%time
	on top of a cell times the whole cell`

// timeMagic times the statement behind it, or all below it.
func (s *Session) timeMagic(c *running, args string) error {
	from := now()
	report := func() error {
		c.out.Stream(kernel.Stdout, now().since(from)+"\n")
		return nil
	}
	if args == "" {
		c.script.ends = append(c.script.ends, report)
	} else {
		c.script.over = append(c.script.over, report)
	}
	return nil
}

// A clock is what a process has used until some moment.
type clock struct {
	wall    time.Time
	cpu     time.Duration
	bytes   uint64
	objects uint64
}

func now() clock {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var r syscall.Rusage
	c := clock{wall: time.Now(), bytes: m.TotalAlloc, objects: m.Mallocs}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err == nil {
		c.cpu = time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	return c
}

// since says what was used from one moment to another.
func (c clock) since(from clock) string {
	return fmt.Sprintf("%s, CPU %s, %s in %s", brief(c.wall.Sub(from.wall)), brief(c.cpu-from.cpu),
		size(int64(c.bytes-from.bytes)), count(int(c.objects-from.objects), "allocation"))
}

// brief is a duration with three digits.
func brief(d time.Duration) string {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(max(unit/100, 1)).String()
		}
	}
	return d.String()
}

// size is a number of bytes as people say it.
func size(n int64) string {
	const k = 1 << 10
	switch {
	case n < k:
		return count(int(n), "byte")
	case n < k*k:
		return fmt.Sprintf("%.1f KB", float64(n)/k)
	case n < k*k*k:
		return fmt.Sprintf("%.1f MB", float64(n)/(k*k))
	}
	return fmt.Sprintf("%.1f GB", float64(n)/(k*k*k))
}
