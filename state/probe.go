package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Probe examines a state folder after an unclean stop: that Badger opens it,
// that each partition of STATE.json is there and not older than it says, and
// that each has exactly the entries that were committed. It is what the command
// in Options.Probe runs, while the process that started it holds the lock. Its
// errors wrap ErrCorrupt. It may also panic, hang, or end the process.
func Probe(dir string) error {
	r, ok, err := readRecord(dir)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %s is missing", ErrCorrupt, recordFile)
	}
	b, err := openDB(filepath.Join(dir, dataFolder), r.MemTable, true, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	err = probe(&kv{db: b, fail: func(string) {}}, r)
	if e := closeBadger(b); err == nil && e != nil {
		err = fmt.Errorf("%w: %w", ErrCorrupt, e)
	}
	return err
}

func probe(s *kv, r record) error {
	found := map[string]bool{}
	err := s.scan([]byte{kindMeta}, func(key, value []byte) error {
		id, err := parseTask(key)
		if err != nil {
			return err
		}
		found[id.String()] = true
		if err := probePartition(s, id, value, r.Partitions[id.String()]); err != nil {
			return fmt.Errorf("partition %s: %w", id, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for name, p := range r.Partitions {
		if !found[name] {
			return fmt.Errorf("%w: partition %s: no commit record, though changelog offset %d was committed", ErrCorrupt, name, p.Changelog)
		}
	}
	return nil
}

// probePartition checks a partition against its commit record and STATE.json.
func probePartition(s *kv, id taskID, value []byte, least saved) error {
	mark, err := decodeMeta(value)
	if err != nil {
		return err
	}
	pos, ok, err := mark.position()
	if err != nil {
		return err
	}
	if !ok && least.Changelog > 0 || pos.Changelog < least.Changelog {
		return fmt.Errorf("%w: stands at changelog offset %d, but %d was committed", ErrCorrupt, pos.Changelog, least.Changelog)
	}
	if mark.layout == LayoutBlocks {
		_, err := loadBlocks(s, id, mark)
		return err
	}
	return probeKeys(s, id, mark)
}

func probeKeys(s *kv, id taskID, mark meta) error {
	var g digest
	prefix := id.prefix(kindEntry)
	err := s.scan(prefix, func(key, value []byte) error {
		g.add(string(key[len(prefix):]), value)
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if g != mark.digest {
		return fmt.Errorf("%w: holds %d entries with sum %016x, committed were %d with %016x", ErrCorrupt, g.count, g.sum, mark.digest.count, mark.digest.sum)
	}
	return nil
}

// How long a probe may take: a start, and the time to read the folder slowly.
const (
	probeTime = 20 * time.Second
	probeRate = 20 << 20 // bytes a second
)

// probe has the folder examined, in a process of its own if there is a command.
func (f *folder) probe(opts Options) error {
	if len(opts.Probe) == 0 {
		return f.probeHere()
	}
	size, err := folderSize(f.data())
	if err != nil {
		return err
	}
	limit := probeTime + time.Duration(size/probeRate)*time.Second
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, opts.Probe[0], append(opts.Probe[1:len(opts.Probe):len(opts.Probe)], f.dir)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("state: the command that examines the folder does not start: %w", err)
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: the examination did not end within %v", ErrCorrupt, limit)
	case err != nil:
		return fmt.Errorf("%w: the examination ended with %w: %s", ErrCorrupt, err, lastWords(said.String()))
	}
	return nil
}

// lastWords is the first line of what a failed command said that is not empty,
// for a panic says what happened first.
func lastWords(said string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	return line[:min(len(line), 500)]
}

// probeHere examines the folder in this process. If that ends the process, the
// file it leaves says so at the next start.
func (f *folder) probeHere() (err error) {
	died, err := f.exists(probingFile)
	if err != nil {
		return err
	}
	if err := removeFile(f.dir, probingFile); err != nil {
		return err
	}
	if died {
		return fmt.Errorf("%w: the process that examined it did not survive", ErrCorrupt)
	}
	if err := writeFile(f.dir, probingFile, nil); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: panic: %v", ErrCorrupt, r)
		}
		err = errors.Join(err, removeFile(f.dir, probingFile))
	}()
	return Probe(f.dir)
}
