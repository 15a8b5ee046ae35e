package stream

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// skip passes over what vanished from changelogs: their last records may have been compacted away, and then none comes
// that says so. The client does not tell how far it looked, and that it gave nothing for a while may be an election. So
// the leaders are asked what is left.
func (s *session) skip(ctx context.Context, cl *kgo.Client, logs map[tp]*log) error {
	var names []string
	for t, l := range logs {
		if l.next < l.end {
			names = append(names, t.topic)
		}
	}
	topics, err := s.admin.ListTopics(ctx, names...)
	if err != nil {
		return fmt.Errorf("changelogs: %w", err)
	}
	for t, l := range logs {
		if l.next < l.end {
			l.next = min(l.end, s.remaining(ctx, cl, topics[t.topic], t, l))
		}
	}
	return nil
}

// remaining is the first offset from l.next on that may hold a record, as the leader sees it; l.next if it does not answer.
func (s *session) remaining(ctx context.Context, cl *kgo.Client, topic kadm.TopicDetail, t tp, l *log) int64 {
	leader, ok := topic.Partitions[t.partition]
	if !ok || leader.Err != nil || leader.Leader < 0 {
		return l.next
	}
	req := kmsg.NewPtrFetchRequest()
	req.MaxBytes, req.IsolationLevel, req.SessionEpoch = portionLeft, 1, -1
	p := kmsg.NewFetchRequestTopicPartition()
	p.Partition, p.FetchOffset, p.PartitionMaxBytes = t.partition, l.next, portionLeft
	ask := kmsg.NewFetchRequestTopic()
	ask.Topic, ask.TopicID, ask.Partitions = t.topic, topic.ID, append(ask.Partitions, p)
	req.Topics = append(req.Topics, ask)
	answer, err := req.RequestWith(ctx, cl.Broker(int(leader.Leader)))
	if err != nil || answer.ErrorCode != 0 || len(answer.Topics) != 1 || len(answer.Topics[0].Partitions) != 1 {
		return l.next
	}
	got := answer.Topics[0].Partitions[0]
	if got.ErrorCode != 0 || got.LastStableOffset < l.end {
		return l.next
	}
	return firstRecord(got.RecordBatches, l.next, l.end)
}

// portionLeft is how much of a changelog is looked at, bytes; a broker gives a batch that is larger all the same.
const portionLeft = 64 << 10

// firstRecord is the first offset from next on that lies in a batch with records; end if there is no batch. What
// compaction leaves of a batch whose records are gone is its head, and where only some are gone a reader gets the rest.
func firstRecord(batches []byte, next, end int64) int64 {
	if len(batches) == 0 {
		return end
	}
	const head = 61
	for len(batches) >= head {
		first := int64(binary.BigEndian.Uint64(batches))
		length := int(binary.BigEndian.Uint32(batches[8:]))
		last := first + int64(binary.BigEndian.Uint32(batches[23:]))
		if records := binary.BigEndian.Uint32(batches[57:]); last >= next && records > 0 {
			return next
		}
		next = max(next, last+1)
		if length < 0 || len(batches) < 12+length {
			break
		}
		batches = batches[12+length:]
	}
	return next
}
