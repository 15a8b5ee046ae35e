package state

import (
	"fmt"
	"iter"
	"slices"
)

// keys is the layout with one Badger record an entry.
type keys struct {
	kv   *kv
	id   taskID
	mark meta
	buf  []byte // the last full key that was read, reused
}

func newKeys(s *kv, id taskID) *keys {
	return &keys{kv: s, id: id, mark: meta{layout: LayoutKeys}}
}

// loadKeys opens a partition of which mark is the committed record.
func loadKeys(s *kv, id taskID, mark meta) (*keys, error) {
	k := &keys{kv: s, id: id, mark: mark}
	if mark.journal {
		return k, k.redo()
	}
	if err := s.drop(id.prefix(kindJournal)); err != nil { // of a commit that did not come about
		return nil, err
	}
	return k, s.drop(id.prefix(kindBlock)) // of the layout before
}

func (k *keys) key(key string) []byte { return append(k.id.prefix(kindEntry), key...) }

func (k *keys) get(key []byte) ([]byte, bool, error) {
	if k.buf == nil {
		k.buf = k.id.prefix(kindEntry)
	}
	n := len(k.buf)
	full := append(k.buf, key...)
	k.buf = full[:n]
	return k.kv.get(full)
}

func (k *keys) scan(prefix []byte, fn func(entry) error) error {
	full := k.key(string(prefix))
	cut := len(full) - len(prefix)
	return k.kv.scan(full, func(key, value []byte) error {
		return fn(entry{string(key[cut:]), value})
	})
}

// commit is one Badger transaction if the changes fit into one. If not, they
// go to a journal first: it is the meta record that names the journal which
// commits, and what follows can be done again after a crash.
func (k *keys) commit(changes *table, pos []byte, saved int64) error {
	mark := k.mark
	mark.pos, mark.saved = pos, saved
	bytes, recs := k.kv.room()
	n := int64(len(changes.entries)) + 1
	if n > recs || changes.size+n*(overhead+300)+int64(len(pos)) > bytes {
		if err := k.log(changes, mark); err != nil {
			return err
		}
		return k.redo()
	}
	k.kv.fail("commit.before")
	err := k.apply(slices.Values(changes.entries), mark)
	k.kv.fail("commit.after")
	return err
}

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

// apply writes entries and the meta record. If it takes several transactions,
// each brings the digest that belongs to it, so that applying again is right.
func (k *keys) apply(changes iter.Seq[entry], mark meta) error {
	mark.digest = k.mark.digest
	b := k.kv.batch("apply.batch")
	defer func() { b.discard() }()
	for e := range changes {
		if b.full(len(e.key) + len(e.value) + len(mark.pos) + 256) {
			if err := b.finish(k.id, mark); err != nil {
				return err
			}
			b.next()
		}
		if err := k.write(b, e, &mark.digest); err != nil {
			return err
		}
	}
	if err := b.finish(k.id, mark); err != nil {
		return err
	}
	k.mark = mark
	return nil
}

func (k *keys) write(b *batch, e entry, g *digest) error {
	key := k.key(e.key)
	old, had, err := read(b.txn, key)
	if err != nil {
		return err
	}
	if had {
		g.remove(e.key, old)
	}
	if e.value == nil {
		if !had {
			return nil
		}
	} else {
		g.add(e.key, e.value)
	}
	return b.put(key, e.value)
}

func (k *keys) wipe() error {
	err := wipe(k.kv, k.id)
	*k = *newKeys(k.kv, k.id)
	return err
}

func (k *keys) meta() meta  { return k.mark }
func (k *keys) held() int64 { return 0 }

// wipe removes all records of a partition, the one that makes them count first.
func wipe(s *kv, id taskID) error {
	for _, kind := range []byte{kindMeta, kindEntry, kindBlock, kindJournal} {
		if err := s.drop(id.prefix(kind)); err != nil {
			return err
		}
		s.fail("wipe." + string(kind))
	}
	return nil
}
