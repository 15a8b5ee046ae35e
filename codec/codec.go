package codec

import (
	"errors"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Codec is a format of record values.
type Codec interface {
	// Name is the format with its options, as [Parse] reads it: equal names are equal formats.
	Name() string
	// Decoder decodes the wanted columns and nothing else.
	Decoder(want *row.Schema, o Options) Decoder
	// Encoder writes all columns of a schema.
	Encoder(s *row.Schema, o Options) Encoder
}

// Options say how values stand on the wire. The zero value is RFC 3339 times and the default limits.
type Options struct {
	// TimeUnit is the unit of times that stand as numbers since 1970: "s",
	// "ms", "us" or "ns". With "" times are RFC 3339 strings. A decoder takes
	// strings with any unit; a number without a unit is a bad row.
	TimeUnit string
	// TimeColumn is the column of the event time: a record in which it is null is a bad row.
	TimeColumn string
	Limits     Limits
	// Schemas are those that records name; nil if the format needs none.
	Schemas Schemas
	// Subject is under which a registry keeps the schema of what is written.
	Subject string
	// NotFinite, if set, counts the NaN and infinite floats that an encoder wrote as null.
	NotFinite *int64
}

// Limits bound what a record may ask of a decoder; 0 is the default.
type Limits struct {
	Depth   int // objects and lists within each other: 64
	Bytes   int // of one record value: 1 MiB
	Members int // of one object whose members are read as columns: 1,000
	Items   int // of the lists and maps of one record, with the records in them and their fields, in formats where some take no bytes: 1,048,576
}

func (l Limits) orDefault() Limits {
	if l.Depth == 0 {
		l.Depth = 64
	}
	if l.Bytes == 0 {
		l.Bytes = 1 << 20
	}
	if l.Members == 0 {
		l.Members = 1000
	}
	if l.Items == 0 {
		l.Items = 1 << 20
	}
	return l
}

// Errors that a [BadRow] wraps.
var (
	ErrNoValue = errors.New("record has no value (a tombstone)")
	ErrSize    = errors.New("record value is too large")
	ErrMembers = errors.New("object has too many members")
	ErrItems   = errors.New("record has too many items")
	ErrKind    = errors.New("kind does not fit")
)

// Filled are the limits with every default written out.
func (l Limits) Filled() Limits { return l.orDefault() }

// Check gives the error for a record value that is not worth reading.
func (l Limits) Check(value []byte) error { return l.check(value) }

// check gives the error for a record value that is not worth reading.
func (l Limits) check(value []byte) error {
	if value == nil {
		return ErrNoValue
	}
	if len(value) > l.Bytes {
		return fmt.Errorf("%w: %d bytes, at most %d are read", ErrSize, len(value), l.Bytes)
	}
	return nil
}

// Decoder turns records into a batch. It is not for concurrent use.
type Decoder interface {
	// Decode fills Schema, Cols, Records and Origin of b: one row for each good
	// record, in order. A record that does not decode, or whose field is of
	// another kind, is left out and reported. The decoder uses its vectors
	// again: the batch, and the strings that point into recs, are valid until
	// the next Decode.
	Decode(recs []row.Record, b *row.Batch) []BadRow
}

// Encoder writes rows. It is not for concurrent use.
type Encoder interface {
	// Append appends the value of the record for row i. After an error dst holds part of it.
	Append(dst []byte, b *row.Batch, i int) ([]byte, error)
}

// BadRow is a record that gave no row.
type BadRow struct {
	Index int    // of the record
	Field string // the column whose kind does not fit, or "" if the record does not decode
	Err   error  // such as `speed is string "n/a", want float`
}

// Parse reads a name as [Codec.Name] gives it: "json", "raw" or "csv(car,speed)".
func Parse(name string) (Codec, error) {
	switch {
	case name == "json":
		return JSON(), nil
	case name == jsonSchemaName:
		return JSONSchema(), nil
	case name == "raw":
		return Raw(), nil
	case strings.HasPrefix(name, "csv") && strings.HasSuffix(name, ")"):
		return parseCSV(name)
	case strings.HasPrefix(name, "rows(") && strings.HasSuffix(name, ")"):
		return parseRows(name)
	}
	return nil, fmt.Errorf("format %q is not known, want json, raw, csv(column,...) or one that is linked in", name)
}

// kindError is a value that does not fit its column.
type kindError struct {
	field, saw, want string
}

// Misfit is the error for a value that does not fit its column: what was seen, and what was wanted.
func Misfit(field, saw, want string) error { return &kindError{field, saw, want} }

// Error is such as `speed is string "n/a", want float`.
func (e *kindError) Error() string { return fmt.Sprintf("%s is %s, want %s", e.field, e.saw, e.want) }

// Is makes the error an [ErrKind].
func (e *kindError) Is(target error) bool { return target == ErrKind }
