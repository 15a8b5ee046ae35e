package expr

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func hashFunctions() []function {
	return []function{
		{name: "hash", params: "a", doc: "a number that depends on the values and their kinds alone (FNV-1a, 64 bits)", example: "hash(car, lap) % 10", forms: []overload{
			{in: []row.Kind{each}, rest: true, out: row.Int, kernel: hashes}}},
		{name: "sha256", params: "s", doc: "the SHA-256 of a text in 64 hexadecimal digits: the same for the same text, which it does not show", example: "sha256(driver)", forms: []overload{
			{in: oneStr, out: row.String, kernel: each1(func(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) })}}},
		{name: "uuid", params: "", doc: "a UUID that depends on the place of the row's record alone: topic, partition, offset", example: "uuid()", forms: []overload{{out: row.String}}},
	}
}

func hashes(s *step, n int) {
	h := fnv.New64a()
	var buf []byte
	for i := range s.own.Ints {
		h.Reset()
		for _, a := range s.args {
			at := i
			if a.one {
				at = 0
			}
			buf = appendValue(buf[:0], a.vec.Value(at))
			h.Write(buf) // never fails
		}
		s.own.Ints[i] = int64(h.Sum64())
	}
}

// appendValue encodes a value so that different values differ.
func appendValue(buf []byte, v any) []byte {
	buf = append(buf, byte(row.KindOf(v)))
	switch x := v.(type) {
	case int64:
		return binary.BigEndian.AppendUint64(buf, uint64(x))
	case float64:
		return binary.BigEndian.AppendUint64(buf, math.Float64bits(x))
	}
	text := textOf(v)
	buf = binary.AppendUvarint(buf, uint64(len(text)))
	return append(buf, text...)
}

// uuids derives a UUID (version 5) from where each row comes from, so that a
// replay gives the same; a made row has its source, place and time instead.
func uuids(s *step, b *row.Batch, n int) {
	for i := range n {
		place := fmt.Sprintf("row %d %d %d", b.Source, at(b.Seq, i), b.Time[i])
		if r := b.Record(i); r != nil {
			place = fmt.Sprintf("%s %d %d", r.Topic, r.Partition, r.Offset)
		}
		u := sha1.Sum([]byte("riffle " + place))
		u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
		s.own.Strs[i] = fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
	}
}

func at(seq []int64, i int) int64 {
	if i < len(seq) {
		return seq[i]
	}
	return int64(i)
}
