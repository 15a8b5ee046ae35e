package main

import (
	"context"
	"fmt"
	"strings"
)

// unread says what the program has not read of its topics, and where that is not decided: there a transaction is open.
func (t *trial) unread(ctx context.Context) string {
	offsets, err := t.admin.FetchOffsets(ctx, t.group)
	if err != nil {
		return fmt.Sprintf("what the group has read cannot be said: %v", err)
	}
	topics := offsets.Partitions().Topics()
	decided, err := t.admin.ListCommittedOffsets(ctx, topics...)
	if err != nil {
		return fmt.Sprintf("the ends of %v cannot be said: %v", topics, err)
	}
	ends, err := t.admin.ListEndOffsets(ctx, topics...)
	if err != nil {
		return fmt.Sprintf("the ends of %v cannot be said: %v", topics, err)
	}
	var b strings.Builder
	b.WriteString("offsets that the group has, that are decided, and at the end:")
	for _, o := range offsets.Sorted() {
		d, _ := decided.Lookup(o.Topic, o.Partition)
		e, _ := ends.Lookup(o.Topic, o.Partition)
		fmt.Fprintf(&b, "\n%s/%d: %d, %d, %d", o.Topic, o.Partition, o.At, d.Offset, e.Offset)
	}
	return b.String()
}
