package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// Limits of a file.
const (
	MaxRows  = 1_000_000
	MaxBytes = 256 << 20
	maxLine  = 1 << 20

	maxColumns = 1000
)

// ErrTable is wrapped by errors about the content of a file.
var ErrTable = errors.New("no table")

// ReadCSV gives the rows of a CSV file, each as a line of RFC 4180 that commas
// separate. Without columns the first row is a header that names them. A row
// that lacks fields at its end gets empty ones, which are null.
func ReadCSV(r io.Reader, comma byte, columns []string) (names []string, lines [][]byte, err error) {
	in := csv.NewReader(withoutMark(r))
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
			return nil, nil, fmt.Errorf("%w: more than %d rows", ErrTable, MaxRows)
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
		out.Flush()
		lines = append(lines, bytes.TrimSuffix(bytes.Clone(b.Bytes()), []byte("\n")))
	}
}

// header are names of columns, each once; one without a name is named by its place.
func header(fields []string) ([]string, error) {
	seen := map[string]bool{}
	var names []string
	for i, f := range fields {
		if f == "" {
			f = fmt.Sprintf("column_%d", i+1)
		}
		if seen[f] {
			return nil, fmt.Errorf("%w: the header names %q twice", ErrTable, f)
		}
		seen[f] = true
		names = append(names, f)
	}
	return names, nil
}

// withoutMark skips a byte order mark.
func withoutMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	return b
}

// ReadLines gives the lines of a text that are not blank.
func ReadLines(r io.Reader) ([][]byte, error) {
	var lines [][]byte
	s := bufio.NewScanner(withoutMark(r))
	s.Buffer(nil, maxLine+1)
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		if len(lines) == MaxRows {
			return nil, fmt.Errorf("%w: more than %d rows", ErrTable, MaxRows)
		}
		lines = append(lines, bytes.Clone(s.Bytes()))
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%w: line %d: %w", ErrTable, len(lines)+1, err)
	}
	return lines, nil
}
