package stream

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// group plays the coordinator: members come and go, and rebalance until nothing changes.
type group struct {
	t          *testing.T
	balancer   *balancer
	topics     map[string]int32
	generation int32
	members    map[string]map[string][]int32 // what each has
	moved      int
}

func newGroup(t *testing.T, partitions int) *group {
	t.Helper()
	p, err := ledger.Pipeline(partitions)
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLayout(exec.Cut(p), "g", map[string]int{ledger.Cars: partitions, ledger.GPS: partitions, ledger.Drivers: partitions})
	if err != nil {
		t.Fatal(err)
	}
	g := &group{t: t, balancer: &balancer{layout: l}, topics: map[string]int32{}, members: map[string]map[string][]int32{}}
	for _, topic := range l.inputs() {
		g.topics[topic] = int32(partitions)
	}
	return g
}

// balance is one rebalance. It says whether anybody has to give something up,
// and so joins again.
func (g *group) balance() bool {
	g.generation++
	var joined []kmsg.JoinGroupResponseMember
	for id, has := range g.members {
		m := kmsg.NewJoinGroupResponseMember()
		m.MemberID = id
		m.ProtocolMetadata = g.balancer.JoinGroupMetadata(g.balancer.layout.inputs(), has, g.generation)
		joined = append(joined, m)
	}
	slices.SortFunc(joined, func(a, b kmsg.JoinGroupResponseMember) int {
		return len(a.MemberID) - len(b.MemberID) + slices.Compare([]byte(a.MemberID), []byte(b.MemberID))
	})
	mb, _, err := g.balancer.MemberBalancer(joined)
	if err != nil {
		g.t.Fatal(err)
	}
	into, err := mb.(kgo.GroupMemberBalancerOrError).BalanceOrError(g.topics)
	if err != nil {
		g.t.Fatal(err)
	}
	again := false
	for _, a := range into.IntoSyncAssignment() {
		now, err := g.balancer.ParseSyncAssignment(a.MemberAssignment)
		if err != nil {
			g.t.Fatal(err)
		}
		for topic, had := range g.members[a.MemberID] {
			for _, p := range had {
				if !slices.Contains(now[topic], p) {
					again = true
					g.moved++
				}
			}
		}
		g.members[a.MemberID] = now
	}
	g.whole()
	return again
}

// whole fails if two members have parts of one task, or one has a part without the rest.
func (g *group) whole() {
	owners := map[tp]string{}
	for id, has := range g.members {
		for topic, partitions := range has {
			for _, p := range partitions {
				at := tp{topic, p}
				if other := owners[at]; other != "" {
					g.t.Fatalf("%s is given to %s and to %s", at, other, id)
				}
				owners[at] = id
			}
		}
	}
	for _, part := range g.balancer.layout.parts {
		for p := range int32(part.tasks) {
			for _, topic := range part.inputs {
				if owners[tp{topic, p}] != owners[tp{part.inputs[0], p}] {
					g.t.Fatalf("task %d/%d is split: %v", part.sub.ID, p, g.members)
				}
			}
		}
	}
}

// settle rebalances until nobody has to give anything up, and checks the end.
func (g *group) settle() {
	for rounds := 1; g.balance(); rounds++ {
		if rounds > 4 {
			g.t.Fatal("no end of rebalancing")
		}
	}
	least, most := 1<<30, 0
	for id := range g.members {
		n := 0
		for _, part := range g.balancer.layout.parts {
			n += len(g.members[id][part.inputs[0]])
		}
		least, most = min(least, n), max(most, n)
	}
	if most-least > 1 {
		g.t.Fatalf("members have between %d and %d tasks", least, most)
	}
}

func TestTasksAreNeverSplit(t *testing.T) {
	for _, partitions := range []int{1, 4, 7} {
		rnd := rand.New(rand.NewPCG(uint64(partitions), 3))
		g := newGroup(t, partitions)
		for i := range 100 {
			if len(g.members) < 2 || len(g.members) < 5 && rnd.IntN(2) == 0 {
				g.members[fmt.Sprint("m", i)] = map[string][]int32{}
			} else {
				ids := slices.Sorted(maps.Keys(g.members))
				delete(g.members, ids[rnd.IntN(len(ids))])
			}
			if rnd.IntN(3) == 0 {
				g.balance() // and the next one comes before it is through
				continue
			}
			g.settle()
		}
	}
}

func TestTasksStayWhereTheyAre(t *testing.T) {
	g := newGroup(t, 6)
	for i := range 3 {
		g.members[fmt.Sprint("m", i)] = map[string][]int32{}
		g.settle()
	}
	g.moved = 0
	g.settle()
	if g.moved > 0 {
		t.Errorf("%d partitions moved though nobody came or went", g.moved)
	}
	delete(g.members, "m1")
	g.settle()
	if g.moved > 0 {
		t.Errorf("%d partitions were taken from members when one left", g.moved)
	}
}

func TestUnequalTopicsAreRefused(t *testing.T) {
	g := newGroup(t, 2)
	g.topics[g.balancer.layout.parts[len(g.balancer.layout.parts)-1].inputs[0]] = 3
	for _, part := range g.balancer.layout.parts {
		if len(part.inputs) > 1 {
			g.topics[part.inputs[0]] = 3
		}
	}
	if _, err := g.balancer.tasks(g.topics); !errors.Is(err, ErrTopic) {
		t.Errorf("two topics that meet in one task have 3 and 2 partitions, and that gave %v", err)
	}
}

// TestTopicsThatAreNotKnownYetEndNobody has a process of the group make a topic that the broker which another asks has not heard of.
func TestTopicsThatAreNotKnownYetEndNobody(t *testing.T) {
	g := newGroup(t, 2)
	for _, topic := range g.balancer.layout.inputs() {
		g.topics[topic] = 0
		if _, err := g.balancer.tasks(g.topics); err == nil || permanent(err) {
			t.Errorf("%s is not known yet: %v, want an error after which the group tries again", topic, err)
		}
		g.topics[topic] = 2
	}
}

func TestOldOwnersGiveWay(t *testing.T) {
	p := tp{"a", 0}
	old := &member{id: "old", generation: 1, has: map[tp]bool{p: true}}
	now := &member{id: "new", generation: 2, has: map[tp]bool{p: true}}
	got := balance([]*member{old, now}, []*share{{of: []tp{p}}})
	if len(got["new"]) != 1 || len(got["old"]) != 0 {
		t.Errorf("the task went to %v, want to the owner of the latest generation", got)
	}
}
