package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"

	"github.com/riffle-stream/riffle/stream/machine"
)

// maxStack bounds one goroutine's stack, in bytes: a recursion without end in compiled code fails in a moment, not
// after a gigabyte. One in a cell is ended by the interpreter before, at some 100 MB, with the place in the cell.
const maxStack = 256 << 20

// ballast is memory that nobody touches, so it takes none of the machine's. The collector counts it, and lets that much
// garbage gather before it runs: a kernel's own heap is a few MB, and was collected several times for one cell that
// prints a MB. Unlike a higher GOGC it changes nothing where cells keep much. Keep it alive as long as that shall hold.
func ballast() []byte { return make([]byte, 32<<20) }

// boundMemory lets a cell that takes all memory end its worker, with a message, before the machine suffers: the
// collector works harder from half of the memory on, and past three quarters an allocation fails. If the machine runs
// out all the same, the worker and what it started are ended before the kernel and the browser.
func boundMemory() error {
	debug.SetMaxStack(maxStack)
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0o644) // where there is no such file, nothing is lost
	total, err := machine.Memory()
	if err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(total / 2)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		return fmt.Errorf("limit of memory: %w", err)
	}
	limit.Cur = min(limit.Cur, uint64(total/4*3))
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		return fmt.Errorf("limit of memory: %w", err)
	}
	return nil
}
