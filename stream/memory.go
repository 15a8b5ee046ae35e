package stream

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"

	"github.com/riffle-stream/riffle/stream/machine"
)

// limitMemory sets the runtime's soft limit to 80 % of what the control group
// allows, unless GOMEMLIMIT says otherwise: the rest is for the memory that
// files are mapped into.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if n, ok := machine.Allowed(); ok {
		debug.SetMemoryLimit(n / 10 * 8)
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

// memory is what lies in memory, so that somebody is told before the system ends the process.
type memory struct {
	room int64        // what the process may have, bytes; 0: nobody knows
	live func() int64 // what is in use
	told int64        // what was in use when it was last told
}

// short says what is in use when that is more than half of what there is, and again for each tenth more.
func (m *memory) short() (int64, bool) {
	live := m.live()
	if live <= m.room/2 || live < m.told+m.room/10 {
		return live, false
	}
	m.told = live
	return live, m.room > 0
}

// live is what the collector of garbage found in use the last time.
func live() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// available is the runtime's limit, or else the memory of the machine; 0 where that is not to be read.
func available() int64 {
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		return limit
	}
	total, err := machine.Memory()
	if err != nil {
		return 0
	}
	return total
}

// mib is a number of bytes for people.
func mib(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }
