package codec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Splicer writes a row into the JSON object that it came from: members that
// were neither changed nor dropped keep their bytes and their order, even
// those that no plan ever looked at; the others are cut out, and the changed
// columns follow at the end. Without changes the original bytes come back.
func Splicer(s *row.Schema, changed, dropped []string, o Options) Encoder {
	e := &splicer{unit: o.TimeUnit, whole: len(changed)+len(dropped) == 0}
	for _, name := range changed {
		e.columns = append(e.columns, s.Index(name))
		e.names = append(e.names, append(appendString(nil, name), ':'))
	}
	e.cut = slices.Concat(changed, dropped)
	return e
}

type splicer struct {
	unit    string
	whole   bool // nothing changes
	columns []int
	names   [][]byte
	cut     []string
}

func (e *splicer) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	rec := b.Record(i)
	if rec == nil {
		return dst, fmt.Errorf("%w: the row came from no record, so there is no object to write it into", ErrSyntax)
	}
	if e.whole {
		return append(dst, rec.Value...), nil
	}
	dst, first, err := e.keep(append(dst, '{'), rec.Value)
	if err != nil {
		return dst, err
	}
	for k, c := range e.columns {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, e.names[k]...)
		if dst, err = appendColumn(dst, &b.Cols[c], i, e.unit); err != nil {
			return dst, fmt.Errorf("column %s %w", e.names[k], err)
		}
	}
	return append(dst, '}'), nil
}

// keep copies the members that are not cut out; first says that there was none.
func (e *splicer) keep(dst, value []byte) (out []byte, first bool, err error) {
	s := scanner{b: value}
	first = true
	err = s.object(func(name []byte, escaped bool) error {
		key := unescaped(name, escaped)
		s.space()
		from := s.i
		var inner []byte
		if e.reaches(key) && s.peek() == '{' {
			v, err := s.value()
			if err != nil {
				return err
			}
			if inner = e.without(key, v); inner == nil {
				return nil
			}
		} else if err := s.skip(); err != nil {
			return err
		}
		if slices.Contains(e.cut, key) {
			return nil
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(append(append(dst, '"'), name...), '"', ':'), value[from:s.i][:lengthOr(inner, s.i-from)]...)
		dst = append(dst, inner...)
		return nil
	})
	return dst, first, err
}

// lengthOr is how much of the original value is kept: nothing if it was written anew.
func lengthOr(inner []byte, n int) int {
	if inner != nil {
		return 0
	}
	return n
}

// reaches says whether a column that is cut lies inside the member, by its path.
func (e *splicer) reaches(name string) bool {
	return slices.ContainsFunc(e.cut, func(c string) bool { return strings.HasPrefix(c, name+".") })
}

// without writes an object anew, without the members that are cut.
func (e *splicer) without(prefix string, v any) []byte {
	o, _ := v.(row.Object)
	out, err := appendValue(nil, e.pruned(prefix, o), e.unit)
	if err != nil {
		return nil
	}
	return out
}

func (e *splicer) pruned(prefix string, o row.Object) row.Object {
	kept := row.Object{}
	for _, m := range o {
		path := prefix + "." + m.Name
		if slices.Contains(e.cut, path) {
			continue
		}
		if in, ok := m.Value.(row.Object); ok {
			m.Value = e.pruned(path, in)
		}
		kept = append(kept, m)
	}
	return kept
}
