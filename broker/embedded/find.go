//go:build unix

package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Find returns the address of this user's broker after it has answered, or [ErrNotRunning]. It makes no folder, so that a
// program may look in a file system that it cannot write.
func Find(ctx context.Context) (Address, error) {
	h := place()
	if _, err := os.Lstat(string(h)); errors.Is(err, os.ErrNotExist) {
		return Address{}, ErrNotRunning
	}
	if err := h.check(); err != nil {
		return Address{}, err
	}
	return h.Find(ctx)
}

// Find returns the address of the broker that lives here after it has answered, or [ErrNotRunning]. What a dead broker left
// behind is removed.
func (h Home) Find(ctx context.Context) (Address, error) {
	if free, err := h.removeStale(); free || err != nil {
		return Address{}, errors.Join(ErrNotRunning, err)
	}
	a, err := h.read()
	if err != nil {
		return Address{}, err
	}
	if err := a.answers(ctx); err != nil {
		return Address{}, fmt.Errorf("%w (the one at %s, process %d, does not answer: %w)", ErrNotRunning, a.Addr, a.PID, err)
	}
	return a, nil
}

// Alive reports whether a broker holds the folder, whether it answers yet or not.
func (h Home) Alive() bool {
	free, err := h.removeStale()
	return !free && err == nil
}

// removeStale reports whether no broker runs; then an address is of a dead one and goes.
func (h Home) removeStale() (free bool, err error) {
	life, err := h.try(Life, look)
	if errors.Is(err, ErrLocked) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer life.Unlock()
	return true, h.Forget()
}
