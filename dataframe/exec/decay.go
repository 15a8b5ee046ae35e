package exec

import (
	"encoding/binary"
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// decay is the mean in which a value weighs 1/2^(age/half), where age is how
// much older it is than the latest row. Its sums are rounded, so it is one for
// each source; see [bySource].
type decay struct {
	half     float64 // µs
	at       int64   // time of the latest row, µs
	sum, all float64 // of the weighed values, and of the weights, as of then
}

func (d *decay) add(v *row.Vec, i int, at place) { d.take(at.time, numberAt(v, i), 1) }

func (d *decay) take(at int64, sum, all float64) {
	switch weight := math.Exp2(-math.Abs(float64(at)-float64(d.at)) / d.half); {
	case d.all == 0:
		d.at, d.sum, d.all = at, sum, all
	case at >= d.at:
		d.at, d.sum, d.all = at, float64(d.sum*weight)+sum, float64(d.all*weight)+all
	default:
		d.sum, d.all = d.sum+float64(sum*weight), d.all+float64(all*weight)
	}
}

func (d *decay) merge(other accumulator) {
	if o := other.(*decay); o.all > 0 {
		d.take(o.at, o.sum, o.all)
	}
}

func (d *decay) result() any {
	if d.all == 0 {
		return nil
	}
	return d.sum / d.all
}

func (d *decay) append(dst []byte) []byte {
	dst = binary.AppendVarint(dst, d.at)
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(d.sum))
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(d.all))
}

func (d *decay) read(r *varints) { d.at, d.sum, d.all = r.varint(), r.float(), r.float() }
