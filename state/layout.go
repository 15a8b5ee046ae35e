package state

// layout keeps the committed entries of a partition.
type layout interface {
	get(key []byte) (value []byte, ok bool, err error)
	// scan calls fn for the entries with the prefix, in ascending order.
	scan(prefix []byte, fn func(entry) error) error
	// commit makes the changes and the position (encoded) one durable step.
	commit(changes *table, pos []byte, saved int64) error
	// wipe removes all; a crash within leaves no position.
	wipe() error
	meta() meta
	// held is the bytes of memory that the entries take.
	held() int64
}

// entryOverhead is about what an entry in memory costs beside its bytes.
const entryOverhead = 100

// memory is the layout without files, and the front of blocks.
type memory struct {
	entries *table
	mark    meta
}

func newMemory() *memory {
	return &memory{entries: newTable(), mark: meta{layout: LayoutMemory}}
}

func (m *memory) get(key []byte) ([]byte, bool, error) {
	value, ok := m.entries.get(key)
	return value, ok, nil
}

func (m *memory) scan(prefix []byte, fn func(entry) error) error {
	return m.entries.ascend(string(prefix), fn)
}

func (m *memory) commit(changes *table, pos []byte, saved int64) error {
	m.apply(changes)
	m.mark.pos, m.mark.saved = pos, saved
	return nil
}

// apply makes the changes in memory.
func (m *memory) apply(changes *table) {
	for _, e := range changes.entries {
		m.applyOne(e)
	}
}

func (m *memory) applyOne(e entry) {
	if i, ok := m.entries.slots[e.key]; ok {
		m.mark.digest.remove(e.key, m.entries.entries[i].value)
	}
	if e.value == nil {
		m.entries.remove(e.key)
		return
	}
	m.mark.digest.add(e.key, e.value)
	m.entries.putString(e.key, e.value)
}

func (m *memory) wipe() error {
	*m = *newMemory()
	return nil
}

func (m *memory) meta() meta { return m.mark }

func (m *memory) held() int64 {
	return m.entries.size + int64(m.entries.len())*entryOverhead
}
