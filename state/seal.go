package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// seal is CLEAN: the files that Badger left when it was closed. A file that is
// missing or shorter is found before Badger is let near it, for Badger takes a
// folder without MANIFEST for an empty one.
type seal map[string]sealed

// sealed is one file: its size in bytes, and its CRC-32 (Castagnoli) but for
// tables, of which Badger checks every byte when it opens them.
type sealed struct {
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc,omitempty"`
}

// takeSeal lists the files of Badger's folder.
func takeSeal(data string) (seal, error) {
	files, err := os.ReadDir(data)
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	s := seal{}
	for _, file := range files {
		if s[file.Name()], err = sealFile(filepath.Join(data, file.Name())); err != nil {
			return nil, fmt.Errorf("state: %w", err)
		}
	}
	return s, nil
}

func sealFile(path string) (sealed, error) {
	f, err := os.Open(path)
	if err != nil {
		return sealed{}, err
	}
	defer f.Close()
	if strings.HasSuffix(path, ".sst") {
		info, err := f.Stat()
		if err != nil {
			return sealed{}, err
		}
		return sealed{Size: info.Size()}, nil
	}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	n, err := io.Copy(sum, f)
	return sealed{n, sum.Sum32()}, err
}

// checkSeal compares the files with CLEAN. clean is false if there is no CLEAN:
// the last process did not close the folder. Errors wrap ErrCorrupt.
func checkSeal(dir string) (clean bool, err error) {
	data, err := os.ReadFile(filepath.Join(dir, cleanFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("state: %w", err)
	}
	var want seal
	if err := json.Unmarshal(data, &want); err != nil {
		return false, fmt.Errorf("%w: %s: %w", ErrCorrupt, cleanFile, err)
	}
	have, err := takeSeal(filepath.Join(dir, dataFolder))
	if err != nil {
		return false, err
	}
	for name, w := range want {
		if h, ok := have[name]; !ok {
			return false, fmt.Errorf("%w: %s is missing", ErrCorrupt, name)
		} else if h != w {
			return false, fmt.Errorf("%w: %s has %d bytes and CRC %08x, was closed with %d and %08x", ErrCorrupt, name, h.Size, h.CRC, w.Size, w.CRC)
		}
	}
	if len(have) != len(want) {
		return false, fmt.Errorf("%w: %d files, was closed with %d", ErrCorrupt, len(have), len(want))
	}
	return true, nil
}
