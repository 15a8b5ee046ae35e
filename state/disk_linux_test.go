package state

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A real disk that fills up: the guard stops the commits before Badger's
// memory-mapped files end the process, and they go on when there is room.
func TestSmallDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("skipped because a small disk cannot be mounted here: %v", err)
	}
	defer unix.Unmount(dir, unix.MNT_DETACH)
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 40<<20), 0o600))
	for _, budget := range []int64{-1, 1 << 30} {
		folder := filepath.Join(dir, "state")
		db := openTest(t, folder, Options{Budget: budget, MinFree: 64 << 20})
		p, err := db.Partition("agg", 0)
		must(t, err)
		noise, full, n := rand.NewChaCha8([32]byte{}), false, int64(0)
		value := make([]byte, 1000)
		for !full && n < 1000 {
			for range 500 {
				noise.Read(value)
				must(t, p.Put(value[:16], value))
			}
			n++
			err := p.Commit(Position{Changelog: n})
			if full = errors.Is(err, ErrDiskFull); !full {
				must(t, err)
			}
		}
		if !full {
			t.Fatal("the disk did not fill up")
		}
		must(t, os.Truncate(ballast, 0))
		must(t, p.Commit(Position{Changelog: n}))
		if got := p.Entries(); got != int(n)*500 {
			t.Errorf("%d entries, want %d", got, n*500)
		}
		must(t, db.Close())
		must(t, os.RemoveAll(folder))
		must(t, os.WriteFile(ballast, make([]byte, 40<<20), 0o600))
	}
}
