package state

import (
	"encoding/binary"
	"fmt"
	"iter"
)

// A block is a run of changes: a version byte, and of each change its key with
// its length, and 0 for a deletion, else the length of its value + 1 and the value.
const (
	blockVersion = 1
	blockTarget  = 256 << 10 // bytes at which a block is closed
)

// pack gives the changes as blocks. Each yielded block is fresh memory.
func pack(changes iter.Seq[entry]) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var b []byte
		size := 0
		for e := range changes {
			if n := len(e.key) + len(e.value); len(b) > 0 && len(b)+n > blockTarget {
				if !yield(b) {
					return
				}
				size, b = blockTarget, nil // the first may be small, the others are full
			}
			if b == nil {
				b = append(make([]byte, 0, size), blockVersion)
			}
			b = appendChange(b, e)
		}
		if b != nil {
			yield(b)
		}
	}
}

func appendChange(b []byte, e entry) []byte {
	b = appendBytes(b, e.key)
	if e.value == nil {
		return append(b, 0)
	}
	b = binary.AppendUvarint(b, uint64(len(e.value))+1)
	return append(b, e.value...)
}

// unpack calls fn for each change of a block, with values that point into it.
// Its errors wrap ErrCorrupt.
func unpack(block []byte, fn func(entry) error) error {
	d := decoder{rest: block}
	if v := d.byte(); v != blockVersion {
		return fmt.Errorf("%w: block has version %d, this program reads %d", ErrCorrupt, v, blockVersion)
	}
	for len(d.rest) > 0 {
		e := entry{key: string(d.bytes())}
		if n := d.uvarint(); n > 0 {
			e.value = d.take(n - 1)
		}
		if d.err != nil {
			return fmt.Errorf("%w: block %w", ErrCorrupt, d.err)
		}
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}
