package exec

import (
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// reducing is a function that makes one row of two.
type reducing struct {
	fn     func(a, b row.Row) row.Row
	schema *row.Schema // of the rows
	fields []row.Field // those that are given
	of     *aggregate
	batch  *row.Batch // the current one
}

func newReducing(op *plan.Window, in *row.Schema, of *aggregate) *reducing {
	return &reducing{fn: op.Reduce, schema: in, fields: op.Reduced(in), of: of}
}

// reduced is the row that is left of a group. It may depend on how rows are taken together, so it is one for each source; see [bySource].
type reduced struct {
	*reducing
	row    *row.Batch // of one row; nil: none yet
	broken error
}

func (r *reduced) add(_ *row.Vec, i int, _ place) {
	if r.row == nil {
		r.row = r.reducing.batch.Gather([]int32{int32(i)})
		r.row.Records, r.row.Origin = nil, nil
		r.own()
		return
	}
	if err := r.call(row.NewRow(r.reducing.batch, i)); err != nil {
		r.of.fail(i, err)
	}
}

// own makes strings that point into a record the row's own.
func (r *reduced) own() {
	encoded := row.AppendRow(nil, r.row, 0)
	own := row.Batch{Schema: r.row.Schema, Time: r.row.Time, Mark: r.row.Mark, Seq: r.row.Seq, Source: r.row.Source}
	key := r.row.Key.Value(0)
	own.Key = row.Vec{Kind: row.String}
	if err := row.DecodeRow(encoded, r.row.Schema, &own); err != nil {
		panic(err) // it was written just now
	}
	if err := own.Key.Append(cloned(key)); err != nil {
		panic(err) // a key is text
	}
	r.row = &own
}

// call makes one row of the row that is left and another that came later.
func (r *reduced) call(later row.Row) error {
	return call(func() {
		got := r.fn(row.NewRow(r.row, 0), later)
		next := emptyBatch(r.schema)
		for c, f := range r.schema.Fields() {
			if err := next.Cols[c].Append(got.Value(f.Name)); err != nil {
				panic(&row.AccessError{Msg: fmt.Sprintf("column %q %v", f.Name, err)})
			}
		}
		for _, m := range got.Changes() {
			if r.schema.Index(m.Name) < 0 {
				panic(&row.AccessError{Msg: fmt.Sprintf("sets column %q, which the rows do not have: With adds it before", m.Name)})
			}
		}
		next.Key, next.Time, next.Mark, next.Seq, next.Source = r.row.Key, r.row.Time, r.row.Mark, r.row.Seq, r.row.Source
		r.row = &next
		r.own()
	})
}

func (r *reduced) merge(other accumulator) {
	o := other.(*reduced)
	switch {
	case r.broken != nil || o.row == nil && o.broken == nil:
	case o.broken != nil:
		r.broken = o.broken
	case r.row == nil:
		r.row = o.row
	default:
		r.broken = r.call(row.NewRow(o.row, 0))
	}
}

// result is the columns that are given, one after the other.
func (r *reduced) result() any {
	if r.broken != nil {
		panic(functionOf{r.broken})
	}
	out := make(columns, len(r.fields))
	for i, f := range r.fields {
		if r.row != nil {
			out[i] = r.row.Col(f.Name).Value(0)
		}
	}
	return out
}

// columns are several values that one accumulator gives.
type columns []any

func (r *reduced) append(dst []byte) []byte {
	if r.row == nil {
		return append(dst, 0)
	}
	dst = appendBytes(append(dst, 1), row.AppendRow(nil, r.row, 0))
	dst = appendBytes(dst, []byte(r.row.Key.Strs[0]))
	return place{r.row.Mark[0], r.row.Source, r.row.Seq[0], r.row.Time[0]}.append(dst)
}

func (r *reduced) read(in *varints) {
	if in.byte() == 0 {
		return
	}
	b := emptyBatch(r.schema)
	err := row.DecodeRow(in.bytes(), r.schema, &b)
	key := string(in.bytes())
	at := readPlace(in)
	if errors.Join(err, b.Key.Append(key)) != nil {
		in.bad = true
		return
	}
	b.Time, b.Mark, b.Seq, b.Source = []int64{at.time}, []int64{at.mark}, []int64{at.seq}, at.source
	r.row = &b
}
