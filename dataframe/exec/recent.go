package exec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/state"
)

// recent is what a step keeps for each key. Of all of it in the store, as much
// is in memory as there is room for: what was used of late. It is two
// generations of keys, and the older one goes when the younger has half the room.
type recent[V any] struct {
	store   state.Store
	encode  func(*V) []byte // nil: there is nothing to keep
	decode  func([]byte) (V, error)
	room    int64 // bytes, about; 0: all
	now     map[string]*recalled[V]
	before  map[string]*recalled[V]
	size    int64 // of now, bytes
	dropped bool  // some keys are in the store alone
	changed []*recalled[V]
}

// recalled is what is kept for one key.
type recalled[V any] struct {
	key   string
	value V
	size  int64
	dirty bool // changed since it was saved
}

// recalledSize is about what a key in memory takes beside its bytes.
const recalledSize = 250

// get is what is kept for a key, made if there is nothing.
func (r *recent[V]) get(key string) (*recalled[V], error) {
	of, err := r.find(key)
	if of == nil && err == nil {
		of = &recalled[V]{key: strings.Clone(key), size: int64(len(key)) + recalledSize}
		r.remember(of)
	}
	return of, err
}

// find is what is kept for a key, or nil.
func (r *recent[V]) find(key string) (*recalled[V], error) {
	if of := r.now[key]; of != nil {
		return of, nil
	}
	of, err := r.before[key], error(nil)
	if of == nil {
		of, err = r.recall(key)
	}
	if of != nil {
		r.remember(of)
	}
	return of, err
}

// remember has a key be one that was used of late.
func (r *recent[V]) remember(of *recalled[V]) {
	r.now[of.key] = of
	r.size += of.size
}

// recall reads a key from the store, if it may be there and not here.
func (r *recent[V]) recall(key string) (*recalled[V], error) {
	if !r.dropped {
		return nil, nil
	}
	value, ok, err := r.store.Get([]byte(key))
	if !ok || err != nil {
		return nil, err
	}
	return r.read(strings.Clone(key), value)
}

func (r *recent[V]) read(key string, value []byte) (*recalled[V], error) {
	v, err := r.decode(value)
	if err != nil {
		return nil, fmt.Errorf("state of key %q does not decode: was it written by another program? (%w)", key, err)
	}
	return &recalled[V]{key: key, value: v, size: int64(len(key)+len(value)) + recalledSize}, nil
}

// change notes that what is kept for a key is to be saved.
func (r *recent[V]) change(of *recalled[V]) {
	if !of.dirty {
		of.dirty = true
		r.changed = append(r.changed, of)
	}
}

// save puts what changed into the store, and lets go of what was not used of
// late. Nothing of it is pending then, so each key is found in the store.
func (r *recent[V]) save() error {
	for _, of := range r.changed {
		of.dirty = false
		value := r.encode(&of.value)
		if value == nil {
			delete(r.before, of.key)
			delete(r.now, of.key)
			r.size -= of.size
			if err := r.store.Delete([]byte(of.key)); err != nil {
				return err
			}
			continue
		}
		size := int64(len(of.key)+len(value)) + recalledSize
		r.size += size - of.size
		of.size = size
		if err := r.store.Put([]byte(of.key), value); err != nil {
			return err
		}
	}
	r.changed = r.changed[:0]
	if r.full() {
		r.dropped = r.dropped || len(r.before) > 0
		r.before, r.now, r.size = r.now, map[string]*recalled[V]{}, 0
	}
	return nil
}

func (r *recent[V]) full() bool { return r.room > 0 && r.size > r.room/2 }

// load reads what is in the store, and tells of each key.
func (r *recent[V]) load(told func(*recalled[V])) error {
	return r.store.Scan(nil, func(key, value []byte) error {
		if r.full() && told == nil {
			r.dropped = true
			return state.ErrStop
		}
		of, err := r.read(string(key), value)
		if err != nil {
			return err
		}
		if told != nil {
			told(of)
		}
		if r.full() {
			r.dropped = true
			return nil
		}
		r.remember(of)
		return nil
	})
}

// each gives the keys that are wanted, in order, with what was kept at the last save.
func (r *recent[V]) each(want func(string) bool, fn func(string, *V) error) error {
	if r.dropped {
		return r.store.Scan(nil, func(key, value []byte) error {
			if !want(string(key)) {
				return nil
			}
			of, err := r.read(string(key), value)
			if err != nil {
				return err
			}
			return fn(of.key, &of.value)
		})
	}
	keys := wanted(r.now, want)
	for key := range r.before {
		if r.now[key] == nil && want(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		of := r.now[key]
		if of == nil {
			of = r.before[key]
		}
		if err := fn(key, &of.value); err != nil {
			return err
		}
	}
	return nil
}
