package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Schema is how records were written, as a schema registry keeps it, with all that it refers to.
type Schema struct {
	ID   int    `json:"id"`   // in its registry
	Type string `json:"type"` // "AVRO", "PROTOBUF" or "JSON"
	Text string `json:"text"`
	// References are the schemas that it names, each after those that it names itself.
	References []Reference `json:"references,omitempty"`
}

// Reference is a schema that another names.
type Reference struct {
	Name string `json:"name"` // as the other names it: a type of Avro, a file of Protobuf
	Text string `json:"text"`
}

// Schemas are where the schemas of records are kept. Implementations are safe for concurrent use.
type Schemas interface {
	// Schema is the one of an id. The error wraps [ErrNoSchema] if there is
	// none, and [ErrRegistry] if that could not be found out.
	Schema(id int) (*Schema, error)
	// Register gives the id of a schema under a subject. The error wraps [ErrRegistry].
	Register(subject string, s Schema) (id int, err error)
}

// Why there is no schema.
var (
	ErrNoSchema = errors.New("no such schema")
	// ErrRegistry is about the registry and not about a row: a run cannot go on without an answer.
	ErrRegistry = errors.New("schema registry")
)

// Unanswered says whether the registry is asked again after an error: it did not know, or could not say.
func Unanswered(err error) bool { return errors.Is(err, ErrRegistry) || errors.Is(err, ErrNoSchema) }

// Stored are schemas that are at hand, by id, such as those of a sample. Under
// their subjects nothing is registered: all ids are 0.
type Stored map[int]*Schema

// Schema implements [Schemas].
func (s Stored) Schema(id int) (*Schema, error) {
	if got := s[id]; got != nil {
		return got, nil
	}
	return nil, fmt.Errorf("%w: id %d is not among those stored with the rows, which are %v", ErrNoSchema, id, slices.Sorted(maps.Keys(s)))
}

// Register implements [Schemas].
func (Stored) Register(string, Schema) (int, error) { return 0, nil }

// SchemaOf is the schema of an id, of the type that a codec reads; instead are
// the words for records of other types.
func SchemaOf(id int, from Schemas, kind, instead string) (*Schema, error) {
	if from == nil {
		from = Stored{}
	}
	s, err := from.Schema(id)
	if err != nil {
		return nil, err
	}
	if s.Type != kind {
		return nil, fmt.Errorf("schema %d is %s, want %s: say %s for such records", id, s.Type, kind, instead)
	}
	return s, nil
}

// Formats are what a run can read and write. The zero value is JSON, CSV, raw bytes and rows.
type Formats struct {
	Known   []Format // beside those of the zero value
	Schemas Schemas  // of records; nil: there are none
}

// Format is a family of codecs that share the beginning of their names.
type Format struct {
	Name string
	// Parse reads what follows in the name of a codec, as [Codec.Name] writes it.
	Parse func(rest string) (Codec, error)
}

// Parse is [Parse] for these formats.
func (f Formats) Parse(name string) (Codec, error) {
	for _, k := range f.Known {
		if len(name) >= len(k.Name) && name[:len(k.Name)] == k.Name {
			return k.Parse(name[len(k.Name):])
		}
	}
	return Parse(name)
}

// Options completes the options of a codec with the schemas.
func (f Formats) Options(o Options) Options {
	if o.Schemas = f.Schemas; f.Schemas == nil {
		o.Schemas = Stored{}
	}
	return o
}

// Described is a codec whose columns are known from schemas rather than from values.
type Described interface {
	Codec
	// Written are the ids of the schemas that the records name, rising.
	Written(recs []row.Record) []int
	// Columns are those of the records, and the codec by which all of them are
	// read: the same, with what was learned in its name.
	Columns(recs []row.Record, s Schemas) (*row.Schema, Codec, error)
	// Registered says whether a registry is needed to read it, or to write it.
	Registered(writing bool) bool
}

// Registrar is an encoder whose schema a registry keeps.
type Registrar interface {
	// Register lets the registry have the schema, or says why nothing can be written.
	Register() error
}

// Learn is [Infer] for codecs of any kind, and gives the codec by which the
// records are to be read.
func Learn(c Codec, recs []row.Record, s Schemas) (Codec, *row.Schema, Report, error) {
	d, ok := c.(Described)
	if !ok {
		schema, report := Infer(c, recs)
		return c, schema, report, nil
	}
	schema, frozen, err := d.Columns(recs, s)
	if err != nil {
		return c, nil, Report{}, err
	}
	return frozen, schema, tried(frozen, schema, recs, s), nil
}

// tried is what comes of reading all columns of records.
func tried(c Codec, schema *row.Schema, recs []row.Record, s Schemas) Report {
	var b row.Batch
	bad := c.Decoder(schema, Options{Schemas: s}).Decode(recs, &b)
	r := Report{Rows: len(recs) - len(bad), Bad: len(bad)}
	if len(bad) > 0 {
		at := recs[bad[0].Index]
		r.First = fmt.Sprintf("%d@%d: %v", at.Partition, at.Offset, bad[0].Err)
	}
	for i, f := range schema.Fields() {
		seen := Seen{Name: f.Name, Kind: f.Kind, Counts: map[row.Kind]int{}}
		for k := range b.Cols[i].Len() {
			if b.Cols[i].IsNull(k) {
				seen.Counts[row.Null]++
			} else {
				seen.Counts[f.Kind]++
			}
		}
		r.Columns = append(r.Columns, seen)
	}
	return r
}

// ErrFrame is wrapped by the error for a record that does not begin as those of a schema registry do.
var ErrFrame = errors.New("record has no id of a schema")

// OpenRegistered takes off what a schema registry's serializers put before a
// record: a zero byte, and the id in four bytes, the highest first.
func OpenRegistered(value []byte) (id int, rest []byte, err error) {
	if len(value) < 5 || value[0] != 0 {
		return 0, nil, fmt.Errorf("%w: it begins with %q, want a zero byte and four more", ErrFrame, value[:min(len(value), 5)])
	}
	return int(binary.BigEndian.Uint32(value[1:])), value[5:], nil
}

// AppendRegistered puts that before a record.
func AppendRegistered(dst []byte, id int) []byte {
	return binary.BigEndian.AppendUint32(append(dst, 0), uint32(id))
}

// WrittenBy are the ids that records begin with, rising.
func WrittenBy(recs []row.Record) []int {
	seen := map[int]bool{}
	for i := range recs {
		if id, _, err := OpenRegistered(recs[i].Value); err == nil {
			seen[id] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Unwritten are schemas to which nothing is added, for runs that write nothing: all ids of what they would write are 0.
func Unwritten(s Schemas) Schemas { return unwritten{s} }

type unwritten struct{ Schemas }

// Register implements [Schemas].
func (unwritten) Register(string, Schema) (int, error) { return 0, nil }
