package stream

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// pile is a batch of records at these offsets, of which this many are left.
func pile(first, last int64, left int32) []byte {
	b := kmsg.RecordBatch{FirstOffset: first, Length: 49, Magic: 2, LastOffsetDelta: int32(last - first), NumRecords: left}
	if left > 0 {
		b.Records, b.Length = make([]byte, 9), 49+9
	}
	return b.AppendTo(nil)
}

func TestFirstRecord(t *testing.T) {
	void, rows := pile(10, 19, 0), pile(20, 29, 3)
	both := append(append([]byte(nil), void...), rows...)
	for name, c := range map[string]struct {
		batches []byte
		next    int64
		want    int64
	}{
		"nothing is left":             {nil, 12, 40},
		"a batch without records":     {void, 12, 20},
		"records behind it":           {both, 12, 20},
		"records":                     {both, 22, 22},
		"of a batch that was read":    {rows, 30, 30},
		"cut off in the second batch": {both[:len(both)-4], 12, 20},
		"cut off in the first":        {void[:30], 12, 12},
	} {
		if got := firstRecord(c.batches, c.next, 40); got != c.want {
			t.Errorf("%s: from %d on the first is %d, want %d", name, c.next, got, c.want)
		}
	}
}
