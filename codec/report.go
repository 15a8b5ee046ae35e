package codec

import (
	"fmt"
	"strconv"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Report is what was seen while the columns of a sample were found.
type Report struct {
	Rows    int // records that decode
	Columns []Seen
	Bad     int    // records that do not
	First   string // the first of those: partition@offset and why
	more    bool   // there are columns beyond MaxColumns
}

// Seen is what the values of one column were.
type Seen struct {
	Name   string
	Kind   row.Kind         // what the column gets; Struct if its members are columns instead
	Counts map[row.Kind]int // rows by the kind of the value; Null: written as null
	sizes  [full + 1]int
	opened bool // its members are the columns
}

// Drift says in words what did not go smoothly, a line a column: values of
// another kind than the column's, such as
// "speed: 3 of 12,040 rows have string, not float", and why a column is any.
func (r Report) Drift() []string {
	var out []string
	for i := range r.Columns {
		out = append(out, r.Columns[i].drift(r.Rows)...)
	}
	if r.more {
		out = append(out, fmt.Sprintf("there are more than %s columns, the others are left out", grouped(MaxColumns)))
	}
	return out
}

func (s *Seen) drift(rows int) []string {
	if s.Kind == row.Any {
		return []string{s.whyAny()}
	}
	var out []string
	for k := row.Bool; k < row.Any; k++ {
		if n := s.Counts[k]; n > 0 && s.votes(k) != s.Kind {
			out = append(out, fmt.Sprintf("%s: %s of %s rows have %s, not %s", s.Name, grouped(n), grouped(rows), k, s.Kind))
		}
	}
	if n := s.sizes[huge]; n > 0 {
		out = append(out, fmt.Sprintf("%s: %s of %s rows have whole numbers beyond 64 bits", s.Name, grouped(n), grouped(rows)))
	}
	return out
}

// whyAny is the reason why a column has no kind of its own.
func (s *Seen) whyAny() string {
	kinds, total := "", 0
	for k := row.Bool; k < row.Any; k++ {
		if n := s.Counts[k]; n > 0 {
			kinds += fmt.Sprintf(", %s %s", grouped(n), k)
			total += n
		}
	}
	switch {
	case total == 0:
		return fmt.Sprintf("%s: null in every row, so it is any", s.Name)
	case s.sizes[huge] > 0 && s.Counts[row.Int]+s.Counts[row.Float] == total:
		return fmt.Sprintf("%s: whole numbers beyond 64 bits are kept as the text of their digits, so it is any", s.Name)
	case s.sizes[big] > 0 && s.Counts[row.Int]+s.Counts[row.Float] == total:
		return fmt.Sprintf("%s: ints beyond 2^53 beside floats, so it is any and nothing is rounded", s.Name)
	}
	return fmt.Sprintf("%s: values of several kinds (%s), so it is any", s.Name, kinds[2:])
}

// grouped is a count with a comma before every three digits.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
