package state

import (
	"fmt"
	"slices"
)

// log writes the changes to the journal, and then commits it.
func (k *keys) log(changes *table, mark meta) error {
	mark.journal = true
	b := k.kv.batch("journal.batch")
	defer func() { b.discard() }()
	n := uint64(0)
	for block := range pack(slices.Values(changes.entries)) {
		if err := b.set(k.id.numbered(kindJournal, n), block); err != nil {
			return err
		}
		n++
	}
	mark.first, mark.next = 0, n
	if err := b.split(); err != nil {
		return err
	}
	k.kv.fail("commit.before")
	if err := b.finish(k.id, mark); err != nil {
		return err
	}
	k.mark = mark
	k.kv.fail("commit.after")
	return nil
}

// redo applies a committed journal, from its beginning whatever was done before.
func (k *keys) redo() error {
	for n := k.mark.first; n < k.mark.next; n++ {
		block, ok, err := k.kv.get(k.id.numbered(kindJournal, n))
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: %s: block %d of the journal is missing", ErrCorrupt, k.id, n)
		}
		var changes []entry
		if err := unpack(block, func(e entry) error { changes = append(changes, e); return nil }); err != nil {
			return err
		}
		if err := k.apply(slices.Values(changes), k.mark); err != nil {
			return err
		}
		k.kv.fail("redo.batch")
	}
	mark := k.mark
	mark.journal, mark.first, mark.next = false, 0, 0
	if err := k.apply(func(func(entry) bool) {}, mark); err != nil {
		return err
	}
	return k.kv.drop(k.id.prefix(kindJournal))
}
