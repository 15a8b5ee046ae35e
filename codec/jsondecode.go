package codec

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// jsonDecoder walks over each record once: it reads the members that are
// wanted into the columns and passes over the others, checking them.
type jsonDecoder struct {
	columns
	o     Options
	unit  places
	names []string
	root  *level

	src   []byte
	row   uint64   // counts records, to know what the present one has had
	had   []uint64 // by column: the row that last gave it a value
	hits  int      // columns that the record gave a value
	again bool     // a name came twice, or stands in the way of a path: see relocate
	fault fault
}

// fault is the first value of a record that does not fit its column.
type fault struct {
	field string
	err   error
}

func newJSONDecoder(want *row.Schema, o Options) *jsonDecoder {
	o.Limits = o.Limits.orDefault()
	d := &jsonDecoder{columns: newColumns(want, o), o: o, unit: placesOf(o.TimeUnit), names: want.Names(), had: make([]uint64, want.Len())}
	d.root = newLevel(wantsOf(d.names))
	for _, n := range d.names {
		d.root.learn(n)
	}
	return d
}

// Decode implements [Decoder].
func (d *jsonDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	var bad []BadRow
	d.start(len(recs))
	for i := range recs {
		err := d.record(recs[i].Value)
		field := ""
		if err == nil {
			field, err = d.unfit()
		}
		if err != nil {
			bad = append(bad, BadRow{i, field, err})
			continue
		}
		d.keep(i)
	}
	d.src = nil
	d.finish(recs, b)
	return bad
}

// unfit is the column and error of a record that was read but has a value that does not fit.
func (d *jsonDecoder) unfit() (string, error) {
	if d.fault.err != nil {
		return d.fault.field, d.fault.err
	}
	if err := d.timeless(); err != nil {
		return d.o.TimeColumn, err
	}
	return "", nil
}

// record reads one record into the row being filled.
func (d *jsonDecoder) record(value []byte) error {
	if err := d.o.Limits.check(value); err != nil {
		return err
	}
	d.src, d.hits, d.again, d.fault = value, 0, false, fault{}
	d.row++
	i := jsontext.Space(value, 0)
	if i >= len(value) || value[i] != '{' {
		return notAnObject(value, i, d.o.Limits.Depth)
	}
	end, err := d.object(d.root, i, d.o.Limits.Depth-1)
	if err != nil {
		return err
	}
	if err := checkEnd(value, end); err != nil {
		return err
	}
	if d.again {
		return d.relocate(i)
	}
	if d.hits < len(d.had) {
		d.missing()
	}
	return nil
}

var byteOrderMark = []byte("\ufeff")

// notAnObject is the error for a record that does not begin with one.
func notAnObject(value []byte, i, depth int) error {
	if bytes.HasPrefix(value, byteOrderMark) {
		return &jsontext.SyntaxError{Msg: "it begins with a byte order mark"}
	}
	v, end, err := jsontext.Value(value, i, depth)
	if err != nil && !errors.Is(err, jsontext.ErrRange) {
		return err
	}
	if end = jsontext.Space(value, end); end < len(value) {
		return jsontext.Unexpected(value, end, "the end")
	}
	return fmt.Errorf("record is %s, want an object", row.Describe(v))
}

// missing makes the columns null that the record did not have.
func (d *jsonDecoder) missing() {
	for c := range d.had {
		if d.had[c] != d.row {
			d.null(c)
		}
	}
}

// object reads the object whose brace is at i, and gives the place after it.
func (d *jsonDecoder) object(l *level, i, depth int) (int, error) {
	src := d.src
	if depth < 0 {
		return i, jsontext.TooDeep(i)
	}
	if l.row == d.row {
		d.again = true
	}
	l.row = d.row
	i = jsontext.Space(src, i+1)
	if i < len(src) && src[i] == '}' {
		return i + 1, nil
	}
	m := &l.head
	for left := d.o.Limits.Members; left > 0; left-- {
		var err error
		if m, i, err = l.member(src, i, m); err != nil {
			return i, err
		}
		if m.column < 0 && m.child == nil {
			i, err = jsontext.Skip(src, i, depth)
		} else {
			i, err = d.wanted(m, i, depth)
		}
		if err != nil {
			return i, err
		}
		next, more, err := jsontext.Comma(src, i, '}')
		if !more {
			return next, err
		}
		i = next
	}
	return i, fmt.Errorf("%w: more than %d", ErrMembers, d.o.Limits.Members)
}

// wanted reads a member that is a column, or an object with columns in it, or both.
func (d *jsonDecoder) wanted(m *member, i, depth int) (next int, err error) {
	if m.column >= 0 {
		if next, err = d.column(m.column, i, depth); err != nil || m.child == nil {
			return next, err
		}
	}
	if i < len(d.src) && d.src[i] == '{' {
		return d.object(m.child, i, depth-1)
	}
	d.again = d.again || i < len(d.src) && d.src[i] != 'n' || m.child.row == d.row
	return jsontext.Skip(d.src, i, depth)
}

// column reads the value at i into a column.
func (d *jsonDecoder) column(c, i, depth int) (int, error) {
	if d.had[c] == d.row {
		d.again = true
		return jsontext.Skip(d.src, i, depth)
	}
	d.had[c] = d.row
	d.hits++
	return d.value(c, i, depth)
}
