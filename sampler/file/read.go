package file

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// leastRow is the fewest bytes that a row takes: length, gap, topic, and a body of five fields.
const leastRow = 8

// Read reads a sample whole and checks it. The error names the file, and wraps one of the errors of this package if the content is at
// fault.
func Read(path string) (*Sample, error) {
	b, err := load(path)
	if err != nil {
		return nil, err
	}
	s, err := Decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// ReadHeader reads no more than the header and the stored fingerprint, which it believes.
func ReadHeader(path string) (h Header, f Fingerprint, err error) {
	r, err := os.Open(path)
	if err != nil {
		return h, f, fmt.Errorf("sample: %w", err)
	}
	defer r.Close()
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(r, start); err != nil || string(start[:len(magic)]) != magic {
		return h, f, fmt.Errorf("%s: %w", path, ErrNotSample)
	}
	size := binary.LittleEndian.Uint32(start[len(magic):])
	if size > maxHeader {
		return h, f, fmt.Errorf("%s: %w: header of %d bytes", path, ErrCorrupt, size)
	}
	head := make([]byte, size)
	if _, err := io.ReadFull(r, head); err != nil {
		return h, f, fmt.Errorf("%s: %w", path, ErrTruncated)
	}
	end := make([]byte, trailerSize)
	if _, err := r.Seek(-int64(trailerSize), io.SeekEnd); err != nil {
		return h, f, fmt.Errorf("%s: %w", path, ErrTruncated)
	}
	if _, err := io.ReadFull(r, end); err != nil || string(end[trailerSize-len(endMagic):]) != endMagic {
		return h, f, fmt.Errorf("%s: %w", path, ErrTruncated)
	}
	copy(f[:], end[8:])
	if h, err = parseHeader(head); err != nil {
		return h, f, fmt.Errorf("%s: %w", path, err)
	}
	return h, f, nil
}

func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	if info.Size() > MaxBytes {
		return nil, fmt.Errorf("%s: %w: %d bytes, want at most %d", path, ErrTooLarge, info.Size(), MaxBytes)
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// Decode is [Read] of the content of a file. The sample keeps b.
func Decode(b []byte) (*Sample, error) {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return nil, ErrNotSample
	}
	if len(b) < len(magic)+4+1+trailerSize || string(b[len(b)-len(endMagic):]) != endMagic {
		return nil, ErrTruncated
	}
	content, trailer := b[:len(b)-trailerSize], b[len(b)-trailerSize:]
	crc := binary.LittleEndian.Uint32(trailer[40:])
	if got := crc32.Checksum(b[:len(b)-len(endMagic)-4], castagnoli); got != crc {
		return nil, fmt.Errorf("%w: checksum is %08x, want %08x", ErrCorrupt, got, crc)
	}
	rows := binary.LittleEndian.Uint64(trailer)
	if rows > MaxRows || rows > uint64(len(content)/leastRow) {
		return nil, fmt.Errorf("%w: %d rows in %d bytes", ErrCorrupt, rows, len(content))
	}
	size := uint64(binary.LittleEndian.Uint32(content[len(magic):]))
	rest := content[len(magic)+4:]
	if size > maxHeader || size > uint64(len(rest)) {
		return nil, fmt.Errorf("%w: header of %d bytes", ErrCorrupt, size)
	}
	h, err := parseHeader(rest[:size])
	if err != nil {
		return nil, err
	}
	s := &Sample{Header: h, Fingerprint: Fingerprint(trailer[8:40])}
	s.Records = make([]row.Record, 0, rows)
	s.Gaps = make([]time.Duration, 0, rows)
	s.Appended = make([]bool, 0, rows)
	return s, s.decodeRows(rest[size:], int(rows))
}

func parseHeader(b []byte) (h Header, err error) {
	if err := json.Unmarshal(b, &h); err != nil {
		return h, fmt.Errorf("%w: header: %w", ErrCorrupt, err)
	}
	return h, h.check()
}

func (s *Sample) decodeRows(b []byte, rows int) error {
	d := newDigest(s.Header)
	in := cursor{b: b}
	for {
		size := in.uvarint()
		if size == 0 || in.bad {
			break
		}
		if len(s.Records) == rows {
			return fmt.Errorf("%w: more than the %d rows it tells of", ErrCorrupt, rows)
		}
		gap, topic, body := in.varint(), in.uvarint(), in.take(size)
		if in.bad || topic >= uint64(len(s.Topics)) {
			in.bad = true
			break
		}
		r, err := decodeBody(body, s.Topics[topic])
		if err != nil {
			return fmt.Errorf("row %d: %w", len(s.Records), err)
		}
		if err := d.add(part{int(topic), r.Partition}, r.Offset, body); err != nil {
			return err
		}
		s.Records, s.Gaps, s.Appended = append(s.Records, r.Record), append(s.Gaps, time.Duration(gap)), append(s.Appended, r.Appended)
	}
	if in.bad || len(in.b) > 0 || len(s.Records) != rows {
		return fmt.Errorf("%w: %d of %d rows, then %d bytes", ErrCorrupt, len(s.Records), rows, len(in.b))
	}
	if sum := d.sum(); sum != s.Fingerprint {
		return fmt.Errorf("%w: fingerprint of the rows is %s, want %s", ErrCorrupt, sum.Short(), s.Fingerprint.Short())
	}
	return nil
}

var errBody = errors.New("a field is beyond its limits")

func decodeBody(b []byte, t Topic) (r Row, err error) {
	in := cursor{b: b}
	partition, offset := in.uvarint(), in.uvarint()
	r.Time = in.varint()
	flags := in.byte()
	if in.bad || partition >= uint64(t.Partitions) || offset > math.MaxInt64 || flags > allFlags {
		return r, fmt.Errorf("%w: %w", ErrCorrupt, errBody)
	}
	r.Topic, r.Partition, r.Offset, r.Appended = t.Name, int32(partition), int64(offset), flags&appendTime != 0
	if flags&hasKey != 0 {
		r.Key = in.bytes()
	}
	if flags&hasValue != 0 {
		r.Value = in.bytes()
	}
	r.Headers = in.headers()
	if in.bad || len(in.b) > 0 {
		return r, fmt.Errorf("%w: %w", ErrCorrupt, errBody)
	}
	return r, nil
}

// cursor reads fields off the front of b. After a field that is not there it is bad, and gives zeros.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) uvarint() uint64 {
	if len(c.b) > 0 && c.b[0] < 0x80 {
		v := c.b[0]
		c.b = c.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *cursor) varint() int64 {
	u := c.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (c *cursor) byte() byte {
	b := c.take(1)
	if c.bad {
		return 0
	}
	return b[0]
}

// take gives the next n bytes, and no room to append to them.
func (c *cursor) take(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

func (c *cursor) bytes() []byte { return c.take(c.uvarint()) }

func (c *cursor) headers() []row.Header {
	n := c.uvarint()
	if n == 0 {
		return nil
	}
	if n > uint64(len(c.b)/2) { // a header takes two bytes or more
		c.bad = true
		return nil
	}
	hs := make([]row.Header, n)
	for i := range hs {
		hs[i].Key = string(c.bytes())
		if size := c.uvarint(); size != math.MaxUint32 {
			hs[i].Value = c.take(size)
		}
	}
	return hs
}
