package state

import (
	"iter"
	"slices"
)

// keys is the layout with one Badger record an entry.
type keys struct {
	kv   *kv
	id   taskID
	mark meta
	buf  []byte // the last full key that was read, reused
	// seen has what was read since the last commit, so that the commit need not
	// read it again to bring the digest up to date.
	seen map[string]seen
}

// seen is a committed entry, or that there is none.
type seen struct {
	had   bool
	print uint64 // its fingerprint
}

// maxSeen bounds the entries remembered between two commits: about 20 MB.
const maxSeen = 200_000

func newKeys(s *kv, id taskID) *keys {
	return &keys{kv: s, id: id, mark: meta{layout: LayoutKeys}, seen: map[string]seen{}}
}

// loadKeys opens a partition of which mark is the committed record.
func loadKeys(s *kv, id taskID, mark meta) (*keys, error) {
	k := newKeys(s, id)
	k.mark = mark
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
	value, ok, err := k.kv.get(full)
	if err == nil && len(k.seen) < maxSeen {
		was := seen{had: ok}
		if ok {
			was.print = fingerprint(string(key), value)
		}
		k.seen[string(key)] = was
	}
	return value, ok, err
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
	defer k.forget()
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

// forget drops what is seen: the commit has changed it.
func (k *keys) forget() {
	if len(k.seen) > 4096 {
		k.seen = map[string]seen{} // clearing would cost the capacity at each commit
		return
	}
	clear(k.seen)
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
	was, err := k.before(b, key, e.key)
	if err != nil {
		return err
	}
	if was.had {
		g.drop(was.print)
	} else if e.value == nil {
		return nil // nothing to delete
	}
	if e.value != nil {
		g.add(e.key, e.value)
	}
	return b.put(key, e.value)
}

// before is the entry as it is committed.
func (k *keys) before(b *batch, full []byte, key string) (seen, error) {
	if was, ok := k.seen[key]; ok {
		return was, nil
	}
	old, had, err := read(b.txn, full)
	if !had || err != nil {
		return seen{}, err
	}
	return seen{true, fingerprint(key, old)}, nil
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
