package exec

import (
	"fmt"
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

// localKey sets the key of rows that already lie by it, and checks that they do.
type localKey struct {
	stateless
	task *Task
	step *plan.Step
	text keyText
	key  row.Vec
	keep []int32
}

func (k *localKey) process(_ int, b *row.Batch, out emit) error {
	k.text.keys(b, &k.key)
	k.keep = k.keep[:0]
	for i := range b.Len() {
		rec := b.Record(i)
		if rec != nil && !k.key.IsNull(i) && string(rec.Key) != k.key.Strs[i] {
			err := fmt.Errorf("its key is %q but the text of %v is %q: key does not match, so rows of one key may lie in several partitions", rec.Key, k.text.cols, k.key.Strs[i])
			if err := k.task.bad(KeyOf, k.step, rec, err); err != nil {
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

// KeyText is a value as the text of a key: what GroupBy on its column keys a row by.
func KeyText(v *row.Vec, i int) []byte { return appendText(nil, v, i) }
