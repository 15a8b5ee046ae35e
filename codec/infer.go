package codec

import (
	"fmt"
	"math"
	"slices"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Infer finds the columns of a sample, in the order in which they were first
// seen, and their kinds. Ints and floats together are float. Ints that a float
// does not hold exactly, beside floats, make the column any: nothing is
// rounded. Up to one value in twenty of another kind leaves the column its
// kind, and those rows are bad rows; above that it is any. A column that is
// null in the whole sample is any.
func Infer(c Codec, recs []row.Record) (*row.Schema, Report) {
	s := survey{at: map[string]int{}}
	in, ok := c.(observer)
	for i := range recs {
		if !ok {
			break
		}
		s.seen = s.seen[:0]
		if err := in.observe(recs[i].Value, s.add); err != nil {
			if s.report.Bad++; s.report.Bad == 1 {
				s.report.First = fmt.Sprintf("%d@%d: %v", recs[i].Partition, recs[i].Offset, err)
			}
			continue
		}
		s.count()
	}
	return s.decide()
}

// observer is a codec whose columns a sample can teach.
type observer interface {
	// observe gives every value of a record with the path of its column; an
	// object with members comes before them.
	observe(value []byte, each func(path string, v any)) error
}

// survey collects what the columns of a sample hold.
type survey struct {
	report Report
	at     map[string]int
	seen   []observed // in the record at hand, which may yet turn out not to decode
}

type observed struct {
	path string
	kind row.Kind
	size size
}

// size is what the kind of a value does not say.
type size uint8

const (
	plain size = iota
	big        // an int beyond 2^53, which a float does not hold exactly
	huge       // a whole number beyond 64 bits
	full       // an object with members
)

func (s *survey) add(path string, v any) {
	o := observed{path: path, kind: row.KindOf(v)}
	switch x := v.(type) {
	case jsontext.Digits:
		o.kind, o.size = row.Int, huge
	case int64:
		if x > 1<<53 || x < -1<<53 {
			o.size = big
		}
	case row.Object:
		if len(x) > 0 {
			o.size = full
		}
	}
	s.seen = append(s.seen, o)
}

// count adds what was seen in a record that decoded.
func (s *survey) count() {
	s.report.Rows++
	for _, o := range s.seen {
		i, ok := s.at[o.path]
		if !ok {
			if len(s.report.Columns) == MaxColumns {
				s.report.more = true
				continue
			}
			i = len(s.report.Columns)
			s.at[o.path] = i
			s.report.Columns = append(s.report.Columns, Seen{Name: o.path, Counts: map[row.Kind]int{}})
		}
		c := &s.report.Columns[i]
		c.Counts[o.kind]++
		c.sizes[o.size]++
	}
}

// decide gives the columns their kinds. A column of objects gives way to its members.
func (s *survey) decide() (*row.Schema, Report) {
	var fields []row.Field
	var closed []string // columns that hold objects as values, with their dots
	all := s.report.Columns
	s.report.Columns = nil
	for _, c := range all {
		if slices.ContainsFunc(closed, func(p string) bool { return len(c.Name) > len(p) && c.Name[:len(p)] == p }) {
			continue
		}
		c.Kind = c.decide()
		if c.opened = c.Kind == row.Struct && c.sizes[full] > 0; !c.opened {
			fields = append(fields, row.Field{Name: c.Name, Kind: c.Kind})
		}
		if !c.opened && c.sizes[full] > 0 {
			closed = append(closed, c.Name+".")
		}
		s.report.Columns = append(s.report.Columns, c)
	}
	return row.NewSchema(fields...), s.report
}

// strangers is how much of a column may be of another kind without changing the column's.
const strangers = 0.05

// decide is the kind that fits what was seen.
func (s *Seen) decide() row.Kind {
	votes := map[row.Kind]int{}
	total, best := 0, row.Any
	for k := row.Bool; k <= row.Any; k++ {
		n := s.Counts[k]
		total += n
		votes[s.votes(k)] += n
	}
	votes[row.Int] -= s.sizes[huge]
	for k := row.Bool; k <= row.Any; k++ {
		if votes[k] > votes[best] {
			best = k
		}
	}
	few := int(math.Floor(strangers * float64(total)))
	switch {
	case total-votes[best] > few:
		return row.Any
	case best == row.Float && s.sizes[big]+s.sizes[huge] > 0:
		return row.Any
	}
	return best
}

// votes is the kind that a value of kind k speaks for.
func (s *Seen) votes(k row.Kind) row.Kind {
	switch {
	case k == row.Int && s.Counts[row.Float] > 0:
		return row.Float
	case k == row.String && s.Counts[row.Bytes] > 0:
		return row.Bytes
	}
	return k
}
