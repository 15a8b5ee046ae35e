package state

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The files of a folder, beside those of Badger.
const (
	recordFile  = "STATE.json"
	lockFile    = "LOCK"
	cleanFile   = "CLEAN"   // only while nobody has the folder open
	probingFile = "PROBING" // only while a process examines the folder for itself
	dataFolder  = "badger"
	asidePrefix = "corrupt-"
)

const recordVersion = 1

// minMemTable is the smallest memory table whose transactions (15 % of it) take
// the largest entry and the largest position together.
const minMemTable = 16 << 20

// record is STATE.json: what has to be known of a folder without Badger, and
// what Badger is checked against. It is replaced by rename, so it is whole.
type record struct {
	Version  int    `json:"version"`
	Instance string `json:"instance"`
	Cluster  string `json:"cluster,omitempty"`
	// MemTable is frozen: Badger ends the process if it finds a log that is
	// larger than the table it should go into.
	MemTable   int64            `json:"badger_mem_table"`
	Partitions map[string]saved `json:"partitions"`
}

// saved is the least that is known to be committed and synced of a partition.
type saved struct {
	Changelog int64     `json:"changelog"`
	Layout    Layout    `json:"layout"`
	Saved     time.Time `json:"saved"`
}

func newRecord(opts Options) record {
	var id [8]byte
	rand.Read(id[:]) // never fails
	return record{Version: recordVersion, Instance: hex.EncodeToString(id[:]), Cluster: opts.Cluster,
		MemTable: opts.memTable, Partitions: map[string]saved{}}
}

// readRecord reads STATE.json of a folder; ok is false if there is none. Its
// errors wrap ErrCorrupt, or ErrVersion.
func readRecord(dir string) (r record, ok bool, err error) {
	data, err := os.ReadFile(filepath.Join(dir, recordFile))
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, false, nil
	}
	if err != nil {
		return record{}, false, fmt.Errorf("state: %w", err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return record{}, false, fmt.Errorf("%w: %s: %w", ErrCorrupt, recordFile, err)
	}
	if r.Version > recordVersion {
		return record{}, false, fmt.Errorf("%w: %s has version %d, this program reads %d", ErrVersion, recordFile, r.Version, recordVersion)
	}
	if r.Version < 1 || r.Instance == "" || r.MemTable < minMemTable || r.MemTable > 1<<30 || r.Partitions == nil {
		return record{}, false, fmt.Errorf("%w: %s is incomplete", ErrCorrupt, recordFile)
	}
	return r, true, nil
}

// write replaces STATE.json and syncs it.
func (r record) write(dir string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("state: %s: %w", recordFile, err)
	}
	return writeFile(dir, recordFile, append(data, '\n'))
}

// writeFile replaces a file of dir as one step that survives a power cut.
func writeFile(dir, name string, data []byte) (err error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("state: write %s: %w", name, err)
	}
	return syncFolder(dir)
}

// removeFile removes a file of dir, if it is there, for good.
func removeFile(dir, name string) error {
	err := os.Remove(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return syncFolder(dir)
}
