package state

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// valueThreshold keeps every value in the tables: the value log, where Badger's
// bugs live, holds nothing. It is Badger's upper limit.
const valueThreshold = 1 << 20

// badgerOptions for a folder. Blocks are checked when they are read; that tables
// are whole is seen before, by the seal or by the probe (checkAll).
func badgerOptions(dir string, memTable int64, checkAll bool, log badger.Logger) badger.Options {
	check := options.OnBlockRead
	if checkAll {
		check = options.OnTableAndBlockRead
	}
	return badger.DefaultOptions(dir).
		WithLogger(log).
		WithMemTableSize(memTable).
		WithValueThreshold(valueThreshold).
		WithValueLogFileSize(1 << 20).
		WithNumMemtables(2).
		WithNumCompactors(2).
		WithBlockCacheSize(32 << 20).
		WithIndexCacheSize(32 << 20). // 0 would keep the index of every table in memory
		WithChecksumVerificationMode(check).
		WithSyncWrites(false). // a killed process loses nothing; after a power cut the changelog has it
		WithDetectConflicts(false).
		WithCompactL0OnClose(false).
		WithMetricsEnabled(false).
		WithNumVersionsToKeep(1)
}

// openBadger opens the files. A doubt says that they are damaged.
func (db *DB) openBadger() (doubt, err error) {
	b, err := openDB(db.folder.data(), db.folder.record.MemTable, false, db.opts.Log)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err), nil
	}
	db.kv = &kv{db: b, fail: db.opts.Failpoint}
	return nil, nil
}

// errIgnored: Badger opened, but without a table that has a wrong checksum.
var errIgnored = errors.New("a table has a wrong checksum")

// openDB opens Badger, a second time if the first fails: after a crash it can
// find an empty value log, fail, and be content with it the next time. But
// what was left out once is not asked for again.
func openDB(data string, memTable int64, checkAll bool, log *slog.Logger) (*badger.DB, error) {
	b, err := tryOpen(data, memTable, checkAll, log)
	if err != nil && !errors.Is(err, errIgnored) {
		b, err = tryOpen(data, memTable, checkAll, log)
	}
	return b, err
}

// tryOpen is badger.Open which fails when Badger leaves out a damaged table,
// and when it panics.
func tryOpen(data string, memTable int64, checkAll bool, log *slog.Logger) (b *badger.DB, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("open: panic: %v", r)
		}
	}()
	l := &badgerLog{log: log}
	b, err = badger.Open(badgerOptions(data, memTable, checkAll, l))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if l.ignored.Load() {
		closeBadger(b)
		return nil, fmt.Errorf("open: %w", errIgnored)
	}
	return b, nil
}

// closeBadger closes, with a panic of Badger as an error.
func closeBadger(b *badger.DB) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("state: close: panic: %v", r)
		}
	}()
	if err := b.Close(); err != nil {
		return fmt.Errorf("state: close: %w", err)
	}
	return nil
}

// badgerLog hands on what Badger says, and notices what it says nowhere else.
type badgerLog struct {
	log     *slog.Logger
	ignored atomic.Bool // a table was left out for its checksum
}

func (l *badgerLog) Errorf(format string, args ...any) {
	if strings.HasPrefix(format, "Ignoring table") {
		l.ignored.Store(true)
	}
	l.say(slog.LevelError, format, args)
}

func (l *badgerLog) Warningf(format string, args ...any) { l.say(slog.LevelWarn, format, args) }
func (l *badgerLog) Infof(format string, args ...any)    { l.say(slog.LevelDebug, format, args) }
func (l *badgerLog) Debugf(string, ...any)               {}

func (l *badgerLog) say(level slog.Level, format string, args []any) {
	if l.log.Enabled(context.Background(), level) {
		l.log.Log(context.Background(), level, "badger: "+strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}
