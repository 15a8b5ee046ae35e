package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/bits"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// pages goes over a file's pages before the library reads them, which believes what they say of themselves: how much
// they unpack to, how many values they have, how often one comes again. A few bytes may stand for terabytes. What it
// gives the library is not packed: that does not bound what it unpacks, and loses some pages of LZ4.
type pages struct {
	content  []byte
	unpacked int64 // bytes that may still come
	items    int64 // of lists that may still come
	unpacker unpacker
}

func newPages(content []byte) *pages {
	return &pages{content: content, unpacked: maxUnpacked, items: maxItems}
}

// take makes n bytes part of what is read.
func (p *pages) take(n int64) error {
	if p.unpacked -= n; n < 0 || p.unpacked < 0 {
		return fmt.Errorf("%w: its values take more than %d MiB", ErrLimit, maxUnpacked>>20)
	}
	return nil
}

// chunk gives the pages of a column in a group of so many rows as they lie in a file that is not packed.
func (p *pages) chunk(m *format.ColumnMetaData, leaf parquet.LeafColumn, rows int64) (out []byte, err error) {
	from, size := m.DataPageOffset, int64(len(p.content))
	if m.DictionaryPageOffset != 0 {
		from = m.DictionaryPageOffset
	}
	if from < 0 || m.TotalCompressedSize < 0 || from > size || m.TotalCompressedSize > size-from {
		return nil, fmt.Errorf("it is said to have %d bytes from %d on, the file has %d", m.TotalCompressedSize, from, size)
	}
	left := &rows // values that may still come
	if leaf.MaxRepetitionLevel > 0 {
		left = &p.items
	}
	for rest := p.content[from : from+m.TotalCompressedSize]; len(rest) > 0; {
		var h format.PageHeader
		n, err := decoded(rest, &h)
		if err != nil {
			return nil, fmt.Errorf("a page does not begin: %w", err)
		}
		if rest = rest[n:]; h.CompressedPageSize < 0 || int(h.CompressedPageSize) > len(rest) {
			return nil, fmt.Errorf("a page is said to have %d bytes, %d are there", h.CompressedPageSize, len(rest))
		}
		body := rest[:h.CompressedPageSize]
		if rest = rest[h.CompressedPageSize:]; h.CRC != 0 && crc32.ChecksumIEEE(body) != uint32(h.CRC) {
			return nil, errors.New("a page is damaged: it has another checksum than it says")
		}
		if err := p.take(int64(h.UncompressedPageSize)); err != nil {
			return nil, err
		}
		if body, err = p.page(&h, body, m.Codec, leaf, left); err != nil {
			return nil, err
		}
		h.CRC, h.CompressedPageSize, h.UncompressedPageSize = 0, int32(len(body)), int32(len(body))
		head, err := thrift.Marshal(new(thrift.CompactProtocol), &h)
		if err != nil {
			return nil, err
		}
		out = append(append(out, head...), body...)
	}
	return out, nil
}

// page looks at one page, and gives it as it is if it is not packed.
func (p *pages) page(h *format.PageHeader, body []byte, codec format.CompressionCodec, leaf parquet.LeafColumn, left *int64) ([]byte, error) {
	said := int(h.UncompressedPageSize)
	if h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid {
		return p.second(&h.DataPageHeaderV2.V, body, codec, said, leaf, left)
	}
	plain, err := p.unpacker.unpack(codec, body, said)
	if err != nil {
		return nil, err
	}
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		if n := int(h.DictionaryPageHeader.V.NumValues); n > 8*len(plain) {
			return nil, fmt.Errorf("%w: a dictionary of %d bytes is said to have %d values", ErrLimit, len(plain), n)
		}
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		d := h.DataPageHeader.V
		v, values := pageValues{n: int64(d.NumValues), encoding: d.Encoding, leaf: leaf}, plain
		for _, l := range []struct {
			highest  int
			encoding format.Encoding
		}{{leaf.MaxRepetitionLevel, d.RepetitionLevelEncoding}, {leaf.MaxDefinitionLevel, d.DefinitionLevelEncoding}} {
			if l.highest > 0 {
				if values, err = v.levels(values, l.encoding, l.highest); err != nil {
					return nil, err
				}
			}
		}
		return plain, p.data(v, values, left)
	}
	return plain, nil // the library has words for others
}

// second is a page of the second version, whose levels are never packed.
func (p *pages) second(d *format.DataPageHeaderV2, body []byte, codec format.CompressionCodec, said int, leaf parquet.LeafColumn, left *int64) ([]byte, error) {
	r, f := int64(d.RepetitionLevelsByteLength), int64(d.DefinitionLevelsByteLength)
	if r < 0 || f < 0 || r+f > int64(len(body)) {
		return nil, fmt.Errorf("a page of %d bytes is said to have %d of levels", len(body), r+f)
	}
	v := pageValues{n: int64(d.NumValues), encoding: d.Encoding, leaf: leaf}
	if err := errors.Join(v.runs(body[:r], leaf.MaxRepetitionLevel), v.runs(body[r:r+f], leaf.MaxDefinitionLevel)); err != nil {
		return nil, err
	}
	levels, values := body[:r+f], body[r+f:]
	if !d.IsCompressed.Valid || d.IsCompressed.V {
		var err error
		if values, err = p.unpacker.unpack(codec, values, said); err != nil {
			return nil, err
		}
	}
	return slices.Concat(levels, values), p.data(v, values, left)
}

// data looks at what a page has beside levels.
func (p *pages) data(v pageValues, values []byte, left *int64) error {
	if *left -= v.n; v.n < 0 || *left < 0 {
		return fmt.Errorf("%w: it has more values than the file has rows, or lists of more than %d items", ErrLimit, maxItems)
	}
	n, err := v.size(values)
	if err != nil {
		return err
	}
	return p.take(n)
}

// pageValues is how the values of a page lie there.
type pageValues struct {
	n        int64
	encoding format.Encoding
	leaf     parquet.LeafColumn
}

// levels passes over the levels of a page of the first version.
func (v pageValues) levels(b []byte, encoding format.Encoding, highest int) (rest []byte, err error) {
	if len(b) < 4 || int64(binary.LittleEndian.Uint32(b)) > int64(len(b)-4) {
		return nil, errors.New("a page ends within its levels")
	}
	end := 4 + int(binary.LittleEndian.Uint32(b))
	if encoding == format.RLE {
		err = v.runs(b[4:end], highest)
	}
	return b[end:], err
}

// runs passes over numbers up to highest, each of which may stand for many.
func (v pageValues) runs(b []byte, highest int) error {
	width := bits.Len(uint(highest))
	total := uint64(0)
	for len(b) > 0 {
		head, n := binary.Uvarint(b)
		if n <= 0 {
			return errors.New("a run does not begin")
		}
		count, size := head>>1, uint64(width+7)/8
		if head&1 != 0 {
			count, size = 8*count, count*uint64(width)
		}
		b = b[n:]
		if total += count; head > 1<<32 || total > 2*uint64(v.n)+1024 { // the last run may be filled up
			return fmt.Errorf("%w: runs of a page stand for %d values, it has %d", ErrLimit, total, v.n)
		}
		b = b[min(size, uint64(len(b))):]
	}
	return nil
}

// size is how many bytes values take that lie in fewer.
func (v pageValues) size(b []byte) (int64, error) {
	switch v.encoding {
	case format.RLEDictionary, format.PlainDictionary:
		if len(b) == 0 {
			return 0, nil
		}
		return 4 * v.n, v.runs(b[1:], 1<<min(b[0], 32)-1)
	case format.RLE:
		return v.n, v.runs(b[min(4, len(b)):], 1)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		_, err := v.deltas(b)
		return 8 * v.n, err
	case format.DeltaByteArray: // the lengths of beginnings that values have of those before them, then those of the rest
		suffixes, err := v.deltas(b)
		if err == nil {
			_, err = v.deltas(suffixes)
		}
		if err != nil {
			return 0, err
		}
		prefixes, err := new(delta.BinaryPackedEncoding).DecodeInt32(nil, b)
		n := int64(len(b))
		for _, x := range prefixes {
			n += int64(max(x, 0))
		}
		return n, err
	case format.Plain, format.ByteStreamSplit:
		if v.leaf.Node.Type().Kind() == parquet.FixedLenByteArray {
			return v.n * int64(v.leaf.Node.Type().Length()), nil
		}
	}
	return 0, nil
}

// deltas passes over numbers that stand as differences, of which a block of many may take a few bytes.
func (v pageValues) deltas(b []byte) (rest []byte, err error) {
	var head [4]uint64 // values of a block, parts of a block, values, and the first, whose sign is no matter
	for i := range head {
		x, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errors.New("differences do not begin")
		}
		head[i], b = x, b[n:]
	}
	block, parts, total := head[0], head[1], head[2]
	if total > uint64(v.n) {
		return nil, fmt.Errorf("%w: differences of a page stand for %d values, it has %d", ErrLimit, total, v.n)
	}
	if parts == 0 || block < parts || block > 1<<20 {
		return nil, fmt.Errorf("differences are in blocks of %d values in %d parts", block, parts)
	}
	part := int64(block / parts)
	for left := int64(total) - 1; left > 0; {
		_, n := binary.Uvarint(b)
		if n <= 0 || uint64(len(b)-n) < parts {
			return nil, errors.New("differences end within a block")
		}
		widths := b[n : n+int(parts)]
		b = b[n+int(parts):]
		for _, width := range widths {
			if left > 0 {
				b = b[min(part*int64(width)/8, int64(len(b))):]
			}
			left -= part
		}
	}
	return b, nil
}
