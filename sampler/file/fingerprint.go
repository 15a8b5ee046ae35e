package file

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"maps"
	"slices"
)

// A digest makes a fingerprint of rows in any interleaving of partitions: one hash for each partition, and one over those.
type digest struct {
	header Header
	parts  map[part]*partHash
	last   *partHash // of the row before, which most often is of the same partition
	at     part
}

type part struct {
	topic     int
	partition int32
}

type partHash struct {
	hash   hash.Hash
	rows   uint64
	offset int64 // of the last row
}

func newDigest(h Header) *digest { return &digest{header: h, parts: map[part]*partHash{}} }

// add takes the body of a row. Offsets within a partition must rise.
func (d *digest) add(at part, offset int64, body []byte) error {
	if d.last == nil || d.at != at {
		p := d.parts[at]
		if p == nil {
			p = &partHash{hash: sha256.New(), offset: -1}
			d.parts[at] = p
		}
		d.last, d.at = p, at
	}
	if offset <= d.last.offset {
		return fmt.Errorf("%w: %s/%d: offset %d after %d", ErrCorrupt, d.header.Topics[at.topic].Name, at.partition, offset, d.last.offset)
	}
	d.last.offset = offset
	d.last.rows++
	d.last.hash.Write(body)
	return nil
}

func (d *digest) sum() (f Fingerprint) {
	b := append([]byte(nil), magic...)
	for _, t := range d.header.Topics {
		b = appendBytes(b, []byte(t.Name))
		b = binary.AppendUvarint(b, uint64(t.Partitions))
	}
	order := slices.SortedFunc(maps.Keys(d.parts), func(a, b part) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.partition, b.partition))
	})
	for _, at := range order {
		b = binary.AppendUvarint(b, uint64(at.topic))
		b = binary.AppendUvarint(b, uint64(at.partition))
		b = binary.AppendUvarint(b, d.parts[at].rows)
		b = d.parts[at].hash.Sum(b)
	}
	return sha256.Sum256(b)
}
