package codec

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// CSV is one line of RFC 4180 a record, without a header, with these columns. An empty field is null. Numbers are those of JSON, so that 007 stays a
// string; bools are true and false; lists and structs stand as JSON.
func CSV(columns ...string) Codec { return csvCodec{columns, ','} }

// Separated is [CSV] with another character between fields, such as ';' or '\t'.
func Separated(comma byte, columns ...string) Codec { return csvCodec{columns, comma} }

type csvCodec struct {
	columns []string
	comma   byte
}

func (c csvCodec) Name() string {
	between := ""
	if c.comma != ',' {
		between = string(rune(c.comma))
	}
	return "csv" + between + "(" + string(appendCSV(nil, c.columns, ',')) + ")"
}

// parseCSV reads "csv(car,speed)", or "csv;(car,speed)" for fields that
// semicolons separate; a name with a comma in it stands in quotes.
func parseCSV(name string) (Codec, error) {
	rest, comma := strings.TrimPrefix(name, "csv"), byte(',')
	if rest[0] != '(' {
		comma, rest = rest[0], rest[1:]
	}
	if !strings.HasPrefix(rest, "(") || strings.IndexByte("\r\n\"", comma) >= 0 || comma >= 0x80 {
		return nil, fmt.Errorf("format %.40q: fields are separated by one character, such as csv;(car,speed)", name)
	}
	columns, err := splitCSV(nil, []byte(rest[1:len(rest)-1]), ',')
	if err != nil {
		return nil, fmt.Errorf("format %q: %w", name, err)
	}
	for i, c := range columns {
		if c == "" {
			return nil, fmt.Errorf("format %q: column %d has no name, want such as csv(car,speed)", name, i+1)
		}
	}
	return Separated(comma, columns...), nil
}

func (c csvCodec) Decoder(want *row.Schema, o Options) Decoder {
	o.Limits = o.Limits.orDefault()
	d := &csvDecoder{columns: newColumns(want, o), codec: c, o: o}
	for _, n := range c.columns {
		d.places = append(d.places, want.Index(n))
	}
	return d
}

func (c csvCodec) Encoder(s *row.Schema, o Options) Encoder {
	e := &csvEncoder{count: o.NotFinite, comma: c.comma}
	e.writer.Time = timesAs(o.TimeUnit, "")
	for _, n := range c.columns {
		e.places = append(e.places, s.Index(n))
	}
	e.cells = make([]string, len(e.places))
	return e
}

func (c csvCodec) observe(value []byte, each func(string, any)) error {
	fields, err := c.fields(nil, value, Limits{}.orDefault())
	if err != nil {
		return err
	}
	for i, f := range fields {
		each(c.columns[i], guess(f))
	}
	return nil
}

// fields splits a record value into one field a column.
func (c csvCodec) fields(into []string, value []byte, limits Limits) ([]string, error) {
	if err := limits.check(value); err != nil {
		return nil, err
	}
	fields, err := splitCSV(into, value, c.comma)
	if err != nil {
		return nil, err
	}
	if len(fields) != len(c.columns) {
		return nil, fmt.Errorf("line has %d fields, want the %d of %s", len(fields), len(c.columns), c.Name())
	}
	return fields, nil
}

// ErrCSV is wrapped by the error for a value that is not one line of RFC 4180.
var ErrCSV = errors.New("malformed CSV")

// splitCSV cuts a line into fields, which point into it if it has no quotes.
func splitCSV(into []string, line []byte, comma byte) ([]string, error) {
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if bytes.ContainsAny(line, "\"\r\n") {
		return quotedCSV(line, comma)
	}
	text, err := utf8Text(line)
	if err != nil {
		return nil, err
	}
	into = into[:0]
	for {
		field, rest, more := strings.Cut(text, string(rune(comma)))
		into = append(into, field)
		if !more {
			return into, nil
		}
		text = rest
	}
}

func quotedCSV(line []byte, comma byte) ([]string, error) {
	if _, err := utf8Text(line); err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma = rune(comma)
	fields, err := r.Read()
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return nil, fmt.Errorf("%w at byte %d: %w", ErrCSV, wrong.Column-1, wrong.Err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCSV, err)
	}
	if _, err := r.Read(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: a record is one line, this is more", ErrCSV)
	}
	return fields, nil
}

// guess is the value that a field looks like.
func guess(s string) any {
	switch s {
	case "":
		return nil
	case "true", "false":
		return s == "true"
	}
	if n, end, ok := jsontext.ScanNumber([]byte(s), 0); ok && end == len(s) {
		if x, whole := n.Int(); whole {
			return x
		}
		if n.Whole() {
			return jsontext.Digits(s)
		}
		if f, ok := n.Float([]byte(s)); ok {
			return f
		}
	}
	return s
}
