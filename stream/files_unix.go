//go:build unix

package stream

import (
	"fmt"
	"syscall"
)

// fewestFiles is with how many open files a program is known to work: its state, and connections to a few brokers.
const fewestFiles = 64

// enoughFiles refuses to start where files would run out in the middle of the work.
func enoughFiles() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur >= fewestFiles {
		return nil
	}
	return fmt.Errorf("%w: this process may open %d files at once, want at least %d: raise it with ulimit -n", ErrConfig, limit.Cur, fewestFiles)
}
