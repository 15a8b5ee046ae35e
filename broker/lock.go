package broker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// The life lock is held by a broker as long as it runs: whoever can take it knows that none runs, whatever files there
// are. The start lock is held by who starts one.
const (
	lifeLock  = "broker.lock"
	startLock = "start.lock"
)

// A flock ends with the process that holds it, however that ends.
type flock struct{ f *os.File }

// errLocked says that another process holds a lock.
var errLocked = errors.New("locked by another process")

// How a lock is held: by one, or by any number that only look.
const (
	alone = syscall.LOCK_EX
	look  = syscall.LOCK_SH
)

func tryLock(dir, name string, how int) (flock, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return flock{}, fmt.Errorf("broker lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if err == nil {
		return flock{f}, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return flock{}, errLocked
	}
	return flock{}, fmt.Errorf("broker lock %s: %w", f.Name(), err)
}

// waitLock takes a lock alone as soon as it is free; errLocked is in the error if ctx ends first.
func waitLock(ctx context.Context, dir, name string) (flock, error) {
	for {
		l, err := tryLock(dir, name, alone)
		if !errors.Is(err, errLocked) {
			return l, err
		}
		if err := pause(ctx); err != nil {
			return flock{}, fmt.Errorf("broker lock %s: %w: %w", name, errLocked, err)
		}
	}
}

func (l flock) unlock() { l.f.Close() }

// pause waits until it is worth looking again.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}
