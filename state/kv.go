package state

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// kv is Badger as the layouts use it.
type kv struct {
	db   *badger.DB
	fail func(point string) // Options.Failpoint
}

// get returns a copy of the value of key.
func (s *kv) get(key []byte) (value []byte, ok bool, err error) {
	txn := s.db.NewTransaction(false)
	defer txn.Discard()
	return read(txn, key)
}

func read(txn *badger.Txn, key []byte) (value []byte, ok bool, err error) {
	item, err := txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, false, nil
	}
	if err == nil {
		value, err = item.ValueCopy(nil)
	}
	if err != nil {
		return nil, false, fmt.Errorf("state: read: %w", err)
	}
	if value == nil {
		value = []byte{}
	}
	return value, true, nil
}

// scan calls fn for the records with the prefix, in ascending order. key is
// valid within fn, value for good.
func (s *kv) scan(prefix []byte, fn func(key, value []byte) error) error {
	txn := s.db.NewTransaction(false)
	defer txn.Discard()
	opts := badger.DefaultIteratorOptions
	opts.Prefix = prefix
	it := txn.NewIterator(opts)
	defer it.Close()
	for it.Rewind(); it.Valid(); it.Next() {
		value, err := it.Item().ValueCopy(nil)
		if err != nil {
			return fmt.Errorf("state: scan: %w", err)
		}
		if err := fn(it.Item().Key(), value); err != nil {
			return err
		}
	}
	return nil
}

// drop deletes all records with the prefix, in as many transactions as it
// takes. (Badger's own DropPrefix refuses all writers meanwhile.)
func (s *kv) drop(prefix []byte) error {
	txn := s.db.NewTransaction(false)
	defer txn.Discard()
	opts := badger.DefaultIteratorOptions
	opts.Prefix, opts.PrefetchValues = prefix, false
	it := txn.NewIterator(opts)
	defer it.Close()
	b := s.batch("drop.batch")
	defer b.discard()
	for it.Rewind(); it.Valid(); it.Next() {
		if err := b.set(it.Item().KeyCopy(nil), nil); err != nil {
			return err
		}
	}
	return b.commit()
}

// batch collects writes into one transaction, or into several if they are more
// than Badger takes at once; who needs one step puts what counts last.
type batch struct {
	kv          *kv
	txn         *badger.Txn
	bytes, recs int64
	point       string // failpoint after each transaction but the last
}

func (s *kv) batch(point string) *batch {
	return &batch{kv: s, txn: s.db.NewTransaction(true), point: point}
}

// overhead is about what Badger adds to the size of a record.
const overhead = 32

// room is how much one transaction takes, with a margin.
func (s *kv) room() (bytes, recs int64) { return s.db.MaxBatchSize() / 2, s.db.MaxBatchCount() / 2 }

// full says that a record of that size needs a new transaction.
func (b *batch) full(size int) bool {
	bytes, recs := b.kv.room()
	return b.recs > 0 && (b.bytes+int64(size)+overhead > bytes || b.recs >= recs)
}

// set writes a record, or deletes it if value is nil. The batch keeps both slices.
func (b *batch) set(key, value []byte) error {
	if b.full(len(key) + len(value)) {
		if err := b.split(); err != nil {
			return err
		}
	}
	return b.put(key, value)
}

// put is set without a split: the caller has seen that there is room.
func (b *batch) put(key, value []byte) (err error) {
	b.bytes += int64(len(key)+len(value)) + overhead
	b.recs++
	if value == nil {
		err = b.txn.Delete(key)
	} else {
		err = b.txn.Set(key, value)
	}
	if err != nil {
		return fmt.Errorf("state: write: %w", err)
	}
	return nil
}

// split commits what there is and begins the next transaction.
func (b *batch) split() error {
	if err := b.commit(); err != nil {
		return err
	}
	b.next()
	return nil
}

// next begins another transaction after a commit.
func (b *batch) next() {
	b.kv.fail(b.point)
	b.txn, b.bytes, b.recs = b.kv.db.NewTransaction(true), 0, 0
}

// finish writes the meta record of a partition into the last transaction, and
// commits it.
func (b *batch) finish(id taskID, mark meta) error {
	if err := b.put(id.prefix(kindMeta), mark.encode()); err != nil {
		return err
	}
	return b.commit()
}

func (b *batch) commit() error {
	if err := b.txn.Commit(); err != nil {
		return fmt.Errorf("state: write: %w", err)
	}
	return nil
}

// discard drops what is not committed; after commit it does nothing.
func (b *batch) discard() { b.txn.Discard() }
