package state

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// Partition is one task's state: committed entries, and the pending changes of
// the running transaction. It is a [Store]. One goroutine uses a partition at a
// time; different partitions are independent.
type Partition struct {
	db       *DB
	id       taskID
	layout   layout
	pending  *table // a nil value is a deletion
	pos      Position
	ok       bool  // there is a position
	charged  int64 // bytes of memory that the DB knows of
	scanning int
	err      error // of a commit that went wrong: the partition has to be opened again
}

var _ Store = (*Partition)(nil)

// Get implements [Store].
func (p *Partition) Get(key []byte) ([]byte, bool, error) {
	if value, ok := p.pending.get(key); ok {
		return value, value != nil, nil
	}
	value, ok, err := p.layout.get(key)
	if err != nil {
		return nil, false, p.damaged(err)
	}
	return value, ok, nil
}

// Put implements [Store].
func (p *Partition) Put(key, value []byte) error {
	if err := checkEntry(key, value); err != nil {
		return err
	}
	p.pending.put(key, append(make([]byte, 0, len(value)), value...))
	return nil
}

// Delete implements [Store].
func (p *Partition) Delete(key []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	p.pending.put(key, nil)
	return nil
}

// Scan implements [Store].
func (p *Partition) Scan(prefix []byte, fn func(key, value []byte) error) error {
	p.scanning++
	defer func() { p.scanning-- }()
	m := merge{pending: p.pending, prefix: string(prefix), fn: fn}
	err := p.layout.scan(prefix, m.committed)
	if err == nil {
		err = m.upTo("", true)
	}
	if err == ErrStop {
		return nil
	}
	return err
}

// Changes gives the pending changes, once per touched key, in ascending order
// of keys; a nil value is a deletion. They are the changelog records of the
// transaction. The slices are never written to again.
func (p *Partition) Changes() iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		changes := slices.Clone(p.pending.entries)
		slices.SortFunc(changes, func(a, b entry) int { return compare(a.key, b.key) })
		for _, e := range changes {
			if !yield([]byte(e.key), e.value) {
				return
			}
		}
	}
}

// Size is the bytes of the pending changes, keys and values.
func (p *Partition) Size() int { return int(p.pending.size) }

// Pending is the number of keys that the running transaction has touched.
func (p *Partition) Pending() int { return p.pending.len() }

// Commit makes the pending changes and the position one durable step. Call it
// when the Kafka transaction that carries both is certain, and not before.
//
// After ErrDiskFull nothing has changed, and Commit may be called again. After
// any other error the partition is unusable until it is closed and opened
// again; then it stands at this position or at the one before.
func (p *Partition) Commit(pos Position) error {
	encoded, _ := pos.MarshalBinary()
	if err := p.flush(encoded); err != nil {
		return err
	}
	p.pos, p.ok = pos, true
	return p.db.committed(p)
}

// flush commits the pending changes under an encoded position, which is nil
// while a first restore runs.
func (p *Partition) flush(pos []byte) error {
	switch {
	case p.err != nil:
		return p.err
	case p.scanning > 0:
		return fmt.Errorf("state: %s: commit within a scan", p.id)
	case len(pos) > MaxValue:
		return fmt.Errorf("%w: position of %d bytes, at most %d", ErrValueTooLarge, len(pos), MaxValue)
	}
	if err := p.db.Space(); err != nil {
		return err
	}
	if err := p.layout.commit(p.pending, pos, time.Now().UnixNano()); err != nil {
		p.err = p.damaged(fmt.Errorf("state: %s: commit: %w", p.id, err))
		return p.err
	}
	p.pending.reset()
	return p.spill()
}

// Discard drops the pending changes: the transaction was aborted.
func (p *Partition) Discard() { p.pending.reset() }

// Position is the position of the last Commit; ok is false if there was none,
// and then the partition is empty. Do not change its maps.
func (p *Partition) Position() (pos Position, ok bool) { return p.pos, p.ok }

// Saved is when the last commit was, or the zero time. A partition that is
// older than the changelog's delete.retention.ms may have missed deletions: wipe it.
func (p *Partition) Saved() time.Time {
	if ns := p.layout.meta().saved; ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}

// Layout is how the entries are kept.
func (p *Partition) Layout() Layout { return p.layout.meta().layout }

// Entries is the number of committed entries.
func (p *Partition) Entries() int { return int(p.layout.meta().digest.count) }

// Fingerprint is a hash of all committed entries, whatever their layout and
// their history: equal states have equal fingerprints.
func (p *Partition) Fingerprint() uint64 { return p.layout.meta().digest.sum }

// Wipe removes everything, pending changes and position included. A crash
// within leaves an empty partition.
func (p *Partition) Wipe() error {
	p.Discard()
	if p.scanning > 0 {
		return fmt.Errorf("state: %s: wipe within a scan", p.id)
	}
	if err := p.db.forget(p.id); err != nil {
		return err
	}
	if err := p.layout.wipe(); err != nil {
		p.err = fmt.Errorf("state: %s: wipe: %w", p.id, err)
		return p.err
	}
	p.layout = p.db.fresh(p.id)
	p.pos, p.ok, p.err = Position{}, false, nil
	p.charge()
	return nil
}

// Close gives back the memory of the partition. What is committed stays, what
// is pending is dropped. DB.Close closes all partitions.
func (p *Partition) Close() { p.db.release(p) }

// damaged notes an error of the folder, so that it is examined at the next start.
func (p *Partition) damaged(err error) error {
	p.db.suspect.Store(true)
	return err
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
