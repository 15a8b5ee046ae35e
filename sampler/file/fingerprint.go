package file

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/codec"
)

// A digest makes fingerprints of rows in any interleaving of partitions: one hash for each partition, one over those of a topic.
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

// sum sets the fingerprints of the topics and returns that of all.
func (d *digest) sum() Fingerprint {
	order := slices.SortedFunc(maps.Keys(d.parts), func(a, b part) int {
		return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.partition, b.partition))
	})
	for i := range d.header.Topics {
		t := &d.header.Topics[i]
		b := appendBytes([]byte(magic), []byte(t.Name))
		b = binary.AppendUvarint(b, uint64(t.Partitions))
		for ; len(order) > 0 && order[0].topic == i; order = order[1:] {
			b = binary.AppendUvarint(b, uint64(order[0].partition))
			b = binary.AppendUvarint(b, d.parts[order[0]].rows)
			b = d.parts[order[0]].hash.Sum(b)
		}
		for _, s := range t.Schemas {
			b = appendSchema(b, s)
		}
		t.Fingerprint = sha256.Sum256(b)
	}
	return over(d.header.Topics)
}

func appendSchema(b []byte, s codec.Schema) []byte {
	b = binary.AppendUvarint(b, uint64(s.ID))
	b = appendBytes(appendBytes(b, []byte(s.Type)), []byte(s.Text))
	for _, r := range s.References {
		b = appendBytes(appendBytes(b, []byte(r.Name)), []byte(r.Text))
	}
	return b
}

// over is the fingerprint of topics that are in the order of their names.
func over(topics []Topic) Fingerprint {
	if len(topics) == 1 {
		return topics[0].Fingerprint
	}
	var b []byte
	for _, t := range topics {
		b = append(b, t.Fingerprint[:]...)
	}
	return sha256.Sum256(b)
}
