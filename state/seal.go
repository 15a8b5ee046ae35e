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

// seal is CLEAN: the files that Badger left when it was closed. What is missing
// or changed is found before Badger is let near it: it takes a folder without
// MANIFEST for an empty one, and a changed table can end the process.
type seal map[string]sealed

// sealed is one file: its size in bytes and its CRC-32 (Castagnoli).
type sealed struct {
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc"`
}

// takeSeal lists the files of Badger's folder. Tables never change, so those
// that are in the seal of before are not read again.
func takeSeal(data string, before seal) (seal, error) {
	files, err := os.ReadDir(data)
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	s := seal{}
	for _, file := range files {
		name := file.Name()
		if old, ok := before[name]; ok && strings.HasSuffix(name, ".sst") {
			s[name] = old
			continue
		}
		if s[name], err = sealFile(filepath.Join(data, name)); err != nil {
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
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	n, err := io.Copy(sum, f)
	return sealed{n, sum.Sum32()}, err
}

// checkSeal compares the files with CLEAN, and returns it. It is nil if there is
// none: the last process did not close the folder. Errors wrap ErrCorrupt.
func checkSeal(dir string) (want seal, err error) {
	data, err := os.ReadFile(filepath.Join(dir, cleanFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	if err := json.Unmarshal(data, &want); err != nil || want == nil {
		return nil, fmt.Errorf("%w: %s is not readable: %v", ErrCorrupt, cleanFile, err)
	}
	have, err := takeSeal(filepath.Join(dir, dataFolder), nil)
	if err != nil {
		return nil, err
	}
	for name, w := range want {
		if h, ok := have[name]; !ok {
			return nil, fmt.Errorf("%w: %s is missing", ErrCorrupt, name)
		} else if h != w {
			return nil, fmt.Errorf("%w: %s has %d bytes and CRC %08x, was closed with %d and %08x", ErrCorrupt, name, h.Size, h.CRC, w.Size, w.CRC)
		}
	}
	if len(have) != len(want) {
		return nil, fmt.Errorf("%w: %d files, was closed with %d", ErrCorrupt, len(have), len(want))
	}
	return want, nil
}
