package stream

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// balancer gives whole tasks to members: all partitions that a task reads go to
// one member, or to none. A member keeps the tasks that it has, up to its
// share, and the numbers of tasks differ by one at most. A task that moves is
// first taken from its owner, and given in the rebalance that follows.
type balancer struct {
	layout *layout
	// told is called with what the group gave to this member.
	told func(map[string][]int32)
}

// ProtocolName has the layout in it: members of another layout are refused by the broker.
func (b *balancer) ProtocolName() string { return "riffle-" + b.layout.hash() }

// IsCooperative is true: a rebalance stops only the tasks that move.
func (b *balancer) IsCooperative() bool { return true }

// JoinGroupMetadata says which topics the member reads and which partitions it has.
func (b *balancer) JoinGroupMetadata(topics []string, owned map[string][]int32, generation int32) []byte {
	meta := kmsg.NewConsumerMemberMetadata()
	meta.Version = 3
	meta.Topics = topics
	meta.Generation = generation
	for topic, partitions := range owned {
		part := kmsg.NewConsumerMemberMetadataOwnedPartition()
		part.Topic, part.Partitions = topic, partitions
		meta.OwnedPartitions = append(meta.OwnedPartitions, part)
	}
	slices.SortFunc(meta.OwnedPartitions, func(a, b kmsg.ConsumerMemberMetadataOwnedPartition) int {
		return cmp.Compare(a.Topic, b.Topic)
	})
	return meta.AppendTo(nil)
}

// ParseSyncAssignment reads what the group gives to this member.
func (b *balancer) ParseSyncAssignment(assignment []byte) (map[string][]int32, error) {
	got, err := kgo.ParseConsumerSyncAssignment(assignment)
	if err == nil && b.told != nil {
		b.told(got)
	}
	return got, err
}

// MemberBalancer reads what the members say of themselves.
func (b *balancer) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{}, error) {
	c, err := kgo.NewConsumerBalancer(b, members)
	return c, c.MemberTopics(), err
}

// Balance gives the tasks to the members.
func (b *balancer) Balance(c *kgo.ConsumerBalancer, topics map[string]int32) kgo.IntoSyncAssignment {
	var members []*member
	c.EachMember(func(m *kmsg.JoinGroupResponseMember, meta *kmsg.ConsumerMemberMetadata) {
		o := &member{id: m.MemberID, generation: meta.Generation, has: map[tp]bool{}}
		for _, owned := range meta.OwnedPartitions {
			for _, p := range owned.Partitions {
				o.has[tp{owned.Topic, p}] = true
			}
		}
		members = append(members, o)
	})
	tasks, err := b.tasks(topics)
	if err != nil {
		c.SetError(err)
		return nil
	}
	plan := c.NewPlan()
	out := plan.AsMemberIDMap()
	for id, given := range balance(members, tasks) {
		for _, t := range given {
			for _, of := range t.of {
				out[id][of.topic] = append(out[id][of.topic], of.partition)
			}
		}
	}
	return plan
}

// tasks are the tasks for topics with these numbers of partitions.
func (b *balancer) tasks(topics map[string]int32) ([]*share, error) {
	var out []*share
	for _, p := range b.layout.parts {
		n := topics[p.inputs[0]]
		for _, topic := range p.inputs {
			if topics[topic] == 0 {
				return nil, fmt.Errorf("topic %q was just made, and the broker that was asked does not know it yet", topic) // no end: the group tries again
			}
			if topics[topic] != n {
				return nil, fmt.Errorf("%w: topic %q has %d partitions and %q has %d, but rows of both meet in one task: give them the same number", ErrTopic, p.inputs[0], n, topic, topics[topic])
			}
		}
		for i := range n {
			id := TaskID{p.sub.ID, i}
			out = append(out, &share{id: id, of: b.layout.of(id)})
		}
	}
	return out, nil
}

// member is a process of the group.
type member struct {
	id         string
	generation int32 // of what it says that it has
	has        map[tp]bool
	given      []*share
}

// share is a task to be given.
type share struct {
	id    TaskID
	of    []tp
	owner *member // who has it, by the latest generation
	held  []*member
}

// balance says which member gets which tasks. Tasks that have to leave another
// member first are given to nobody.
func balance(members []*member, tasks []*share) map[string][]*share {
	for _, t := range tasks {
		t.find(members)
		if t.owner != nil {
			t.owner.given = append(t.owner.given, t)
		}
	}
	free := level(members, tasks)
	for _, t := range free {
		to := slices.MinFunc(members, func(a, b *member) int {
			return cmp.Or(cmp.Compare(len(a.given), len(b.given)), cmp.Compare(a.count(t.id.Sub), b.count(t.id.Sub)))
		})
		to.given = append(to.given, t)
	}
	out := map[string][]*share{}
	for _, m := range members {
		for _, t := range m.given {
			if t.freeFor(m) {
				out[m.id] = append(out[m.id], t)
			}
		}
	}
	return out
}

// find notes who has the task, or parts of it.
func (t *share) find(members []*member) {
	for _, m := range members {
		if !slices.ContainsFunc(t.of, func(p tp) bool { return m.has[p] }) {
			continue
		}
		t.held = append(t.held, m)
		if t.owner == nil || m.generation > t.owner.generation {
			t.owner = m
		}
	}
}

// freeFor says whether nobody but m has a part of the task.
func (t *share) freeFor(m *member) bool {
	for _, h := range t.held {
		if h != m && (t.owner == h || t.owner != m) {
			return false
		}
	}
	return true
}

// level takes from members what is above their share, and gives what is free.
func level(members []*member, tasks []*share) []*share {
	least, more := len(tasks)/len(members), len(tasks)%len(members)
	fullest := slices.Clone(members)
	slices.SortStableFunc(fullest, func(a, b *member) int { return cmp.Compare(len(b.given), len(a.given)) })
	var free []*share
	for _, t := range tasks {
		if t.owner == nil {
			free = append(free, t)
		}
	}
	for _, m := range fullest {
		quota := least
		if more > 0 && len(m.given) > least {
			quota++
			more--
		}
		for len(m.given) > quota {
			free = append(free, m.shed())
		}
	}
	return free
}

// shed takes a task from the subtopology of which the member has most.
func (m *member) shed() *share {
	at := 0
	for i, t := range m.given {
		if m.count(t.id.Sub) >= m.count(m.given[at].id.Sub) {
			at = i
		}
	}
	t := m.given[at]
	m.given = slices.Delete(m.given, at, at+1)
	return t
}

// count is how many tasks of a subtopology the member has.
func (m *member) count(sub int) int {
	n := 0
	for _, t := range m.given {
		if t.id.Sub == sub {
			n++
		}
	}
	return n
}
