package exec

import (
	"encoding/binary"
	"slices"

	"github.com/axiomhq/hyperloglog"
	"github.com/cespare/xxhash/v2"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// distinct counts different values: their hashes up to [plan.MostKept], and
// beyond that a HyperLogLog of 16,384 registers, whose standard error is 0.8%.
// Only its dense form is used: what that holds depends on the values alone.
type distinct struct {
	hashes []uint64 // rising
	sketch *hyperloglog.Sketch
	buf    []byte
}

func (d *distinct) add(v *row.Vec, i int, _ place) {
	d.buf = row.AppendValue(d.buf[:0], zeroed(v.Value(i)))
	d.put(xxhash.Sum64(d.buf))
}

// zeroed is a value such that equal ones have equal bytes: both zeros are one.
func zeroed(v any) any {
	if f, ok := v.(float64); ok {
		return f + 0
	}
	return v
}

func (d *distinct) put(hash uint64) {
	if d.sketch != nil {
		d.sketch.InsertHash(hash)
		return
	}
	at, found := slices.BinarySearch(d.hashes, hash)
	if found {
		return
	}
	if d.hashes = slices.Insert(d.hashes, at, hash); len(d.hashes) > plan.MostKept {
		d.estimate()
	}
}

// estimate goes over to the sketch.
func (d *distinct) estimate() {
	if d.sketch != nil {
		return
	}
	d.sketch = hyperloglog.NewNoSparse()
	for _, h := range d.hashes {
		d.sketch.InsertHash(h)
	}
	d.hashes = nil
}

func (d *distinct) merge(other accumulator) {
	o := other.(*distinct)
	for _, h := range o.hashes {
		d.put(h)
	}
	if o.sketch != nil {
		d.estimate()
		_ = d.sketch.Merge(o.sketch) // the error is of sketches of different sizes
	}
}

func (d *distinct) result() any {
	if d.sketch != nil {
		return int64(d.sketch.Estimate())
	}
	return int64(len(d.hashes))
}

func (d *distinct) append(dst []byte) []byte {
	if d.sketch != nil {
		b, err := d.sketch.MarshalBinary()
		if err != nil {
			panic(err) // of a sketch that was never made
		}
		return appendBytes(append(dst, 1), b)
	}
	dst = binary.AppendUvarint(append(dst, 0), uint64(len(d.hashes)))
	for _, h := range d.hashes {
		dst = binary.LittleEndian.AppendUint64(dst, h)
	}
	return dst
}

func (d *distinct) read(r *varints) {
	if r.byte() == 1 {
		d.sketch = new(hyperloglog.Sketch)
		r.bad = d.sketch.UnmarshalBinary(r.bytes()) != nil || r.bad
		return
	}
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		d.hashes = append(d.hashes, r.word())
	}
}
