package broker

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Address says where the broker of this user is.
type Address struct {
	// Addr is host:port, to be used as the only seed broker.
	Addr string `json:"addr"`
	// ClusterID is random for each life of a broker: state kept for another one is worth nothing.
	ClusterID string `json:"cluster_id"`
	// PID is the process that runs it.
	PID int `json:"pid"`
	// Telemetry is set when it feeds the telemetry topics.
	Telemetry bool `json:"telemetry"`
	// Started is when it began to listen.
	Started time.Time `json:"started"`
}

const (
	embeddedPrefix = "riffle-embedded-"
	maxAddressFile = 4096
)

// Embedded reports whether a cluster id, as Kafka's metadata give it, is that of an embedded broker.
func Embedded(clusterID string) bool { return strings.HasPrefix(clusterID, embeddedPrefix) }

func newClusterID() string { return embeddedPrefix + strings.ToLower(rand.Text()) }

// folder is where this user's broker keeps its address, log and locks: $XDG_RUNTIME_DIR/riffle, else riffle-UID in the
// temporary folder, closed to other users.
func folder() (string, error) {
	parent, name := os.Getenv("XDG_RUNTIME_DIR"), "riffle"
	if parent == "" {
		parent, name = os.TempDir(), "riffle-"+strconv.Itoa(os.Getuid())
	}
	dir := filepath.Join(parent, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("runtime folder: %w; set XDG_RUNTIME_DIR to a folder that you may write", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("runtime folder: %w", err)
	}
	// Another user may have made the name in the temporary folder first, to be asked where our broker is.
	if owner := info.Sys().(*syscall.Stat_t).Uid; !info.IsDir() || int(owner) != os.Getuid() || info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("runtime folder %s: mode %s, owner %d; want a folder that only user %d may enter: remove it, or set XDG_RUNTIME_DIR",
			dir, info.Mode(), owner, os.Getuid())
	}
	return dir, nil
}

func addressFile(dir string) string { return filepath.Join(dir, "broker.json") }

// write replaces the file at once, so that a reader sees all of it or none.
func (a Address) write(dir string) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("broker address: %w", err)
	}
	f, err := os.CreateTemp(dir, "broker.json.")
	if err != nil {
		return fmt.Errorf("broker address: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), addressFile(dir))
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("broker address: %w", err)
	}
	return nil
}

// readAddress returns ErrNotRunning when there is no file.
func readAddress(dir string) (Address, error) {
	var a Address
	f, err := os.Open(addressFile(dir))
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
