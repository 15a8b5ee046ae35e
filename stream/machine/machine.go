// Package machine says what memory there is for a process.
package machine

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Memory is how many bytes this machine, or the container that holds the process, has.
func Memory() (int64, error) {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, fmt.Errorf("size of memory: %w", err)
	}
	total, err := memTotal(info)
	if err != nil {
		return 0, err
	}
	if n, ok := Allowed(); ok {
		total = min(total, n)
	}
	return total, nil
}

// Allowed is how many bytes the control group of the process allows, if it has a limit.
func Allowed() (int64, bool) {
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && n > 0 && n < 1<<50 { // without a limit the second file has a number that no machine has
			return n, true
		}
	}
	return 0, false
}

// memTotal reads the line "MemTotal: 16384 kB" of /proc/meminfo.
func memTotal(info []byte) (int64, error) {
	for lines := bufio.NewScanner(bytes.NewReader(info)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != "MemTotal:" {
			continue
		}
		n, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("size of memory: %w", err)
		}
		return n << 10, nil
	}
	return 0, fmt.Errorf("size of memory: /proc/meminfo has no line MemTotal")
}
