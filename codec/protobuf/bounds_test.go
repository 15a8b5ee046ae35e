package protobuf

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// decoded reads one record of a message Car whose columns are all wanted.
func decoded(t *testing.T, body string, value []byte) error {
	t.Helper()
	c := parsed(t, `protobuf-plain:Car(syntax = "proto3"; `+body+`)`)
	schema, _, err := c.(codec.Described).Columns(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b row.Batch
	for _, bad := range c.Decoder(schema, codec.Options{}).Decode([]row.Record{{Value: value}}, &b) {
		return bad.Err
	}
	return nil
}

// wide is a message of many fields, each of which has a value when it is not there.
func wide(fields int) string {
	var s strings.Builder
	s.WriteString("message Wide { ")
	for i := range fields {
		fmt.Fprintf(&s, "int64 f%d = %d; ", i, i+1)
	}
	return s.String() + "}"
}

// A message of two bytes may have a thousand fields, so that a record of 1 MiB would take gigabytes.
func TestItemsOfARecordAreBounded(t *testing.T) {
	empty := bytes.Repeat([]byte{0x0a, 0}, 500_000)
	var entries []byte
	for i := range 60_000 {
		entry := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(i))
		entries = protowire.AppendBytes(protowire.AppendTag(entries, 1, protowire.BytesType), entry)
	}
	for name, test := range map[string]struct {
		body  string
		value []byte
		want  error
	}{
		"a list of messages": {wide(1000) + " message Car { repeated Wide w = 1; }", empty, codec.ErrItems},
		"a map of messages":  {wide(1000) + " message Car { map<int32, Wide> w = 1; }", entries, codec.ErrItems},
		"lists within":       {wide(1000) + " message Mid { Wide w = 1; } message Car { repeated Mid m = 1; }", bytes.Repeat([]byte{0x0a, 2, 0x0a, 0}, 250_000), codec.ErrItems},
		"few of them":        {wide(1000) + " message Car { repeated Wide w = 1; }", empty[:2_000], nil},
		"many numbers":       {"message Car { repeated int32 w = 1; }", protowire.AppendBytes([]byte{0x0a}, make([]byte, 1_000_000)), nil},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := decoded(t, test.body, test.value)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, test.want) || test.want != nil && !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 400 {
			t.Errorf("%s: a record of %d bytes took %d MiB", name, len(test.value), used)
		}
	}
}

func TestDepthOfARecordIsBounded(t *testing.T) {
	nested := func(n int) []byte {
		var out []byte
		for range n {
			out = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), out)
		}
		return out
	}
	for name, body := range map[string]string{
		"a message in itself": "message Car { Car c = 1; }",
		"a list of itself":    "message Car { repeated Car c = 1; }",
		"a group of columns":  "message A { Car c = 1; } message Car { A c = 1; }",
	} {
		if err := decoded(t, body, nested(40)); err != nil {
			t.Errorf("%s, 40 deep: %v", name, err)
		}
		if err := decoded(t, body, nested(1000)); !errors.Is(err, jsontext.ErrDepth) || !errors.Is(err, ErrMalformed) {
			t.Errorf("%s, 1,000 deep: %v, want %v", name, err, jsontext.ErrDepth)
		}
	}
}
