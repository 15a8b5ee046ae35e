package table

import (
	"bytes"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// unpacker unpacks pages, none to more than it said.
type unpacker struct{ zstd *zstd.Decoder }

func (u *unpacker) unpack(codec format.CompressionCodec, b []byte, said int) (out []byte, err error) {
	switch codec {
	case format.Uncompressed:
		return b, nil
	case format.Snappy:
		if n, err := snappy.DecodedLen(b); err == nil && n > said {
			return nil, beyond(said)
		}
		out, err = snappy.Decode(nil, b)
	case format.Gzip:
		in, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		return read(in, said)
	case format.Brotli:
		return read(brotli.NewReader(bytes.NewReader(b)), said)
	case format.Lz4Raw:
		out = make([]byte, said)
		n, err := lz4.UncompressBlock(b, out)
		return out[:max(n, 0)], err // it has one error for all that is wrong
	case format.Zstd:
		if u.zstd == nil {
			if u.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxUnpacked)); err != nil {
				return nil, err
			}
		}
		out, err = u.zstd.DecodeAll(b, make([]byte, 0, said))
	default:
		return nil, fmt.Errorf("its pages are packed as %v, want SNAPPY, GZIP, BROTLI, ZSTD, LZ4_RAW or not packed", codec)
	}
	if err == nil && len(out) > said {
		return nil, beyond(said)
	}
	return out, err
}

func beyond(said int) error {
	return fmt.Errorf("%w: a page unpacks to more than the %d bytes that it says", ErrLimit, said)
}

// read reads what a page unpacks to.
func read(in io.Reader, said int) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(in, int64(said)+1))
	if len(out) > said {
		return nil, beyond(said)
	}
	return out, err
}
