package exec

import (
	"fmt"
	"slices"
	"strconv"
	"time"
	"unsafe"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// setKey makes a record's key the key of row i, without copying: records do not change.
func setKey(v *row.Vec, i int, key []byte) {
	if key == nil {
		v.SetNull(i)
		return
	}
	v.Strs[i] = unsafe.String(unsafe.SliceData(key), len(key))
}

// keyText gives the key of rows from columns: the text of one column, or for
// several a JSON list of texts, so that different values have different keys.
type keyText struct {
	cols []string
	buf  []byte
}

// keys computes the key of each row; null if one of the columns is.
func (k *keyText) keys(b *row.Batch, out *row.Vec) {
	out.Kind = row.String
	out.Resize(b.Len())
	vecs := make([]*row.Vec, len(k.cols))
	for i, c := range k.cols {
		vecs[i] = b.Col(c)
	}
	if len(vecs) == 1 && vecs[0].Kind == row.String {
		copy(out.Strs, vecs[0].Strs)
		out.Valid = vecs[0].Valid
		return
	}
	for i := range b.Len() {
		k.one(vecs, i, out)
	}
}

func (k *keyText) one(vecs []*row.Vec, i int, out *row.Vec) {
	k.buf = k.buf[:0]
	for j, v := range vecs {
		if v.IsNull(i) {
			out.SetNull(i)
			return
		}
		if len(vecs) == 1 {
			k.buf = appendText(k.buf, v, i)
			break
		}
		k.buf = append(k.buf, "[,"[min(j, 1)])
		k.buf = strconv.AppendQuote(k.buf, string(appendText(nil, v, i)))
	}
	if len(vecs) > 1 {
		k.buf = append(k.buf, ']')
	}
	out.Strs[i] = string(k.buf)
}

// appendText is a value as the text of a key.
func appendText(dst []byte, v *row.Vec, i int) []byte {
	switch v.Kind {
	case row.String, row.Bytes:
		return append(dst, v.Strs[i]...)
	case row.Int:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case row.Float:
		return strconv.AppendFloat(dst, v.Floats[i], 'g', -1, 64)
	case row.Bool:
		return strconv.AppendBool(dst, v.Bools[i] != 0)
	case row.Time:
		return time.UnixMicro(v.Ints[i]).UTC().AppendFormat(dst, time.RFC3339Nano)
	}
	return fmt.Appendf(dst, "%v", v.Value(i))
}

// localKey sets the key of rows that already lie by it or by a part of it, and
// checks that they do. Rows without a key are left out and counted, as where rows move.
type localKey struct {
	stateless
	task *Task
	step *plan.Step
	text keyText // of the key
	lies keyText // of the columns by which the rows lie
	here bool    // they lie where their records do
	key  row.Vec
	by   row.Vec
	keep []int32
}

func newLocalKey(t *Task, s *plan.Step) *localKey {
	op := s.Op.(*plan.KeyBy)
	return &localKey{task: t, step: s, text: keyText{cols: op.Columns}, lies: keyText{cols: op.Lies}, here: !s.Moved()}
}

func (k *localKey) process(_ int, b *row.Batch, out emit) error {
	k.text.keys(b, &k.key)
	by := &k.key
	if !slices.Equal(k.text.cols, k.lies.cols) {
		by = &k.by
		k.lies.keys(b, by)
	}
	k.keep = k.keep[:0]
	for i := range b.Len() {
		if k.key.IsNull(i) {
			k.task.Counts.NullKey[k.step.ID]++
			continue
		}
		if err := k.check(b.Record(i), by, i); err != nil {
			if err := k.task.bad(KeyOf, k.step, b.Record(i), err); err != nil {
				return err
			}
			continue
		}
		k.keep = append(k.keep, int32(i))
	}
	keyed := *b
	keyed.Key = k.key
	if len(k.keep) == b.Len() {
		return out(&keyed)
	}
	return out(keyed.Gather(k.keep))
}

// check says what is wrong if a record does not lie where its row's columns say.
func (k *localKey) check(rec *row.Record, by *row.Vec, i int) error {
	if !k.here || !located(rec) || by.IsNull(i) || string(rec.Key) == by.Strs[i] {
		return nil
	}
	return fmt.Errorf("its key is %q but the text of %v is %q: key does not match, so rows of one key may lie in several partitions", rec.Key, k.lies.cols, by.Strs[i])
}

// KeyText is a value as the text of a key: what GroupBy on its column keys a row by.
func KeyText(v *row.Vec, i int) []byte { return appendText(nil, v, i) }

// KeyOfColumns is the key of row i by its values in columns, or nil if one of them is null.
func KeyOfColumns(cols []row.Vec, i int) []byte {
	out := row.MakeVec(row.String, i+1)
	vecs := make([]*row.Vec, len(cols))
	for c := range cols {
		vecs[c] = &cols[c]
	}
	(&keyText{}).one(vecs, i, &out)
	if out.IsNull(i) {
		return nil
	}
	return []byte(out.Strs[i])
}
