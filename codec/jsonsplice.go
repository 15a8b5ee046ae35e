package codec

import (
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Splicer writes a row into the JSON object that it was decoded from: members
// that were neither changed nor dropped keep their bytes and order, also those
// that nothing ever read; changed and dropped ones are cut out, and the changed
// columns stand at the end in the order given. If there is nothing to
// cut and nothing to add, the original bytes come back as they are.
func Splicer(s *row.Schema, changed, dropped []string, o Options) Encoder {
	e := &splicer{jsonEncoder: newJSONEncoder(s, o), depth: o.Limits.orDefault().Depth}
	cut := slices.Concat(changed, dropped)
	e.root = newLevel(wantsOf(cut))
	for _, n := range changed {
		if c := s.Index(n); c >= 0 && !slices.Contains(e.added, c) {
			e.added = append(e.added, c)
		}
	}
	e.still = len(cut) == 0
	return e
}

type splicer struct {
	*jsonEncoder
	root  *level // what is wanted of it is cut out
	added []int  // columns
	depth int
	still bool // the record's bytes are the row's

	dst, src []byte
}

// Append implements [Encoder].
func (e *splicer) Append(dst []byte, b *row.Batch, i int) ([]byte, error) {
	rec := b.Record(i)
	if rec == nil || rec.Value == nil {
		return dst, fmt.Errorf("row has no record to splice into: %w", ErrNoValue)
	}
	if e.still {
		return append(dst, rec.Value...), nil
	}
	at := jsontext.Space(rec.Value, 0)
	if at >= len(rec.Value) || rec.Value[at] != '{' {
		return dst, notAnObject(rec.Value, at, e.depth)
	}
	e.dst, e.src = append(dst, rec.Value[:at]...), rec.Value
	kept, last, end, err := e.object(e.root, at, e.depth-1)
	dst = e.dst
	e.dst, e.src = nil, nil
	if err != nil {
		return dst, err
	}
	for k, c := range e.added {
		if kept || k > 0 {
			dst = append(dst, ',')
		}
		if dst, err = e.member(dst, c, &b.Cols[c], i); err != nil {
			return dst, err
		}
	}
	e.counted()
	return append(dst, rec.Value[last:]...), checkEnd(rec.Value, end)
}

func checkEnd(src []byte, i int) error {
	if i = jsontext.Space(src, i); i < len(src) {
		return jsontext.Unexpected(src, i, "the end after the object")
	}
	return nil
}

// run is a stretch of the original bytes that is kept as one piece: members
// and the commas between them. After a cut the next run begins with the comma
// that followed the cut member, unless nothing was kept before it.
type run struct {
	from int // where the run begins; -1 after a cut
	cut  int // where the last cut ended
	any  bool
}

// keep makes the member that starts at i part of the run.
func (r *run) keep(i int) {
	if r.from < 0 {
		r.from = r.cut
		if !r.any {
			r.from = i
		}
	}
	r.any = true
}

// object writes what is kept of the object at i, without its closing brace.
// It gives whether a member was kept, the end of the last member, and the
// place after the object.
func (e *splicer) object(l *level, i, depth int) (kept bool, last, next int, err error) {
	if depth < 0 {
		return false, i, i, jsontext.TooDeep(i)
	}
	e.dst = append(e.dst, '{')
	last = i + 1
	i = jsontext.Space(e.src, last)
	if i < len(e.src) && e.src[i] == '}' {
		return false, last, i + 1, nil
	}
	r := run{from: last}
	for m, more := &l.head, true; more; {
		var value, end int
		if m, value, err = l.member(e.src, i, m); err != nil {
			return r.any, last, value, err
		}
		switch {
		case m.column >= 0:
			e.flush(&r, last)
			end, err = jsontext.Skip(e.src, value, depth)
			r.from, r.cut = -1, end
		case m.child != nil && value < len(e.src) && e.src[value] == '{':
			r.keep(i)
			e.flush(&r, value)
			end, err = e.inner(m.child, value, depth-1)
			r.from = end
		default:
			r.keep(i)
			end, err = jsontext.Skip(e.src, value, depth)
		}
		if err != nil {
			return r.any, last, end, err
		}
		last = end
		if i, more, err = jsontext.Comma(e.src, end, '}'); err != nil {
			return r.any, last, i, err
		}
	}
	e.flush(&r, last)
	return r.any, last, i, nil
}

// flush writes the run up to end.
func (e *splicer) flush(r *run, end int) {
	if r.from >= 0 && r.any {
		e.dst = append(e.dst, e.src[r.from:end]...)
	}
}

// inner writes what is kept of an object within the object.
func (e *splicer) inner(l *level, i, depth int) (int, error) {
	_, last, next, err := e.object(l, i, depth)
	if err == nil {
		e.dst = append(e.dst, e.src[last:next]...)
	}
	return next, err
}
