package codec

import (
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// JSON is one object a record. A member of an object in it is a column named
// by its path, such as engine.rpm.
func JSON() Codec { return jsonCodec{} }

type jsonCodec struct{}

func (jsonCodec) Name() string { return "json" }

func (jsonCodec) Decoder(want *row.Schema, o Options) Decoder {
	d := &jsonDecoder{want: want, unit: o.TimeUnit, time: -1, root: &path{slot: -1}}
	for i, f := range want.Fields() {
		d.root.add(f.Name, i)
		if f.Name == o.TimeColumn {
			d.time = i
		}
	}
	return d
}

// path is a name that a decoder looks for, by its path.
type path struct {
	name string
	slot int     // the column, or -1
	in   []*path // members of this one that are looked for
	next int     // where the next is expected: objects of a topic are alike
}

// add makes the place of a column: under its whole name, and under its path.
func (m *path) add(name string, slot int) {
	m.child(name).slot = slot
	head, rest, nested := strings.Cut(name, ".")
	if nested && head != "" && rest != "" {
		m.child(head).add(rest, slot)
	}
}

func (m *path) child(name string) *path {
	for _, c := range m.in {
		if c.name == name {
			return c
		}
	}
	c := &path{name: name, slot: -1}
	m.in = append(m.in, c)
	return c
}

// find is the member of that name, or nil. Members are expected in the order of the last object.
func (m *path) find(name string) *path {
	for range m.in {
		if m.next >= len(m.in) {
			m.next = 0
		}
		c := m.in[m.next]
		if c.name == name {
			m.next++
			return c
		}
		m.next++
	}
	return nil
}

// jsonDecoder decodes the columns of a schema.
type jsonDecoder struct {
	want *row.Schema
	unit string
	time int // the column that must not be null, or -1
	root *path
	cols []row.Vec
	seen []bool // columns that the record at hand has had
	rows []int32
	s    scanner
	at   int // the row at hand
	bad  string
}

func (d *jsonDecoder) Decode(recs []row.Record, b *row.Batch) []BadRow {
	d.open(len(recs))
	var bad []BadRow
	n := 0
	for i := range recs {
		d.at = n
		if err := d.record(recs[i].Value); err != nil {
			bad = append(bad, BadRow{i, d.bad, err})
			continue
		}
		d.rows[n] = int32(i)
		n++
	}
	b.Schema, b.Records, b.Origin = d.want, recs, d.rows[:n]
	b.Cols = make([]row.Vec, len(d.cols))
	for c := range d.cols {
		b.Cols[c] = d.cols[c].Head(n)
	}
	return bad
}

// open makes room for n rows.
func (d *jsonDecoder) open(n int) {
	if d.cols == nil {
		d.cols, d.seen = make([]row.Vec, d.want.Len()), make([]bool, d.want.Len())
		for c := range d.cols {
			d.cols[c].Kind = d.want.At(c).Kind
		}
	}
	for c := range d.cols {
		d.cols[c].Resize(n)
	}
	if cap(d.rows) < n {
		d.rows = make([]int32, n)
	}
	d.rows = d.rows[:n]
}

// record decodes one value into row d.at; what a bad one left there the next overwrites.
func (d *jsonDecoder) record(value []byte) error {
	d.bad = ""
	if len(value) > MaxValue {
		return fmt.Errorf("%w: the value has %d bytes, at most %d", ErrLimit, len(value), MaxValue)
	}
	if value == nil {
		return fmt.Errorf("%w: the record has no value (a tombstone), want a JSON object", ErrSyntax)
	}
	d.s = scanner{b: value}
	clear(d.seen)
	if err := d.object(d.root); err != nil {
		return err
	}
	if err := d.s.end(); err != nil {
		return err
	}
	for c, seen := range d.seen {
		if !seen {
			d.cols[c].SetNull(d.at)
		}
	}
	if d.time >= 0 && d.cols[d.time].IsNull(d.at) {
		d.bad = d.want.At(d.time).Name
		return &kindError{d.bad + " is null, want the row's time"}
	}
	return nil
}

// object decodes the members that are looked for.
func (d *jsonDecoder) object(m *path) error {
	m.next = 0
	return d.s.object(func(name []byte, escaped bool) error {
		key := text(name)
		if escaped {
			key = unescaped(name, true)
		}
		c := m.find(key)
		if c == nil {
			return d.s.skip()
		}
		if len(c.in) > 0 && d.s.peek() == '{' && (c.slot < 0 || !d.want.At(c.slot).Kind.Nested()) {
			return d.object(c)
		}
		if c.slot < 0 {
			return d.s.skip()
		}
		return d.column(c.slot)
	})
}

// column decodes a value into a column of row d.at.
func (d *jsonDecoder) column(slot int) error {
	v := &d.cols[slot]
	d.seen[slot] = true
	c := d.s.peek()
	if c == 'n' {
		v.SetNull(d.at)
		return d.s.word("null")
	}
	v.SetValid(d.at)
	switch {
	case c == '"' && v.Kind == row.String:
		raw, escaped, err := d.s.str()
		if err == nil {
			v.Strs[d.at] = unescaped(raw, escaped)
		}
		return err
	case (c-'0' <= 9 || c == '-') && v.Kind.Numeric():
		return d.numeric(slot, v)
	}
	return d.other(slot, v)
}

func (d *jsonDecoder) numeric(slot int, v *row.Vec) error {
	raw, whole, err := d.s.number()
	if err != nil {
		return err
	}
	if v.Kind == row.Float {
		v.Floats[d.at] = float(raw)
		return nil
	}
	n, ok := int64(0), false
	if whole {
		n, ok = integer(raw)
	}
	if !ok {
		d.bad = d.want.At(slot).Name
		return &kindError{fmt.Sprintf("%s is %s, want an int", d.bad, raw)}
	}
	v.Ints[d.at] = n
	return nil
}

// other decodes what is not the common case of a kind.
func (d *jsonDecoder) other(slot int, v *row.Vec) error {
	x, err := d.s.value()
	if err != nil {
		return err
	}
	if v.Kind == row.Time || v.Kind == row.Duration {
		x, err = temporal(x, v.Kind, d.unit)
	}
	if err == nil {
		err = v.Set(d.at, x)
	}
	if err != nil {
		d.bad = d.want.At(slot).Name
		return wrongKind(d.bad, err)
	}
	return nil
}

// temporal reads a time or duration as it stands on the wire.
func temporal(x any, kind row.Kind, unit string) (any, error) {
	if kind == row.Duration {
		unit = "ms"
	}
	var us int64
	ok := false
	switch n := x.(type) {
	case int64:
		us, ok = wholeMicros(n, unit)
	case float64:
		us, ok = micros(n, unit)
	case string:
		if t, err := time.Parse(time.RFC3339, n); err == nil && kind == row.Time {
			return t, nil
		}
	}
	if !ok {
		want := "a time such as \"2006-01-02T15:04:05Z\""
		if unit != "" {
			want = "a number of " + unit
		}
		return nil, fmt.Errorf("is %s, want %s", row.Describe(x), want)
	}
	if kind == row.Duration {
		return time.Duration(us) * time.Microsecond, nil
	}
	return time.UnixMicro(us).UTC(), nil
}

// wholeMicros is an integer in a unit of time as µs, exactly.
func wholeMicros(n int64, unit string) (int64, bool) {
	per := int64(perMicro[unit])
	switch {
	case unit == "ns":
		us := n / 1000
		if n%1000 < 0 {
			us--
		}
		return us, true
	case per == 0 || n*per/per != n:
		return 0, false
	}
	return n * per, true
}

func (jsonCodec) fields(value []byte, each func(name string, v any)) error {
	if len(value) > MaxValue {
		return fmt.Errorf("%w: the value has %d bytes, at most %d", ErrLimit, len(value), MaxValue)
	}
	s := scanner{b: value}
	v, err := s.value()
	if err != nil {
		return err
	}
	if err := s.end(); err != nil {
		return err
	}
	o, ok := v.(row.Object)
	if !ok {
		return fmt.Errorf("%w: the value is %s, want a JSON object", ErrSyntax, row.Describe(v))
	}
	flatten("", o, each)
	return nil
}

// flatten gives the members of objects in objects under their paths.
func flatten(prefix string, o row.Object, each func(string, any)) {
	for _, m := range o {
		if in, ok := m.Value.(row.Object); ok && len(in) > 0 {
			flatten(prefix+m.Name+".", in, each)
			continue
		}
		each(prefix+m.Name, m.Value)
	}
}
