//go:build unix

package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// Home is where this user's broker keeps its address, log and locks: $XDG_RUNTIME_DIR/riffle, else riffle-UID in the
// temporary folder, closed to other users.
type Home string

const maxAddressFile = 4096

// Open gives the folder, and makes it if it is missing.
func Open() (Home, error) {
	h := place()
	if err := os.MkdirAll(string(h), 0o700); err != nil {
		return "", fmt.Errorf("runtime folder: %w; set XDG_RUNTIME_DIR to a folder that you may write", err)
	}
	return h, h.check()
}

func place() Home {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		return Home(filepath.Join(dir, "riffle"))
	}
	return Home(filepath.Join(os.TempDir(), "riffle-"+strconv.Itoa(os.Getuid())))
}

// check refuses a folder that is not the user's alone: another user may have made the name in the temporary folder first, to be asked where
// our broker is.
func (h Home) check() error {
	info, err := os.Lstat(string(h))
	if err != nil {
		return fmt.Errorf("runtime folder: %w", err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; !info.IsDir() || int(owner) != os.Getuid() || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("runtime folder %s: mode %s, owner %d; want a folder that only user %d may enter: remove it, or set XDG_RUNTIME_DIR",
			h, info.Mode(), owner, os.Getuid())
	}
	return nil
}

// file is a file of the folder.
func (h Home) file(name string) string { return filepath.Join(string(h), name) }

func (h Home) address() string { return h.file("broker.json") }

// Log is where a broker's output goes.
func (h Home) Log() string { return h.file("broker.log") }

// Write says where the broker is. It replaces the file at once, so that a reader sees all of it or none.
func (h Home) Write(a Address) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("broker address: %w", err)
	}
	f, err := os.CreateTemp(string(h), "broker.json.")
	if err != nil {
		return fmt.Errorf("broker address: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), h.address())
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("broker address: %w", err)
	}
	return nil
}

// Forget takes the address away.
func (h Home) Forget() error {
	if err := os.Remove(h.address()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("broker address: %w", err)
	}
	return nil
}

// read returns ErrNotRunning when there is no file.
func (h Home) read() (Address, error) {
	var a Address
	f, err := os.Open(h.address())
	if errors.Is(err, os.ErrNotExist) {
		return a, ErrNotRunning
	}
	if err != nil {
		return a, fmt.Errorf("broker address: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxAddressFile))
	if err == nil {
		err = json.Unmarshal(b, &a)
	}
	if err != nil {
		return a, fmt.Errorf("broker address %s: %w", f.Name(), err)
	}
	return a, nil
}
