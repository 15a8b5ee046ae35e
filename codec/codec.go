package codec

import (
	"errors"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Codec is a format of record values.
type Codec interface {
	// Name is the format with its options, as [Parse] reads it; it stands in a plan's hash.
	Name() string
	// Decoder decodes these columns and no others.
	Decoder(want *row.Schema, o Options) Decoder
	// Encoder writes rows of a schema.
	Encoder(s *row.Schema, o Options) Encoder
	// fields gives each member of a record with its value, for Infer.
	fields(value []byte, each func(name string, v any)) error
}

// Options are what a plan says of a topic's values.
type Options struct {
	// TimeUnit is how times stand: "" as RFC 3339 text, "s", "ms", "us" or "ns" as numbers since 1970.
	TimeUnit string
	// TimeColumn is the column that holds the event time; a record in which it is null is bad.
	TimeColumn string
}

// Decoder turns records into columns. It serves one task and reuses its columns.
type Decoder interface {
	// Decode fills Schema, Cols, Records and Origin of b: a row for each good
	// record, in order. The batch is valid until the next call.
	Decode(recs []row.Record, b *row.Batch) []BadRow
}

// Encoder writes a row as a record's value.
type Encoder interface {
	// Append appends the value of row i to dst.
	Append(dst []byte, b *row.Batch, i int) ([]byte, error)
}

// BadRow is a record that does not decode.
type BadRow struct {
	Index int    // its place among the records
	Field string // the column at fault, or ""
	Err   error
}

// Limits on one record's value. A value beyond them is a bad row.
const (
	MaxValue   = 1 << 20 // bytes
	MaxDepth   = 64      // of objects and lists in one another
	MaxMembers = 1000    // of an object
)

var (
	// ErrSyntax is in every error about a value that is not in its format.
	ErrSyntax = errors.New("malformed")
	// ErrLimit is in every error about a value beyond a limit.
	ErrLimit = errors.New("beyond the limit")
	// ErrKind is in every error about a field of another kind than the plan says.
	ErrKind = errors.New("of another kind")
)

// kindError keeps the text of a kind error short: "speed is string "n/a", want float".
type kindError struct{ text string }

func (e *kindError) Error() string { return e.text }
func (e *kindError) Unwrap() error { return ErrKind }

func wrongKind(field string, err error) error { return &kindError{field + " " + err.Error()} }

// Parse gives the codec of a name such as "json" or "csv(car,speed)".
func Parse(name string) (Codec, error) {
	head, args, _ := strings.Cut(strings.TrimSuffix(name, ")"), "(")
	switch {
	case name == "json":
		return JSON(), nil
	case name == "raw":
		return Raw(), nil
	case head == "csv" && args != "":
		return CSV(strings.Split(args, ",")...), nil
	}
	return nil, fmt.Errorf("format %q is not known, want json, csv(column,...) or raw", name)
}
