package state

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Incident is a damage that was found and taken out of the way. What it names
// is empty now, and has to be restored from the changelog.
type Incident struct {
	Partition string // "sub-topology/partition", or "" for all
	Reason    error
	Aside     string // the folder that the damaged files were moved to, or ""
}

// Err says what was damaged, how, and where it is now.
func (i Incident) Err() error {
	what := "the whole folder"
	if i.Partition != "" {
		what = "partition " + i.Partition
	}
	if i.Aside != "" {
		what += ", which is in " + i.Aside + " now"
	}
	return fmt.Errorf("%s: %w", what, i.Reason)
}

// setAside moves Badger's files out of the way, with the record of what they
// should have held. Of earlier such folders none is kept: they are as large.
func (db *DB) setAside(reason error) error {
	f := db.folder
	aside := filepath.Join(f.dir, asidePrefix+time.Now().UTC().Format("20060102T150405.000"))
	if err := f.dropAside(); err != nil {
		return err
	}
	if err := os.Mkdir(aside, 0o700); err != nil {
		return fmt.Errorf("state: set damaged state aside: %w", err)
	}
	data, err := f.exists(dataFolder)
	if err != nil {
		return err
	}
	if data {
		if err := os.Rename(f.data(), filepath.Join(aside, dataFolder)); err != nil {
			return fmt.Errorf("state: set damaged state aside: %w", err)
		}
	}
	if err := f.record.write(aside); err != nil {
		return err
	}
	f.tables = nil
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.record.Partitions)
	if err := f.write(); err != nil {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.incident(Incident{Reason: reason, Aside: aside})
	return nil
}

func (f *folder) dropAside() error {
	files, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	for _, file := range files {
		if strings.HasPrefix(file.Name(), asidePrefix) {
			if err := os.RemoveAll(filepath.Join(f.dir, file.Name())); err != nil {
				return fmt.Errorf("state: remove older damaged state: %w", err)
			}
		}
	}
	return nil
}

// Reset empties a state folder that no process uses, and keeps its instance id.
// It also takes leave of the folder's cluster. It fails with ErrLocked.
func Reset(dir string) error {
	f, err := lockFolder(dir)
	if err != nil {
		return err
	}
	defer f.unlock()
	r, ok, err := readRecord(dir)
	if ok && err == nil {
		clear(r.Partitions)
		r.Cluster = ""
		if err := r.write(dir); err != nil {
			return err
		}
	}
	for _, name := range []string{cleanFile, probingFile} {
		if err := removeFile(dir, name); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(f.data()); err != nil {
		return fmt.Errorf("state: reset: %w", err)
	}
	return f.dropAside()
}
