package state

import (
	"errors"
	"fmt"
)

// Limits on what a store takes. An entry within them fits, with its overhead,
// into one Kafka record of the broker's default size (1,048,588 bytes).
const (
	MaxKey   = 32 << 10  // bytes of a key, prefixes of operators included
	MaxValue = 960 << 10 // bytes of a value
)

// PositionKey is the key of the changelog record that carries a [Position].
// Stores refuse it; no key of a [Prefixed] store can equal it.
const PositionKey = "M"

var (
	// ErrKeyTooLarge: a key has more than MaxKey bytes.
	ErrKeyTooLarge = errors.New("state: key too large")
	// ErrValueTooLarge: a value has more than MaxValue bytes.
	ErrValueTooLarge = errors.New("state: value too large")
	// ErrReservedKey: the key is PositionKey.
	ErrReservedKey = errors.New("state: key is reserved for the position record")
	// ErrStop, returned by the function given to Scan, ends the scan without error.
	ErrStop = errors.New("state: end of scan")
)

// Store is what an operator sees of its task's state: bytes under bytes. Reads
// see the task's own pending writes. A store is used by one goroutine at a time.
//
// Slices that a store hands out are never written to again: keep them as long
// as you like, and do not change them. Slices given to a store are copied.
type Store interface {
	// Get returns the value of key; ok is false if there is none.
	Get(key []byte) (value []byte, ok bool, err error)
	// Put sets the value of key. A nil value is stored as an empty one.
	// It fails with ErrKeyTooLarge, ErrValueTooLarge or ErrReservedKey.
	Put(key, value []byte) error
	// Delete removes key, if it is there.
	Delete(key []byte) error
	// Scan calls fn for each entry whose key has the prefix, in ascending order
	// of keys. fn may Put and Delete: the scan sees the changes made to keys that
	// it has not reached. An error of fn ends the scan and is returned, but for
	// ErrStop.
	Scan(prefix []byte, fn func(key, value []byte) error) error
}

// Prefixed gives one operator its own key space inside s. The id is put before
// each key with its length, so that no two ids share keys. An id has 1 to 255
// bytes; of a longer one each call returns ErrKeyTooLarge.
func Prefixed(s Store, id string) Store {
	if len(id) > 255 {
		return refusing{fmt.Errorf("%w: store id %.20q… has %d bytes, at most 255", ErrKeyTooLarge, id, len(id))}
	}
	return &prefixed{store: s, prefix: append([]byte{byte(len(id))}, id...)}
}

type prefixed struct {
	store  Store
	prefix []byte // the length of the id, the id
	buf    []byte // the last full key, reused
}

func (p *prefixed) key(key []byte) []byte {
	p.buf = append(append(p.buf[:0], p.prefix...), key...)
	return p.buf
}

func (p *prefixed) Get(key []byte) ([]byte, bool, error) { return p.store.Get(p.key(key)) }
func (p *prefixed) Put(key, value []byte) error          { return p.store.Put(p.key(key), value) }
func (p *prefixed) Delete(key []byte) error              { return p.store.Delete(p.key(key)) }

func (p *prefixed) Scan(prefix []byte, fn func(key, value []byte) error) error {
	full := append(append([]byte(nil), p.prefix...), prefix...) // p.buf may change in fn
	return p.store.Scan(full, func(key, value []byte) error {
		return fn(key[len(p.prefix):], value)
	})
}

// refusing answers every call with one error.
type refusing struct{ err error }

func (r refusing) Get([]byte) ([]byte, bool, error)                 { return nil, false, r.err }
func (r refusing) Put(_, _ []byte) error                            { return r.err }
func (r refusing) Delete([]byte) error                              { return r.err }
func (r refusing) Scan([]byte, func(key, value []byte) error) error { return r.err }

func checkKey(key []byte) error {
	if len(key) > MaxKey {
		return fmt.Errorf("%w: %d bytes, at most %d: key by something shorter", ErrKeyTooLarge, len(key), MaxKey)
	}
	if string(key) == PositionKey {
		return ErrReservedKey
	}
	return nil
}

func checkEntry(key, value []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if len(value) > MaxValue {
		return fmt.Errorf("%w: %d bytes under key %.40q, at most %d: keep less per key", ErrValueTooLarge, len(value), key, MaxValue)
	}
	return nil
}
