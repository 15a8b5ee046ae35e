//go:build failpoints

package stream

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// failpoint has the process kill itself, as kill -9 does, at the point that RIFFLE_FAILPOINT names: "before-end:3" is
// the fourth time that it gets there.
func failpoint(env func(string) string) func(string) {
	point, count, _ := strings.Cut(env("RIFFLE_FAILPOINT"), ":")
	left, _ := strconv.Atoi(count) // no number is the first time
	var mu sync.Mutex
	return func(passed string) {
		mu.Lock()
		defer mu.Unlock()
		if passed != point {
			return
		}
		if left--; left < 0 {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Signal(syscall.SIGKILL)
			}
			select {} // until it arrives
		}
	}
}
