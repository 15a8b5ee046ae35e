package state

// merge puts the pending changes of a scan over the committed entries. The
// pending changes may change under it.
type merge struct {
	pending *table
	prefix  string
	fn      func(key, value []byte) error
	begun   bool
	last    string // the key that was done last
}

// committed takes the next committed entry.
func (m *merge) committed(e entry) error {
	if err := m.upTo(e.key, false); err != nil {
		return err
	}
	m.begun, m.last = true, e.key
	if i, ok := m.pending.slots[e.key]; ok {
		if e.value = m.pending.entries[i].value; e.value == nil {
			return nil
		}
	}
	return m.fn([]byte(e.key), e.value)
}

// upTo gives the pending entries below key, or all that are left.
func (m *merge) upTo(key string, all bool) error {
	for {
		e, ok := m.pending.seek(m.prefix, m.last, m.begun)
		if !ok || !all && e.key >= key {
			return nil
		}
		m.begun, m.last = true, e.key
		if e.value == nil {
			continue
		}
		if err := m.fn([]byte(e.key), e.value); err != nil {
			return err
		}
	}
}
