package state

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Layout is how the entries of a partition are kept.
type Layout string

// A partition in a folder begins as blocks, and changes once, at a commit, to
// keys when the partitions together outgrow the memory budget.
const (
	// LayoutMemory keeps entries in memory alone.
	LayoutMemory Layout = "memory"
	// LayoutBlocks keeps entries in memory, and each commit's changes packed
	// into blocks in the folder.
	LayoutBlocks Layout = "blocks"
	// LayoutKeys keeps each entry under its own key in the folder.
	LayoutKeys Layout = "keys"
)

// meta is the record that makes a commit: what it does not speak of is not there.
type meta struct {
	layout      Layout
	pos         []byte // the encoded position, nil while a first restore runs
	saved       int64  // when, ns since 1970
	digest      digest // of all entries
	first, next uint64 // blocks: the live ones are first … next-1
	base        uint64 // blocks: the ones below are the snapshot
	journal     bool   // keys: the journal is committed and not yet applied to the end
}

const metaVersion = 1

func (m meta) encode() []byte {
	flags := byte(0)
	if m.layout == LayoutKeys {
		flags |= 1
	}
	if m.pos != nil {
		flags |= 2
	}
	if m.journal {
		flags |= 4
	}
	b := []byte{metaVersion, flags}
	b = appendBytes(b, m.pos)
	b = binary.AppendVarint(b, m.saved)
	b = m.digest.append(b)
	b = binary.AppendUvarint(b, m.first)
	b = binary.AppendUvarint(b, m.next)
	return binary.AppendUvarint(b, m.base)
}

func decodeMeta(b []byte) (meta, error) {
	d := decoder{rest: b}
	if v := d.byte(); v != metaVersion {
		return meta{}, fmt.Errorf("%w: commit record has version %d, this program reads %d", ErrCorrupt, v, metaVersion)
	}
	flags := d.byte()
	m := meta{layout: LayoutBlocks, journal: flags&4 != 0}
	if flags&1 != 0 {
		m.layout = LayoutKeys
	}
	if pos := d.bytes(); flags&2 != 0 {
		m.pos = append([]byte{}, pos...)
	}
	m.saved, m.digest = d.varint(), d.digest()
	m.first, m.next, m.base = d.uvarint(), d.uvarint(), d.uvarint()
	if d.err != nil || len(d.rest) > 0 || flags > 7 || m.first > m.next || m.base > m.next || m.next > math.MaxInt64 {
		return meta{}, fmt.Errorf("%w: commit record of %d bytes", ErrCorrupt, len(b))
	}
	return m, nil
}

// position decodes pos; ok is false if there is none.
func (m meta) position() (pos Position, ok bool, err error) {
	if m.pos == nil {
		return Position{}, false, nil
	}
	if err := pos.UnmarshalBinary(m.pos); err != nil {
		return Position{}, false, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return pos, true, nil
}
