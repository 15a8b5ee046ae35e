package exec

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// held is a row that waits: a copy that stands on its own.
type held struct {
	at    place
	time  int64 // event time, µs
	key   string
	row   []byte // encoded, with what is kept of its record in front
	saved bool   // in the store
}

// hold copies row i of a batch, with what is kept of its record.
func hold(b *row.Batch, i int, keep plan.Keep) *held {
	h := &held{at: placeOf(b, i), time: b.Time[i], key: strings.Clone(b.Key.Strs[i])}
	h.row = row.AppendRow(appendRecord(make([]byte, 0, 16+9*len(b.Cols)), b.Record(i), keep), b, i)
	return h
}

// decode appends what r has of the row to a batch of its schema, and what is kept of its record.
func (h *held) decode(r varints, b *row.Batch, keep plan.Keep) error {
	readOrigin(&r, keep, b)
	if r.bad {
		return fmt.Errorf("held row of key %q does not decode: was the state written by another program?", h.key)
	}
	if err := row.DecodeRow(r.b, b.Schema, b); err != nil {
		return fmt.Errorf("held row of key %q: %w", h.key, err)
	}
	return nil
}

// give appends the row to a batch of its schema.
func (h *held) give(b *row.Batch, keep plan.Keep) error {
	if err := h.decode(varints{b: h.row}, b, keep); err != nil {
		return err
	}
	b.Time = append(b.Time, h.time)
	b.Key.Strs = append(b.Key.Strs, h.key) // a row that waits has a key
	return nil
}

// byPlace orders rows as if they had come through one writer.
func byPlace(a, b *held) int { return a.at.compare(b.at) }

func (h *held) encode() []byte {
	out := binary.AppendVarint(nil, h.time)
	out = appendBytes(out, []byte(h.key))
	return append(out, h.row...)
}

// key names a row that waits in a store, in order of place.
func (p place) key(prefix byte) []byte {
	out := binary.BigEndian.AppendUint64([]byte{prefix}, uint64(p.mark)^1<<63)
	out = binary.BigEndian.AppendUint32(out, uint32(p.source))
	return binary.BigEndian.AppendUint64(out, uint64(p.seq)^1<<63)
}

func decodeHeld(key, value []byte) (*held, error) {
	if len(key) != 21 {
		return nil, fmt.Errorf("key of a held row has %d bytes, want 21", len(key))
	}
	h := &held{saved: true, at: place{
		mark:   int64(binary.BigEndian.Uint64(key[1:]) ^ 1<<63),
		source: int(binary.BigEndian.Uint32(key[9:])),
		seq:    int64(binary.BigEndian.Uint64(key[13:]) ^ 1<<63),
	}}
	r := varints{b: value}
	h.time = r.varint()
	h.key = string(r.bytes())
	h.row = append([]byte(nil), r.b...)
	if r.bad {
		return nil, fmt.Errorf("held row %x does not decode: was the state written by another program?", key)
	}
	return h, nil
}

// save puts the row into the store once.
func (h *held) save(s state.Store, prefix byte) error {
	if h.saved {
		return nil
	}
	h.saved = true
	return s.Put(h.at.key(prefix), h.encode())
}

// forget takes the row out of the store, if it is there.
func (h *held) forget(s state.Store, prefix byte) error {
	if !h.saved {
		return nil
	}
	return s.Delete(h.at.key(prefix))
}
