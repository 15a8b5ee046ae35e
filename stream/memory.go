package stream

import (
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
