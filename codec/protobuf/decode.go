package protobuf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// ErrMalformed is wrapped by errors about bytes that are no message.
var ErrMalformed = errors.New("malformed Protobuf")

// decoder reads records as one message.
type decoder struct {
	codec   *protoCodec
	want    *row.Schema
	o       codec.Options
	columns *codec.Columns
	root    *program
	message protoreflect.MessageDescriptor
	wholes  []int               // columns that dynamicpb reads
	lacking []int               // columns that the message does not have
	files   map[int]writtenFile // by id
	checked map[string]error    // by what stands before a record: whether it is the message
	row     uint64              // counts records
	again   bool                // dynamicpb has to read all columns
	values  *dynamicpb.Message  // used again
}

// writtenFile is the schema of an id, or why there is none.
type writtenFile struct {
	file protoreflect.FileDescriptor
	err  error
}

func newDecoder(c *protoCodec, want *row.Schema, o codec.Options) *decoder {
	o.Limits = o.Limits.Filled()
	d := &decoder{codec: c, want: want, o: o, columns: codec.NewColumns(want, o), files: map[int]writtenFile{}, checked: map[string]error{}}
	if c.reader != nil {
		d.use(c.reader)
	}
	return d
}

// use sets the message as which records are read.
func (d *decoder) use(m protoreflect.MessageDescriptor) {
	d.message, d.root = m, compile(m, "", d.want)
	d.wholes = d.root.wholes(nil)
	has := map[int]bool{}
	d.root.covers(has)
	d.lacking = nil
	for i := range d.want.Len() {
		if !has[i] {
			d.lacking = append(d.lacking, i)
		}
	}
}

// covers notes the columns that the message has.
func (p *program) covers(has map[int]bool) {
	for _, a := range p.order {
		if a.column >= 0 {
			has[a.column] = true
		}
		if a.inner != nil {
			a.inner.covers(has)
		}
	}
}

// wholes are the columns that dynamicpb reads.
func (p *program) wholes(out []int) []int {
	for _, a := range p.order {
		if a.whole {
			out = append(out, a.column)
		}
		if a.inner != nil {
			out = a.inner.wholes(out)
		}
	}
	return out
}

// Decode implements [codec.Decoder].
func (d *decoder) Decode(recs []row.Record, b *row.Batch) []codec.BadRow {
	var bad []codec.BadRow
	d.columns.Start(len(recs))
	for i := range recs {
		if err := d.record(recs[i].Value); err != nil {
			bad = append(bad, codec.BadRow{Index: i, Err: err})
			continue
		}
		d.columns.Keep(i)
	}
	d.columns.Finish(recs, b)
	return bad
}

// record reads one record into the row being filled.
func (d *decoder) record(value []byte) error {
	if err := d.o.Limits.Check(value); err != nil {
		return err
	}
	body, err := d.open(value)
	if err != nil {
		return err
	}
	d.row++
	d.again = false
	for _, c := range d.lacking {
		d.columns.Null(c)
	}
	if err := d.root.reset(d); err != nil {
		return err
	}
	d.root.row = d.row
	if err := d.root.message(d, body, d.o.Limits.Depth); err != nil {
		return err
	}
	if err := d.dynamic(body); err != nil {
		return err
	}
	return d.columns.Timeless()
}

// dynamic reads the columns that hold several values, or all if the record asks for it.
func (d *decoder) dynamic(body []byte) error {
	columns := d.wholes
	if d.again {
		columns = nil
		for i := range d.want.Len() {
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	if d.values == nil || d.values.Descriptor() != d.message {
		d.values = dynamicpb.NewMessage(d.message)
	}
	if err := unmarshal(body, d.values, d.o.Limits.Depth); err != nil {
		return err
	}
	vs := values{left: d.o.Limits.Items}
	for _, c := range columns {
		v, err := vs.at(d.values, d.want.At(c).Name)
		if err != nil {
			return err
		}
		if err := d.columns.Put(c, v); err != nil {
			return err
		}
	}
	return nil
}

// unmarshal reads a message. The library panics at some that are malformed,
// such as entries of maps whose key is of another type.
func unmarshal(b []byte, m proto.Message, depth int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = malformed("%v", r)
		}
	}()
	o := proto.UnmarshalOptions{AllowPartial: true, DiscardUnknown: true, RecursionLimit: depth}
	err = o.Unmarshal(b, m)
	switch {
	case err == nil:
		return nil
	case strings.Contains(err.Error(), "recursion depth"): // the library has no name for it
		return tooDeep()
	}
	return malformed("%v", err)
}

// open takes off what stands before a record, and makes sure that it is the message.
func (d *decoder) open(value []byte) ([]byte, error) {
	if d.codec.plain {
		if d.root == nil {
			return nil, fmt.Errorf("%w: its message is not given, want such as Protobuf(schema).Plain()", codec.ErrNoSchema)
		}
		return value, nil
	}
	_, rest, err := codec.OpenRegistered(value)
	if err != nil {
		return nil, err
	}
	_, n, err := indexOf(rest)
	if err != nil {
		return nil, err
	}
	head := value[:len(value)-len(rest)+n]
	failed, ok := d.checked[string(head)]
	if !ok {
		failed = d.check(head)
		if len(d.checked) < maxHeads && !codec.Unanswered(failed) {
			d.checked[string(head)] = failed
		}
	}
	return rest[n:], failed
}

// maxHeads bounds how many beginnings of records are remembered.
const maxHeads = 1000

// check says whether the message that a record names is the one as which records are read.
func (d *decoder) check(head []byte) error {
	id, rest, err := codec.OpenRegistered(head)
	if err != nil {
		return err
	}
	index, _, err := indexOf(rest)
	if err != nil {
		return err
	}
	w, ok := d.files[id]
	if !ok {
		w.file, w.err = fileOf(id, d.o.Schemas)
		if !codec.Unanswered(w.err) {
			d.files[id] = w
		}
	}
	if w.err != nil {
		return w.err
	}
	m, err := indexed(w.file, index)
	if err != nil {
		return fmt.Errorf("schema %d: %w", id, err)
	}
	if d.message == nil {
		d.use(m)
	}
	if m.FullName() != d.message.FullName() {
		return fmt.Errorf("record is a %s, want a %s", m.FullName(), d.message.FullName())
	}
	return nil
}

// fileOf is the schema of an id.
func fileOf(id int, from codec.Schemas) (protoreflect.FileDescriptor, error) {
	s, err := codec.SchemaOf(id, from, schemaType, "Avro() or JSON()")
	if err != nil {
		return nil, err
	}
	f, err := describe(*s)
	if err != nil {
		return nil, fmt.Errorf("schema %d: %w", id, err)
	}
	return f, nil
}

// maxIndex bounds how deep a message may lie in others.
const maxIndex = 32

// indexOf reads the places of a message, which stand before it; n is their bytes.
func indexOf(b []byte) (index []int, n int, err error) {
	count, n := binary.Varint(b)
	switch {
	case n <= 0 || count < 0 || count > maxIndex:
		return nil, 0, fmt.Errorf("%w: the place of its message does not read", codec.ErrFrame)
	case count == 0:
		return []int{0}, n, nil
	}
	for range count {
		i, m := binary.Varint(b[n:])
		if m <= 0 || i < 0 || i > 1<<20 {
			return nil, 0, fmt.Errorf("%w: the place of its message does not read", codec.ErrFrame)
		}
		index, n = append(index, int(i)), n+m
	}
	return index, n, nil
}

// appendIndex writes what indexOf reads.
func appendIndex(dst []byte, index []int) []byte {
	if len(index) == 1 && index[0] == 0 {
		return append(dst, 0)
	}
	dst = binary.AppendVarint(dst, int64(len(index)))
	for _, i := range index {
		dst = binary.AppendVarint(dst, int64(i))
	}
	return dst
}

func tooDeep() error { return fmt.Errorf("%w: %w", ErrMalformed, jsontext.ErrDepth) }
