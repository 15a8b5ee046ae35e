package state

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrPosition: bytes are not an encoded Position.
var ErrPosition = errors.New("state: malformed position")

// Position says where a partition's state stands. It is the record under
// PositionKey in the changelog, and it is committed with the entries.
type Position struct {
	// Changelog is the next changelog offset to read. In a changelog record it
	// is 0: the offset of a record is not known when the record is written.
	Changelog int64
	// Inputs has the next offset to read of each input, by "topic/partition".
	Inputs map[string]int64
	// Task is the task's own: watermarks and the like. Opaque here.
	Task []byte
	// Code has the hash of the code of each stateful operator, by store id.
	Code map[string]string
	// Topics has the id of each topic that the state hangs on, by its name: the
	// inputs and the changelog. A topic that is made anew has another.
	Topics map[string]string
}

// The encoding: a version byte; Changelog as a signed varint; the number of
// inputs, and of each, in ascending order of names, its name and its offset as
// a signed varint; Task; the number of code hashes, and of each, in ascending
// order, its id and its hash; the topics, likewise. Numbers and the lengths before bytes are unsigned
// varints. Equal positions have equal bytes, and no other bytes decode to them.
const positionVersion = 2

// AppendBinary appends the encoded position to b. It never fails.
func (p Position) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, positionVersion)
	b = binary.AppendVarint(b, p.Changelog)
	b = binary.AppendUvarint(b, uint64(len(p.Inputs)))
	for _, name := range slices.Sorted(maps.Keys(p.Inputs)) {
		b = appendBytes(b, name)
		b = binary.AppendVarint(b, p.Inputs[name])
	}
	b = appendBytes(b, p.Task)
	return appendTexts(appendTexts(b, p.Code), p.Topics), nil
}

func appendTexts(b []byte, texts map[string]string) []byte {
	b = binary.AppendUvarint(b, uint64(len(texts)))
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		b = appendBytes(b, id)
		b = appendBytes(b, texts[id])
	}
	return b
}

// MarshalBinary is the encoded position. It never fails.
func (p Position) MarshalBinary() ([]byte, error) { return p.AppendBinary(nil) }

// UnmarshalBinary sets p to the position that b encodes, keeping nothing of b.
// Its errors wrap ErrPosition.
func (p *Position) UnmarshalBinary(b []byte) error {
	d := decoder{rest: b}
	if v := d.byte(); d.err == nil && v != positionVersion {
		return fmt.Errorf("%w: version %d, this program reads %d: written by another version of the engine?", ErrPosition, v, positionVersion)
	}
	var q Position
	q.Changelog = d.varint()
	for n := d.count(2); n > 0 && d.err == nil; n-- {
		put(&q.Inputs, string(d.bytes()), d.varint())
	}
	q.Task = append([]byte(nil), d.bytes()...)
	for _, texts := range []*map[string]string{&q.Code, &q.Topics} {
		for n := d.count(2); n > 0 && d.err == nil; n-- {
			put(texts, string(d.bytes()), string(d.bytes()))
		}
	}
	if d.err != nil {
		return fmt.Errorf("%w: %w", ErrPosition, d.err)
	}
	if again, _ := q.MarshalBinary(); string(again) != string(b) {
		return fmt.Errorf("%w: %d bytes are not in canonical form", ErrPosition, len(b))
	}
	*p = q
	return nil
}

func put[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}
