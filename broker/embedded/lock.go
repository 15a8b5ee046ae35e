//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// A broker holds its Life as long as it runs: whoever can take it knows that none runs, whatever files there are. Who
// starts one holds Start.
const (
	Life  = "broker.lock"
	Start = "start.lock"
)

// Lock ends with the process that holds it, however that ends.
type Lock struct{ f *os.File }

// ErrLocked says that another process holds a lock.
var ErrLocked = errors.New("locked by another process")

// How a lock is held: by one, or by any number that only look.
const (
	alone = syscall.LOCK_EX
	look  = syscall.LOCK_SH
)

func (h Home) try(name string, how int) (Lock, error) {
	f, err := os.OpenFile(h.file(name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return Lock{}, fmt.Errorf("broker lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if err == nil {
		return Lock{f}, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return Lock{}, ErrLocked
	}
	return Lock{}, fmt.Errorf("broker lock %s: %w", f.Name(), err)
}

// Lock takes a lock alone as soon as it is free; [ErrLocked] is in the error if ctx ends first.
func (h Home) Lock(ctx context.Context, name string) (Lock, error) {
	for {
		l, err := h.try(name, alone)
		if !errors.Is(err, ErrLocked) {
			return l, err
		}
		if err := Pause(ctx); err != nil {
			return Lock{}, fmt.Errorf("broker lock %s: %w: %w", name, ErrLocked, err)
		}
	}
}

// Unlock gives the lock to others.
func (l Lock) Unlock() { l.f.Close() }

// Pause waits until it is worth looking again.
func Pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}
