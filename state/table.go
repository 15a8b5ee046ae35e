package state

import (
	"strings"

	"github.com/tidwall/btree"
)

// table is an ordered map from keys to values in memory. Lookups go through a
// hash map; the order of keys is built when something first asks for it, for
// most stores are never scanned.
type table struct {
	slots   map[string]int32 // key -> place in entries
	entries []entry
	free    []int32            // places of removed entries
	order   *btree.Set[string] // all keys, or nil until the first ordered read
	size    int64              // bytes of keys and values
}

type entry struct {
	key   string
	value []byte
}

func newTable() *table { return sizedTable(0) }

// sizedTable has room for n entries.
func sizedTable(n int) *table {
	return &table{slots: make(map[string]int32, n), entries: make([]entry, 0, n)}
}

func (t *table) len() int { return len(t.slots) }

func (t *table) get(key []byte) ([]byte, bool) {
	if i, ok := t.slots[string(key)]; ok {
		return t.entries[i].value, true
	}
	return nil, false
}

// put sets the value of key and keeps value itself.
func (t *table) put(key, value []byte) {
	if i, ok := t.slots[string(key)]; ok {
		t.replace(i, value)
		return
	}
	t.insert(string(key), value)
}

// putString is put for a key that is a string already.
func (t *table) putString(key string, value []byte) {
	if i, ok := t.slots[key]; ok {
		t.replace(i, value)
		return
	}
	t.insert(key, value)
}

func (t *table) replace(i int32, value []byte) {
	e := &t.entries[i]
	t.size += int64(len(value) - len(e.value))
	e.value = value
}

func (t *table) insert(key string, value []byte) {
	i := int32(len(t.entries))
	if n := len(t.free); n > 0 {
		i, t.free = t.free[n-1], t.free[:n-1]
		t.entries[i] = entry{key, value}
	} else {
		t.entries = append(t.entries, entry{key, value})
	}
	t.slots[key] = i
	t.size += int64(len(key) + len(value))
	if t.order != nil {
		t.order.Insert(key)
	}
}

func (t *table) remove(key string) {
	i, ok := t.slots[key]
	if !ok {
		return
	}
	t.size -= int64(len(key) + len(t.entries[i].value))
	t.entries[i] = entry{}
	t.free = append(t.free, i)
	delete(t.slots, key)
	if t.order != nil {
		t.order.Delete(key)
	}
}

// reset empties the table, and keeps its memory if much of it was used:
// clearing a map costs its capacity each time.
func (t *table) reset() {
	if cap(t.entries) > 4096 && len(t.entries) < cap(t.entries)/8 {
		*t = *newTable()
		return
	}
	clear(t.slots)
	clear(t.entries)
	t.entries, t.free, t.order, t.size = t.entries[:0], t.free[:0], nil, 0
}

func (t *table) sorted() *btree.Set[string] {
	if t.order == nil {
		t.order = new(btree.Set[string])
		for key := range t.slots {
			t.order.Insert(key)
		}
	}
	return t.order
}

// seek is the first entry with the prefix, or if begun the first whose key is
// past last. The table may change between two calls.
func (t *table) seek(prefix, last string, begun bool) (e entry, ok bool) {
	if len(t.slots) == 0 {
		return entry{}, false
	}
	t.sorted().Ascend(max(prefix, last), func(key string) bool {
		if begun && key <= last {
			return true
		}
		if ok = strings.HasPrefix(key, prefix); ok {
			e = t.entries[t.slots[key]]
		}
		return false
	})
	return e, ok
}

// ascend calls fn for the entries with the prefix in ascending order until fn
// returns an error. The table must not change meanwhile.
func (t *table) ascend(prefix string, fn func(entry) error) error {
	var err error
	t.sorted().Ascend(prefix, func(key string) bool {
		if !strings.HasPrefix(key, prefix) {
			return false
		}
		err = fn(t.entries[t.slots[key]])
		return err == nil
	})
	return err
}
