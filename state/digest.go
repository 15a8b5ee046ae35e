package state

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// digest is a fingerprint of a set of entries that is kept up to date entry by
// entry. It tells a damaged folder from a whole one: Badger can lose entries
// and say nothing.
type digest struct {
	count uint64 // entries
	sum   uint64 // of the hashes of all entries, modulo 2^64
}

func (d *digest) add(key string, value []byte) {
	d.count++
	d.sum += fingerprint(key, value)
}

func (d *digest) remove(key string, value []byte) {
	d.drop(fingerprint(key, value))
}

// drop is remove for an entry of which only the fingerprint is known.
func (d *digest) drop(print uint64) {
	d.count--
	d.sum -= print
}

// fingerprint hashes key and value so that no byte can move from one to the other.
func fingerprint(key string, value []byte) uint64 {
	return mix(xxhash.Sum64String(key)) ^ mix(xxhash.Sum64(value)+0x9e3779b97f4a7c15)*3
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d digest) append(b []byte) []byte {
	b = binary.AppendUvarint(b, d.count)
	return binary.LittleEndian.AppendUint64(b, d.sum)
}

func (d *decoder) digest() digest {
	g := digest{count: d.uvarint()}
	if b := d.take(8); b != nil {
		g.sum = binary.LittleEndian.Uint64(b)
	}
	return g
}
