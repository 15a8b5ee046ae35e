package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/codec"
)

// Limits of a file.
const (
	MaxRows  = 1_000_000
	MaxBytes = 256 << 20
	maxLine  = 1 << 20
)

// ErrTable is wrapped by errors about the content of a file.
var ErrTable = errors.New("no table")

// ReadCSV gives the rows of a CSV file, each as a line of RFC 4180 that commas
// separate. Without columns the first row is a header that names them. A row
// that lacks fields at its end gets empty ones, which are null.
func ReadCSV(r io.Reader, comma byte, columns []string) (names []string, lines [][]byte, err error) {
	text, err := utf8Of(r)
	if err != nil {
		return nil, nil, err
	}
	in := csv.NewReader(text)
	in.Comma, in.FieldsPerRecord, in.ReuseRecord = rune(comma), -1, true
	if names = columns; len(names) == 0 {
		head, err := in.Read()
		if err != nil {
			return nil, nil, fmt.Errorf("%w: the header does not read: %w", ErrTable, err)
		}
		if names, err = header(head); err != nil {
			return nil, nil, err
		}
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return names, lines, nil
		}
		line := 0
		if len(fields) > 0 {
			line, _ = in.FieldPos(0)
		}
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("%w: %w", ErrTable, err)
		case len(lines) == MaxRows:
			return nil, nil, tooMany()
		case len(fields) > len(names):
			return nil, nil, fmt.Errorf("%w: line %d has %d fields, there are %d columns: what separates fields?", ErrTable, line, len(fields), len(names))
		}
		for len(fields) < len(names) {
			fields = append(fields, "")
		}
		b.Reset()
		if err := out.Write(fields); err != nil {
			return nil, nil, fmt.Errorf("%w: line %d: %w", ErrTable, line, err)
		}
		if out.Flush(); b.Len() > maxLine {
			return nil, nil, fmt.Errorf("%w: line %d has %d bytes, want at most %d: is a quote open?", ErrLimit, line, b.Len(), maxLine)
		}
		lines = append(lines, bytes.TrimSuffix(bytes.Clone(b.Bytes()), []byte("\n")))
	}
}

// header are names of columns, each once; one without a name is named by its place.
func header(fields []string) ([]string, error) {
	if len(fields) > codec.MaxColumns {
		return nil, fmt.Errorf("%w: it has %d columns, want at most %d", ErrLimit, len(fields), codec.MaxColumns)
	}
	seen := map[string]bool{}
	var names []string
	for i, f := range fields {
		if f == "" {
			f = fmt.Sprintf("column_%d", i+1)
		}
		switch {
		case !utf8.ValidString(f):
			return nil, fmt.Errorf("%w: the header has %q, which is not UTF-8: save the file as UTF-8", ErrTable, f)
		case seen[f]:
			return nil, fmt.Errorf("%w: the header names %q twice", ErrTable, f)
		}
		seen[f] = true
		names = append(names, f)
	}
	return names, nil
}

func tooMany() error { return fmt.Errorf("%w: it has more than %d rows", ErrLimit, MaxRows) }

// utf8Of skips a byte order mark, and refuses the mark of another encoding.
func utf8Of(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	mark, _ := b.Peek(3) // of a shorter text what there is
	switch {
	case bytes.HasPrefix(mark, []byte("\ufeff")):
		_, _ = b.Discard(3)
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return nil, fmt.Errorf("%w: the text is UTF-16, want UTF-8: save it as that, or iconv -f UTF-16 -t UTF-8 FILE", ErrTable)
	}
	return b, nil
}

// ReadLines gives the lines of a text that are not blank.
func ReadLines(r io.Reader) ([][]byte, error) {
	text, err := utf8Of(r)
	if err != nil {
		return nil, err
	}
	var lines [][]byte
	s := bufio.NewScanner(text)
	s.Buffer(nil, maxLine+1)
	n := 0
	for ; s.Scan(); n++ {
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		if len(lines) == MaxRows {
			return nil, tooMany()
		}
		lines = append(lines, bytes.Clone(s.Bytes()))
	}
	if errors.Is(s.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("%w: line %d has more than %d bytes", ErrLimit, n+1, maxLine)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%w: line %d: %w", ErrTable, n+1, err)
	}
	return lines, nil
}
