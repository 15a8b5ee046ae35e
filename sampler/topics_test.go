package sampler_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler"
)

func TestTopicsAndGroups(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic, group := b.Topic(t, "cars", 2), b.Name("readers")
		b.Produce(t, steady(topic, 2, 100, 10)...)
		adm := b.Admin(t)
		var committed kadm.Offsets
		committed.AddOffset(topic, 0, 20, -1)
		committed.AddOffset(topic, 1, 45, -1)
		if err := adm.CommitAllOffsets(t.Context(), group, committed); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { adm.DeleteGroup(t.Context(), group) })
		s := open(t, b, sampler.Options{})
		topics, err := s.Topics(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]sampler.Topic{}
		for _, topic := range topics {
			found[topic.Name] = topic
		}
		if diff := cmp.Diff(sampler.Topic{Name: topic, Partitions: 2, Rows: 100}, found[topic]); diff != "" {
			t.Errorf("topic (-want +got):\n%s", diff)
		}
		groups, err := s.Groups(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			if g.Name != group {
				continue
			}
			want := sampler.Group{Name: group, State: "Empty", Lag: map[string]int64{topic: 35}}
			if diff := cmp.Diff(want, g, cmpopts.EquateEmpty()); diff != "" || g.TotalLag() != 35 {
				t.Errorf("group (-want +got):\n%s", diff)
			}
			return
		}
		t.Errorf("group %s is not in %v", group, groups)
	})
}
