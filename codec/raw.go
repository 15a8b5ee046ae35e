package codec

import (
	"fmt"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// RawColumn is the one column of the raw format.
const RawColumn = "value"

// Raw is the value as it is, in one column: a string if every value of the
// sample is UTF-8, else bytes.
func Raw() Codec { return rawCodec{} }

type rawCodec struct{}

func (rawCodec) Name() string { return "raw" }

func (rawCodec) fields(value []byte, each func(string, any)) error {
	if !utf8.Valid(value) {
		each(RawColumn, value)
		return nil
	}
	each(RawColumn, string(value))
	return nil
}

func (rawCodec) Decoder(want *row.Schema, o Options) Decoder {
	return &textDecoder{want: want, o: o, record: func(rec *row.Record, cell func(int, any) error) error {
		slot := want.Index(RawColumn)
		switch {
		case slot < 0 || rec.Value == nil:
			return nil
		case want.At(slot).Kind == row.Bytes:
			return cell(slot, rec.Value)
		case !utf8.Valid(rec.Value):
			return fmt.Errorf("%w text: the value is not UTF-8", ErrSyntax)
		}
		return cell(slot, text(rec.Value))
	}}
}

func (rawCodec) Encoder(s *row.Schema, _ Options) Encoder { return rawEncoder{s.Index(RawColumn)} }

type rawEncoder struct{ at int }

func (e rawEncoder) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	if e.at < 0 || b.Cols[e.at].Kind != row.String && b.Cols[e.at].Kind != row.Bytes {
		return dst, fmt.Errorf("%w: a raw record needs a column %q of kind string or bytes", ErrKind, RawColumn)
	}
	return append(dst, b.Cols[e.at].Strs[i]...), nil
}
