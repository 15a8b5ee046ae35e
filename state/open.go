package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
)

// Open opens the state folder dir, and makes it if need be. It fails with
// ErrLocked, ErrDiskFull, ErrCluster or ErrVersion before anything is changed.
//
// If the last process did not close the folder, it is examined, and set aside
// if it is damaged; Incidents tells. Then, as in a new folder, no partition has
// a position.
func Open(dir string, opts Options) (*DB, error) {
	opts = opts.filled()
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	f, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	db := &DB{opts: opts, folder: f, open: map[taskID]*Partition{}}
	if err := db.start(); err != nil {
		f.unlock()
		return nil, err
	}
	return db, nil
}

// start reads, examines and opens a locked folder.
func (db *DB) start() error {
	f := db.folder
	if err := f.space(db.opts); err != nil {
		return err
	}
	doubt, err := f.examine(db.opts)
	if err != nil {
		return err
	}
	if err := f.adopt(db.opts); err != nil {
		return err
	}
	if doubt == nil {
		doubt, err = db.openBadger()
		if err != nil {
			return err
		}
	}
	if doubt == nil {
		return nil
	}
	if err := db.setAside(doubt); err != nil {
		return err
	}
	if doubt, err = db.openBadger(); err == nil {
		err = doubt
	}
	return err
}

// examine finds out whether what is in the folder can be trusted. A doubt is a
// reason to set it aside, an error one to stop.
func (f *folder) examine(opts Options) (doubt, err error) {
	r, ok, err := readRecord(f.dir)
	switch {
	case errors.Is(err, ErrCorrupt):
		return err, nil
	case err != nil:
		return nil, err
	}
	if ok {
		f.record = r
	}
	if ok && r.Cluster != "" && opts.Cluster != "" && r.Cluster != opts.Cluster {
		return nil, fmt.Errorf("%w: %s is of cluster %s, not %s: start with --rebuild-state, or choose another folder", ErrCluster, f.dir, r.Cluster, opts.Cluster)
	}
	data, err := f.exists(dataFolder)
	switch {
	case err != nil:
		return nil, err
	case !data && (!ok || len(r.Partitions) == 0):
		return nil, nil // new
	case !data:
		return fmt.Errorf("%w: the folder %s is missing", ErrCorrupt, dataFolder), nil
	case !ok:
		return fmt.Errorf("%w: %s is missing", ErrCorrupt, recordFile), nil
	}
	return f.inspect(opts)
}

// inspect looks at Badger's files: against CLEAN, or if there is none by a probe.
func (f *folder) inspect(opts Options) (doubt, err error) {
	f.tables, err = checkSeal(f.dir)
	if err == nil && f.tables == nil {
		err = f.probe(opts)
	}
	if errors.Is(err, ErrCorrupt) {
		return err, nil
	}
	return nil, err
}

// adopt makes the record the folder's, and the folder unclean.
func (f *folder) adopt(opts Options) error {
	if f.record.Instance == "" {
		f.record = newRecord(opts)
	}
	if f.record.Cluster == "" {
		f.record.Cluster = opts.Cluster
	}
	if err := removeFile(f.dir, cleanFile); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.write()
}

// shut closes Badger and seals the folder. db.mu is held.
func (db *DB) shut() error {
	f := db.folder
	err := closeBadger(db.kv.db)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		err = f.write()
	}
	if err == nil && !db.suspect.Load() {
		err = f.seal()
	}
	if e := f.unlock(); err == nil {
		err = e
	}
	return err
}

// seal writes CLEAN.
func (f *folder) seal() error {
	s, err := takeSeal(f.data(), f.tables)
	if err != nil {
		return err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("state: %s: %w", cleanFile, err)
	}
	return writeFile(f.dir, cleanFile, data)
}
