package exec

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// lookup gives each row of its first input what a table, its second, had for
// the row's key at the row's time. Time is that of the first input alone: who
// runs the task reads the table up to its end before it goes on with that.
//
// A record of the table counts from its own time on, or from that of the record
// before it if that is later: what was written last is what the table has. A row
// that comes later than the grace counts as that late, so what the table had
// before that is of no use any more.
type lookup struct {
	task  *Task
	step  *plan.Step
	store state.Store
	taken []int // places of the table's columns that the rows get
	on    keyText
	grace int64
	outer bool // rows that the table has nothing for are kept

	keys    map[string]*versions
	rows    row.Batch // what the versions hold
	free    []int32   // places in rows that nobody needs
	ends    ends      // when versions are of no use, with their keys
	mark    int64     // of the last row
	changed []*versions

	keep     []int32
	partners row.Batch
	texts    row.Vec
}

// versions are what a table had for a key, the oldest first.
type versions struct {
	key   string
	at    []int64 // from when on
	row   []int32 // places in rows; nothing for a deletion
	dirty bool
}

// nothing is the place of no row.
const nothing = -1

func newLookup(t *Task, s *plan.Step, store state.Store) *lookup {
	op, table := s.Op.(*plan.Lookup), s.In[1].Schema
	l := &lookup{
		task: t, step: s, store: store, taken: op.Taken(table), grace: op.Grace.Microseconds(), outer: op.Left,
		keys: map[string]*versions{}, rows: emptyBatch(table), partners: emptyBatch(table), mark: noTime,
	}
	if table.Index(op.On[0]) >= 0 {
		l.on.cols = op.On
	}
	return l
}

func (l *lookup) process(in int, b *row.Batch, out emit) error {
	if in == 1 {
		return l.learn(b)
	}
	l.keep = l.keep[:0]
	empty(&l.partners)
	for i := range b.Len() {
		if b.Key.IsNull(i) {
			l.task.Counts.NullKey[l.step.ID]++
			continue
		}
		l.mark = b.Mark[i]
		found := l.find(b.Key.Strs[i], max(b.Time[i], l.mark-l.grace))
		if found == nothing && !l.outer {
			continue
		}
		l.keep = append(l.keep, int32(i))
		if err := l.partner(found); err != nil {
			return err
		}
	}
	if len(l.keep) < b.Len() {
		b = b.Gather(l.keep)
	}
	cols := append([]row.Vec(nil), b.Cols...)
	for _, c := range l.taken {
		cols = append(cols, l.partners.Cols[c])
	}
	return out(b.WithCols(l.step.Schema, cols))
}

// find is the place of what the table had for a key at a time.
func (l *lookup) find(key string, at int64) int32 {
	v := l.keys[key]
	if v == nil {
		return nothing
	}
	for i := len(v.at) - 1; i >= 0; i-- {
		if v.at[i] <= at {
			return v.row[i]
		}
	}
	l.task.Counts.Early[l.step.ID]++
	return nothing
}

// partner appends the columns that a row gets.
func (l *lookup) partner(at int32) error {
	for _, c := range l.taken {
		v := &l.partners.Cols[c]
		if at == nothing {
			if err := v.Append(nil); err != nil {
				return err
			}
		} else if err := v.Share(&l.rows.Cols[c], int(at)); err != nil {
			return err
		}
	}
	return nil
}

// learn takes records of the table.
func (l *lookup) learn(b *row.Batch) error {
	if l.on.cols != nil {
		l.on.keys(b, &l.texts)
	}
	for i := range b.Len() {
		rec := b.Record(i)
		switch {
		case b.Key.IsNull(i):
			l.task.Counts.NullKey[l.step.ID]++
		case deletes(rec):
			l.put(b.Key.Strs[i], b.Time[i], nothing)
		case l.on.cols != nil && (l.texts.IsNull(i) || l.texts.Strs[i] != b.Key.Strs[i]):
			err := fmt.Errorf("its key is %q but the text of %s is %q: key does not match, so rows would look for it in vain", b.Key.Strs[i], strings.Join(l.on.cols, ", "), l.texts.Strs[i])
			if err := l.task.bad(KeyOf, l.step, rec, err); err != nil {
				return err
			}
		default:
			at, err := l.place(b, i)
			if err != nil {
				return err
			}
			l.put(b.Key.Strs[i], b.Time[i], at)
		}
	}
	return nil
}

// deletes says whether a record of a table takes away what its key had.
func deletes(r *row.Record) bool { return r != nil && r.Value == nil }

// place copies row i of a batch and gives its place.
func (l *lookup) place(b *row.Batch, i int) (int32, error) {
	if n := len(l.free); n > batchRows && n > len(l.rows.Time)/2 {
		l.tidy()
	}
	for c := range l.rows.Cols {
		if err := l.rows.Cols[c].AppendFrom(&b.Cols[c], i); err != nil {
			return nothing, fmt.Errorf("column %s %w", l.rows.Schema.At(c).Name, err)
		}
	}
	l.rows.Time = append(l.rows.Time, b.Time[i])
	return int32(len(l.rows.Time) - 1), nil
}

// tidy throws away the rows that no version needs.
func (l *lookup) tidy() {
	var left []int32
	for _, v := range l.keys {
		for k, at := range v.row {
			if at != nothing {
				left = append(left, at)
				v.row[k] = int32(len(left) - 1)
			}
		}
	}
	for c := range l.rows.Cols {
		l.rows.Cols[c] = l.rows.Cols[c].Gather(left)
	}
	times := make([]int64, len(left))
	for to, from := range left {
		times[to] = l.rows.Time[from]
	}
	l.rows.Time, l.free = times, l.free[:0]
}

// put makes a row what the table has for a key from a time on.
func (l *lookup) put(key string, at int64, row int32) {
	v := l.keys[key]
	if v == nil {
		v = &versions{key: strings.Clone(key)}
		l.keys[v.key] = v
	}
	if n := len(v.at) - 1; n >= 0 && v.at[n] >= at {
		l.drop(v.row[n])
		v.row[n] = row
	} else {
		v.at, v.row = append(v.at, at), append(v.row, row)
	}
	if len(v.at) > 1 || row == nothing {
		l.ends.push(v.at[len(v.at)-1], v.key)
	}
	l.touch(v)
}

func (l *lookup) drop(row int32) {
	if row != nothing {
		l.free = append(l.free, row)
	}
}

func (l *lookup) touch(v *versions) {
	if !v.dirty {
		v.dirty = true
		l.changed = append(l.changed, v)
	}
}

// advance forgets versions that no row can ask for any more.
func (l *lookup) advance(wm int64, _ emit) (int64, error) {
	for len(l.ends) > 0 && l.mark != noTime && l.ends[0].at <= l.mark-l.grace {
		v := l.keys[l.ends.pop()]
		if v == nil {
			continue
		}
		for len(v.at) > 1 && v.at[1] <= l.mark-l.grace {
			l.drop(v.row[0])
			v.at, v.row = v.at[1:], v.row[1:]
			l.touch(v)
		}
		if len(v.at) == 1 && v.row[0] == nothing {
			delete(l.keys, v.key)
			l.touch(v)
		}
	}
	return wm, nil
}

func (l *lookup) save() error {
	for _, v := range l.changed {
		v.dirty = false
		err := l.store.Delete([]byte(v.key))
		if l.keys[v.key] == v {
			err = l.store.Put([]byte(v.key), l.encode(v))
		}
		if err != nil {
			return err
		}
	}
	l.changed = l.changed[:0]
	return nil
}

// encode is the versions of a key: from when on each counts, and its row, which is empty for a deletion.
func (l *lookup) encode(v *versions) (out []byte) {
	for i, at := range v.at {
		out = binary.AppendVarint(out, at)
		if v.row[i] == nothing {
			out = append(out, 0)
			continue
		}
		out = appendBytes(append(out, 1), row.AppendRow(nil, &l.rows, int(v.row[i])))
	}
	return out
}

func (l *lookup) load() error {
	return l.store.Scan(nil, func(key, value []byte) error {
		for r := (varints{b: value}); len(r.b) > 0; {
			at, place := r.varint(), int32(nothing)
			if r.byte() == 1 {
				if err := row.DecodeRow(r.bytes(), l.rows.Schema, &l.rows); err != nil {
					return fmt.Errorf("table row of key %q: %w", key, err)
				}
				l.rows.Time = append(l.rows.Time, at)
				place = int32(len(l.rows.Time) - 1)
			}
			if r.bad {
				return fmt.Errorf("table rows of key %q do not decode: was the state written by another program?", key)
			}
			l.put(string(key), at, place)
		}
		if v := l.keys[string(key)]; v != nil {
			v.dirty = false
		}
		l.changed = l.changed[:0]
		return nil
	})
}
