package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// recordEvery is how often STATE.json is brought up to date.
const recordEvery = 10 * time.Second

// folder is a state folder that this process has locked.
type folder struct {
	dir  string
	lock *os.File
	// tables is the seal that was found at the start, nil after an unclean stop.
	tables seal

	mu      sync.Mutex
	record  record
	written time.Time // when STATE.json was
}

// lockFolder makes the folder if need be, and takes its lock.
func lockFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("state: make folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("state: %w: is the folder yours, and writable?", err)
	}
	held, err := tryLock(f)
	switch {
	case err != nil:
		err = fmt.Errorf("state: lock %s: %w", dir, err)
	case held:
		err = fmt.Errorf("%w: %s is used by %s: stop it, or choose another folder", ErrLocked, dir, holder(f))
	default:
		err = sign(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &folder{dir: dir, lock: f}, nil
}

// sign writes into the lock file who holds it.
func sign(f *os.File) error {
	host, _ := os.Hostname()
	text := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("state: lock: %w", err)
	}
	if _, err := f.WriteAt([]byte(text), 0); err != nil {
		return fmt.Errorf("state: lock: %w", err)
	}
	return nil
}

func holder(f *os.File) string {
	text, _ := io.ReadAll(io.LimitReader(f, 200))
	if s := strings.TrimSpace(string(text)); s != "" {
		return s
	}
	return "another process"
}

func (f *folder) data() string { return filepath.Join(f.dir, dataFolder) }

func (f *folder) unlock() error { return f.lock.Close() }

func (f *folder) instance() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.record.Instance
}

// space is ErrDiskFull if less than opts.MinFree bytes are free.
func (f *folder) space(opts Options) error {
	if opts.MinFree < 0 {
		return nil
	}
	free, err := opts.free(f.dir)
	if err != nil {
		return err
	}
	if free < uint64(opts.MinFree) {
		return fmt.Errorf("%w: %s has %d MiB free, needs %d: free some, the state is safe", ErrDiskFull, f.dir, free>>20, opts.MinFree>>20)
	}
	return nil
}

func (f *folder) known(id taskID) (saved, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.record.Partitions[id.String()]
	return s, ok
}

// committed notes a commit, and writes STATE.json if the partition is new in it
// or some time has passed. Badger is synced before, so what STATE.json says is
// on the disk even after a power cut.
func (f *folder) committed(s *kv, id taskID, changelog int64, layout Layout) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	_, known := f.record.Partitions[id.String()]
	f.record.Partitions[id.String()] = saved{changelog, layout, now.UTC()}
	if known && now.Sub(f.written) < recordEvery {
		return nil
	}
	if err := s.db.Sync(); err != nil {
		return fmt.Errorf("state: sync: %w", err)
	}
	return f.write()
}

// write replaces STATE.json. f.mu is held.
func (f *folder) write() error {
	if err := f.record.write(f.dir); err != nil {
		return err
	}
	f.written = time.Now()
	return nil
}

func (f *folder) forget(id taskID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.record.Partitions[id.String()]; !ok {
		return nil
	}
	delete(f.record.Partitions, id.String())
	return f.write()
}

// exists says whether a name is in the folder.
func (f *folder) exists(name string) (bool, error) {
	_, err := os.Lstat(filepath.Join(f.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("state: %w", err)
	}
	return true, nil
}

// folderSize is the bytes of the files of a folder, without what is in folders
// below it.
func folderSize(dir string) (size int64, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("state: %w", err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return 0, fmt.Errorf("state: %w", err)
		}
		size += info.Size()
	}
	return size, nil
}
