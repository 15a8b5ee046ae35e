package exec

import (
	"encoding/binary"
	"errors"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// The headers of repartition records.
const (
	rowHeader  = "rf" // of a row
	markHeader = "rw" // of a marker, which has neither key nor value
)

// stamp is what a repartition record says of itself.
type stamp struct {
	source int   // which upstream task wrote it
	seq    int64 // its place among what that task wrote to this partition, from 1
	mark   int64 // of a row: its mark; of a marker: the writer's watermark. µs
	time   int64 // of a row: its event time, µs
	idle   bool  // of a marker: the writer waits for nothing
}

var (
	errStamp   = errors.New("repartition record has a broken header, want one that this program wrote")
	errCarried = errors.New("repartition record does not hold what is kept of the record that its row was read from: was it written by another program?")
)

// row is the stamp as a row's header value.
func (s stamp) row() []byte {
	b := s.head()
	return binary.AppendVarint(b, s.time)
}

// marker is the stamp as a marker's header value.
func (s stamp) marker() []byte {
	idle := byte(0)
	if s.idle {
		idle = 1
	}
	return append(s.head(), idle)
}

func (s stamp) head() []byte {
	b := binary.AppendUvarint(make([]byte, 0, 32), uint64(s.source))
	b = binary.AppendVarint(b, s.seq)
	return binary.AppendVarint(b, s.mark)
}

// readStamp reads a header value that row or marker made.
func readStamp(b []byte, marker bool) (stamp, error) {
	var s stamp
	r := varints{b: b}
	s.source = int(r.uvarint())
	s.seq = r.varint()
	s.mark = r.varint()
	if marker {
		s.idle = r.byte() == 1
	} else {
		s.time = r.varint()
	}
	if r.bad || len(r.b) != 0 {
		return s, errStamp
	}
	return s, nil
}

// varints reads numbers one after the other; bad says that one was missing.
type varints struct {
	b   []byte
	bad bool
}

func (r *varints) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	return v * uint64(r.take(n))
}

func (r *varints) varint() int64 {
	v, n := binary.Varint(r.b)
	return v * int64(r.take(n))
}

// take drops n bytes; 0 says that they are not there.
func (r *varints) take(n int) int {
	if n <= 0 || n > len(r.b) {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return 1
}

func (r *varints) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

// bytes reads a length and that many bytes.
func (r *varints) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out
}

// value reads what appendBytes wrote of an encoded value.
func (r *varints) value() any {
	v, _, err := row.ReadValue(r.bytes())
	r.bad = r.bad || err != nil
	return v
}

func appendBytes(dst, b []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(b)))
	return append(dst, b...)
}
