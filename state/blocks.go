package state

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
)

// snapshotSlack is how many bytes of changes are kept beyond twice the state
// before they are replaced by a snapshot, so that a small state is not written
// whole at every other commit.
const snapshotSlack = 1 << 20

// blocks is the layout with all entries in memory, and in Badger numbered
// blocks: a snapshot, and the changes since. The meta record names the live
// blocks, so what a crash leaves behind of others does not count.
type blocks struct {
	memory
	kv     *kv
	id     taskID
	deltas int64 // bytes of blocks since the snapshot
}

func newBlocks(s *kv, id taskID) *blocks {
	b := &blocks{memory: *newMemory(), kv: s, id: id}
	b.mark.layout = LayoutBlocks
	return b
}

// loadBlocks reads a partition of which mark is the committed record. Its
// errors wrap ErrCorrupt if the blocks are not all there, or not as written.
func loadBlocks(s *kv, id taskID, mark meta) (*blocks, error) {
	b := newBlocks(s, id)
	if err := s.drop(id.prefix(kindEntry)); err != nil { // of a conversion that did not come about
		return nil, err
	}
	b.entries = sizedTable(int(min(mark.digest.count, 1<<24))) // it may be false
	next, prefix := mark.first, id.prefix(kindBlock)
	var stray [][]byte
	err := s.scan(prefix, func(key, value []byte) error {
		n := binary.BigEndian.Uint64(key[len(prefix):])
		if n < mark.first || n >= mark.next {
			stray = append(stray, slices.Clone(key))
			return nil
		}
		if n != next {
			return fmt.Errorf("%w: %s: block %d is missing", ErrCorrupt, id, next)
		}
		next++
		if n >= mark.base {
			b.deltas += int64(len(value))
		}
		return unpack(value, func(e entry) error { b.applyOne(e); return nil })
	})
	if err != nil {
		return nil, err
	}
	if next != mark.next || b.mark.digest != mark.digest {
		return nil, fmt.Errorf("%w: %s: blocks %d to %d hold %d entries, of %d to %d with %d entries", ErrCorrupt,
			id, mark.first, next, b.mark.digest.count, mark.first, mark.next, mark.digest.count)
	}
	b.mark = mark
	return b, b.remove(stray)
}

func (b *blocks) commit(changes *table, pos []byte, saved int64) error {
	b.apply(changes)
	mark := b.mark
	mark.pos, mark.saved = pos, saved
	if b.deltas+changes.size > 2*b.entries.size+snapshotSlack {
		return b.snapshot(mark)
	}
	return b.append(slices.Values(changes.entries), mark, false)
}

// append writes entries as new blocks, and the mark that names them too.
func (b *blocks) append(entries iter.Seq[entry], mark meta, snapshot bool) error {
	w := b.kv.batch("commit.batch")
	defer func() { w.discard() }()
	for block := range pack(entries) {
		if err := w.set(b.id.numbered(kindBlock, mark.next), block); err != nil {
			return err
		}
		b.deltas += int64(len(block))
		mark.next++
	}
	if snapshot {
		mark.base, b.deltas = mark.next, 0
	}
	b.kv.fail("commit.before")
	if err := w.finish(b.id, mark); err != nil {
		return err
	}
	b.mark = mark
	b.kv.fail("commit.after")
	return nil
}

// snapshot commits the whole state as new blocks, and removes the ones before.
func (b *blocks) snapshot(mark meta) error {
	old := mark.first
	mark.first = mark.next
	if err := b.append(b.all(), mark, true); err != nil {
		return err
	}
	b.kv.fail("snapshot.after")
	var stray [][]byte
	for n := old; n < mark.first; n++ {
		stray = append(stray, b.id.numbered(kindBlock, n))
	}
	return b.remove(stray)
}

// all gives the entries in memory.
func (b *blocks) all() iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for _, e := range b.entries.entries {
			if e.value != nil && !yield(e) { // nil: a free place
				return
			}
		}
	}
}

func (b *blocks) remove(stray [][]byte) error {
	w := b.kv.batch("snapshot.batch")
	defer func() { w.discard() }()
	for _, key := range stray {
		if err := w.set(key, nil); err != nil {
			return err
		}
	}
	return w.commit()
}

func (b *blocks) wipe() error {
	err := wipe(b.kv, b.id)
	*b = *newBlocks(b.kv, b.id)
	return err
}

// toKeys changes the layout of a committed partition. Until the last step the
// entries written do not count.
func (b *blocks) toKeys() (*keys, error) {
	w := b.kv.batch("convert.batch")
	defer func() { w.discard() }()
	k := newKeys(b.kv, b.id)
	for e := range b.all() {
		if err := w.set(k.key(e.key), e.value); err != nil {
			return nil, err
		}
	}
	k.mark = b.mark
	k.mark.layout, k.mark.first, k.mark.next, k.mark.base = LayoutKeys, 0, 0, 0
	b.kv.fail("convert.before")
	if err := w.finish(b.id, k.mark); err != nil {
		return nil, err
	}
	b.kv.fail("convert.after")
	return k, b.kv.drop(b.id.prefix(kindBlock))
}
