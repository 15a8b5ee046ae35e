package table

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Limits of a Parquet file, beside those of all files.
const (
	maxFooter   = 16 << 20 // bytes
	maxElements = 10_000   // columns and what they lie in
	maxNested   = 32
	maxGroups   = 10_000
	maxChunks   = 200_000 // columns times groups
	maxUnpacked = 1 << 30 // bytes of all pages, and of all texts
	maxItems    = 20_000_000
)

// ErrLimit is wrapped by errors about a file that asks for more than is read. It is an [ErrTable].
var ErrLimit = fmt.Errorf("%w of a size that is read", ErrTable)

// shape is how much a footer describes. Its lists have elements of no size, so that one that is long takes no memory.
type shape struct {
	Schema []struct {
		Children int32 `thrift:"5"`
	} `thrift:"2"`
	Groups []struct {
		Columns []struct{} `thrift:"1"`
	} `thrift:"4"`
}

// footerOf gives a file's footer, looked at before the library makes room for as much as it says.
func footerOf(content []byte) ([]byte, error) {
	n := len(content)
	if n < 12 || string(content[:4]) != magic || string(content[n-4:]) != magic {
		return nil, errors.New("it does not begin and end in PAR1")
	}
	size := int(binary.LittleEndian.Uint32(content[n-8:]))
	switch {
	case size > n-12:
		return nil, fmt.Errorf("its footer is said to have %d bytes, the file has %d", size, n)
	case size > maxFooter:
		return nil, fmt.Errorf("%w: its footer has %d bytes, want at most %d", ErrLimit, size, maxFooter)
	}
	footer := content[n-8-size : n-8]
	var whole struct{} // passes over everything: a list with fewer elements than it says ends it
	if _, err := decoded(footer, &whole); err != nil {
		return nil, fmt.Errorf("its footer does not read: %w", err)
	}
	var s shape
	if _, err := decoded(footer, &s); err != nil {
		return nil, fmt.Errorf("its footer does not read: %w", err)
	}
	return footer, s.check()
}

const magic = "PAR1"

// plain is a file of nothing but a footer, by which no page is packed.
func plain(footer []byte) ([]byte, error) {
	var m format.FileMetaData
	if _, err := decoded(footer, &m); err != nil {
		return nil, err
	}
	for _, g := range m.RowGroups {
		for i := range g.Columns {
			g.Columns[i].MetaData.Codec = format.Uncompressed
		}
	}
	b, err := thrift.Marshal(new(thrift.CompactProtocol), &m)
	if err != nil {
		return nil, err
	}
	return append(binary.LittleEndian.AppendUint32(append([]byte(magic), b...), uint32(len(b))), magic...), nil
}

// decoded reads a value that bytes begin with, and gives its length.
func decoded(b []byte, v any) (n int, err error) {
	r := new(thrift.CompactProtocol).NewReaderFromBytes(b)
	err = thrift.NewDecoder(r).Decode(v)
	return r.BytesRead(), err
}

func (s *shape) check() error {
	chunks := 0
	for _, g := range s.Groups {
		chunks += len(g.Columns)
	}
	for _, c := range []struct {
		what      string
		have, max int
	}{
		{"columns and groups of them", len(s.Schema), maxElements}, {"groups of columns within each other", s.depth(), maxNested},
		{"row groups", len(s.Groups), maxGroups}, {"pieces of columns", chunks, maxChunks},
	} {
		if c.have > c.max {
			return fmt.Errorf("%w: it has %d %s, want at most %d", ErrLimit, c.have, c.what, c.max)
		}
	}
	return nil
}

// depth is how deep groups of columns lie within each other. The schema lists each before its children.
func (s *shape) depth() (deepest int) {
	var open []int32 // children that are still to come
	for _, e := range s.Schema {
		for len(open) > 0 && open[len(open)-1] == 0 {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			open[len(open)-1]--
		}
		if e.Children > 0 {
			open = append(open, e.Children)
		}
		deepest = max(deepest, len(open))
	}
	return deepest
}
