package avro

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/jsontext"
)

// ErrMalformed is wrapped by errors about bytes that are not what the schema says.
var ErrMalformed = errors.New("malformed Avro")

// input reads values off a record. After the first error all reads give zeros.
type input struct {
	b     []byte
	at    int
	items int // of lists and maps, that the record may still have
	err   error
}

func (in *input) fail(format string, args ...any) { in.refuse(fmt.Errorf(format, args...)) }

func (in *input) refuse(err error) {
	if in.err == nil {
		in.err = fmt.Errorf("%w at byte %d: %w", ErrMalformed, in.at, err)
	}
	in.at = len(in.b)
}

// long reads a zigzag varint.
func (in *input) long() int64 {
	if in.at < len(in.b) && in.b[in.at] < 0x80 {
		u := in.b[in.at]
		in.at++
		return int64(u>>1) ^ -int64(u&1)
	}
	u, n := binary.Uvarint(in.b[in.at:])
	if n <= 0 {
		in.fail("a number does not end")
		return 0
	}
	in.at += n
	return int64(u>>1) ^ -int64(u&1)
}

// int reads a long that has to fit in 32 bits.
func (in *input) int() int64 {
	x := in.long()
	if x < math.MinInt32 || x > math.MaxInt32 {
		in.fail("%d is beyond the 32 bits of an int", x)
		return 0
	}
	return x
}

// take gives the next n bytes, and no room to append to them.
func (in *input) take(n int) []byte {
	if n < 0 || n > len(in.b)-in.at {
		in.fail("%d bytes are wanted, %d are left", n, len(in.b)-in.at)
		return nil
	}
	out := in.b[in.at : in.at+n : in.at+n]
	in.at += n
	return out
}

// bytes reads what has its length in front.
func (in *input) bytes() []byte {
	n := in.long()
	if n < 0 || n > int64(len(in.b)) {
		in.fail("a length of %d", n)
		return nil
	}
	return in.take(int(n))
}

func (in *input) bool() bool {
	b := in.take(1)
	if b == nil || b[0] > 1 {
		in.fail("a boolean is neither 0 nor 1")
		return false
	}
	return b[0] == 1
}

func (in *input) float() float64 {
	if b := in.take(4); b != nil {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return 0
}

func (in *input) double() float64 {
	if b := in.take(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}

// index reads the place of a branch or symbol among n.
func (in *input) index(n int) int {
	i := in.long()
	if i < 0 || i >= int64(n) {
		in.fail("place %d among %d", i, n)
		return 0
	}
	return int(i)
}

// block reads how many items of a list or map follow; 0 is its end. Size is
// how many bytes they take, or -1.
func (in *input) block() (items, size int) {
	n, bytes := in.long(), int64(-1)
	if n < 0 {
		n, bytes = -n, in.long()
	}
	if n < 0 || n > int64(in.items) { // the least number has no opposite
		in.refuse(codec.ErrItems)
		return 0, -1
	}
	in.items -= int(n)
	return int(n), int(bytes)
}

// open counts a record's fields as items: those without bytes may be in many others, and these in more.
func (in *input) open(n *node) {
	if in.items -= 1 + len(n.fields); in.items < 0 {
		in.refuse(codec.ErrItems)
	}
}

// skip passes over a value.
func (in *input) skip(n *node, depth int) {
	if depth < 0 {
		in.refuse(jsontext.ErrDepth)
		return
	}
	switch n.kind {
	case "boolean":
		in.take(1)
	case "int", "long", "enum":
		in.long()
	case "float":
		in.take(4)
	case "double":
		in.take(8)
	case "bytes", "string":
		in.bytes()
	case "fixed":
		in.take(n.size)
	case "union":
		if b := n.branches[in.index(len(n.branches))]; in.err == nil {
			in.skip(b, depth-1)
		}
	case "record":
		in.open(n)
		for _, f := range n.fields {
			in.skip(f.node, depth-1)
			if in.err != nil {
				return
			}
		}
	case "array", "map":
		in.skipItems(n, depth)
	}
}

func (in *input) skipItems(n *node, depth int) {
	for items, size := in.block(); items > 0; items, size = in.block() {
		if size >= 0 {
			in.take(size)
			continue
		}
		for ; items > 0 && in.err == nil; items-- {
			if n.kind == "map" {
				in.bytes()
			}
			in.skip(n.items, depth-1)
		}
	}
}

// text is bytes as a string that shares their memory.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
