package codec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Report is what was seen while the columns of a sample were found.
type Report struct {
	Rows    int // records that are in the format
	Columns []Seen
	Bad     int    // records that are not
	First   string // why the first of those is not
}

// Seen is what the values of a column were.
type Seen struct {
	Name   string
	Kind   row.Kind         // the one that the column gets
	Counts map[row.Kind]int // values by their kind; nulls that stand there count as Null
	Big    int              // integers that a float does not hold exactly
}

// strangers is how many values of another kind a column may have before it is
// of any kind: those rows are bad then, and reported.
const strangers = 0.05

// Infer finds the columns of a sample, in the order in which they were first
// seen, and their kinds: int and float together are float; integers that a
// float does not hold, beside floats, are any; a few values of another kind
// do not change a column's kind.
func Infer(c Codec, recs []row.Record) (*row.Schema, Report) {
	var r Report
	at := map[string]int{}
	for i := range recs {
		err := c.fields(recs[i].Value, func(name string, v any) {
			k, ok := at[name]
			if !ok {
				k = len(r.Columns)
				at[name] = k
				r.Columns = append(r.Columns, Seen{Name: name, Counts: map[row.Kind]int{}})
			}
			r.Columns[k].see(v)
		})
		if err != nil {
			if r.Bad++; r.Bad == 1 {
				r.First = fmt.Sprintf("%d@%d: %v", recs[i].Partition, recs[i].Offset, err)
			}
			continue
		}
		r.Rows++
	}
	fields := make([]row.Field, len(r.Columns))
	for i := range r.Columns {
		r.Columns[i].Kind = r.Columns[i].decide()
		fields[i] = row.Field{Name: r.Columns[i].Name, Kind: r.Columns[i].Kind}
	}
	return row.NewSchema(fields...), r
}

func (s *Seen) see(v any) {
	s.Counts[row.KindOf(v)]++
	if n, ok := v.(int64); ok && !fits(n) {
		s.Big++
	}
}

// decide is the kind that fits the values.
func (s *Seen) decide() row.Kind {
	total, best := 0, row.Null
	votes := map[row.Kind]int{}
	for k, n := range s.Counts {
		if k == row.Null {
			continue
		}
		total += n
		if k == row.Int && s.Counts[row.Float] > 0 {
			k = row.Float
		}
		votes[k] += n
	}
	for k := row.Bool; k <= row.Any; k++ {
		if votes[k] > votes[best] || best == row.Null && votes[k] > 0 {
			best = k
		}
	}
	switch {
	case total == 0:
		return row.Null
	case best == row.Float && s.Big > 0:
		return row.Any
	case float64(total-votes[best]) > strangers*float64(total):
		return row.Any
	}
	return best
}

// Drift says in words which values are not of their column's kind, a line a column.
func (r Report) Drift() []string {
	var out []string
	for _, c := range r.Columns {
		for k := row.Bool; k <= row.Any; k++ {
			n := c.Counts[k]
			if n == 0 || k == c.Kind || c.Kind == row.Any || k == row.Int && c.Kind == row.Float {
				continue
			}
			out = append(out, fmt.Sprintf("%s: %s to %s in %d of %d rows", c.Name, c.Kind, k, n, r.Rows))
		}
		if c.Kind == row.Any && len(c.Counts) > 1 {
			out = append(out, fmt.Sprintf("%s: values of several kinds, so it is any and each is taken as it is", c.Name))
		}
	}
	return out
}
