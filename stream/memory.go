package stream

import (
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// limitMemory sets the runtime's soft limit to 80 % of what the control group
// allows, unless GOMEMLIMIT says otherwise: the rest is for the memory that
// files are mapped into.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
		if err == nil && n > 0 && n < 1<<50 {
			debug.SetMemoryLimit(n / 10 * 8)
			return
		}
	}
}

// mostState is how much state a process keeps in memory: as it lies in the
// store, and as much again as steps use it. What does not fit is in the state folder.
const mostState = 256 << 20

// stateMemory is that, or less where the runtime has a limit: a quarter of it.
func stateMemory() int64 {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return mostState
	}
	return min(mostState, limit/4)
}

// room is what each step of a task may take of that.
func (s *session) room() int64 {
	if s.cfg.control.room > 0 {
		return s.cfg.control.room
	}
	steps := 0
	for id := range s.assignment.tasks() {
		steps += len(s.layout.parts[id.Sub].kept)
	}
	return stateMemory() / int64(max(steps, 1))
}
