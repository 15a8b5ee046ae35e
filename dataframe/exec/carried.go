package exec

import (
	"encoding/binary"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// What an encoded row has in front if something is kept of its record.
const (
	noRecord  = iota // nothing that is kept, or no record
	aRecord          // one with a value
	aDeletion        // one without: it deletes a row of a table
)

// carries says whether there is something of a record to keep.
func carries(r *row.Record, keep plan.Keep) bool {
	return r != nil && keep != 0 && (keep != plan.KeepHeaders || len(r.Headers) > 0)
}

// appendRecord writes what is kept of a row's record.
func appendRecord(dst []byte, r *row.Record, keep plan.Keep) []byte {
	switch {
	case keep == 0:
		return dst
	case !carries(r, keep):
		return append(dst, noRecord)
	case r.Value == nil:
		dst = append(dst, aDeletion)
	default:
		dst = append(dst, aRecord)
	}
	if keep&plan.KeepHeaders != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(r.Headers)))
		for _, h := range r.Headers {
			dst = appendBytes(appendName(dst, h.Key), h.Value)
		}
	}
	if keep&plan.KeepValue != 0 {
		dst = appendBytes(dst, r.Value)
	}
	if keep&plan.KeepPlace != 0 {
		dst = appendName(dst, r.Topic)
		dst = binary.AppendVarint(dst, int64(r.Partition))
		dst = binary.AppendVarint(dst, r.Offset)
		dst = binary.AppendVarint(dst, r.Time)
		dst = appendBytes(dst, r.Key)
	}
	return dst
}

// readOrigin reads what appendRecord wrote, as the record of the next row of a batch.
func readOrigin(r *varints, keep plan.Keep, b *row.Batch) {
	if keep == 0 {
		return
	}
	has := r.byte()
	if has == noRecord {
		b.Origin = append(b.Origin, -1)
		return
	}
	var rec row.Record
	if has == aRecord {
		rec.Value = []byte{}
	}
	if keep&plan.KeepHeaders != 0 {
		for n := r.uvarint(); n > 0 && !r.bad; n-- {
			rec.Headers = append(rec.Headers, row.Header{Key: string(r.bytes()), Value: r.bytes()})
		}
	}
	if keep&plan.KeepValue != 0 {
		value := r.bytes()
		if has == aRecord {
			rec.Value = value
		}
	}
	if keep&plan.KeepPlace != 0 {
		rec.Topic, rec.Partition, rec.Offset = string(r.bytes()), int32(r.varint()), r.varint()
		rec.Time, rec.Key = r.varint(), r.bytes()
	}
	b.Origin = append(b.Origin, int32(len(b.Records)))
	b.Records = append(b.Records, rec)
}

// located says whether it is known of a row's record where it lies.
func located(r *row.Record) bool { return r != nil && r.Topic != "" }
