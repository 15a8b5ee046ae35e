package state

import (
	"encoding/binary"
	"fmt"
	"strconv"
)

// The kinds of records in Badger. A key is the kind, the sub-topology with its
// length, the partition (4 bytes, big endian), and then what the kind says.
const (
	kindBlock   = 'b' // + number (8 bytes, big endian) -> block
	kindJournal = 'j' // + number                       -> block
	kindMeta    = 'm' //                                -> meta
	kindEntry   = 's' // + key                          -> value
)

// taskID names a partition: a sub-topology and a partition number.
type taskID struct {
	sub       string
	partition int32
}

// String is the name in STATE.json and in messages: "sub/partition".
func (id taskID) String() string { return id.sub + "/" + strconv.Itoa(int(id.partition)) }

func (id taskID) check() error {
	if len(id.sub) > 255 || id.partition < 0 {
		return fmt.Errorf("state: partition %.300q: a sub-topology has at most 255 bytes, a partition is not negative", id)
	}
	return nil
}

// prefix is the beginning of all keys of the kind.
func (id taskID) prefix(kind byte) []byte {
	b := append([]byte{kind, byte(len(id.sub))}, id.sub...)
	return binary.BigEndian.AppendUint32(b, uint32(id.partition))
}

func (id taskID) numbered(kind byte, n uint64) []byte {
	return binary.BigEndian.AppendUint64(id.prefix(kind), n)
}

// parseTask undoes prefix for a key of kindMeta.
func parseTask(key []byte) (taskID, error) {
	d := decoder{rest: key}
	d.byte()
	sub := d.take(uint64(d.byte()))
	if d.err != nil || len(d.rest) != 4 {
		return taskID{}, fmt.Errorf("%w: key %.40q", ErrCorrupt, key)
	}
	return taskID{string(sub), int32(binary.BigEndian.Uint32(d.rest))}, nil
}
