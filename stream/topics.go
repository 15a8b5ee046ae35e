package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// own is a topic that the program makes.
type own struct {
	name       string
	partitions int
	config     map[string]string
	strict     bool // one that is there must have these partitions
}

// own are the topics that the layout needs beside those that it reads.
func (l *layout) own() []own {
	var out []own
	for _, p := range l.parts {
		if p.changelog != "" {
			out = append(out, own{p.changelog, p.tasks, map[string]string{
				"cleanup.policy":      "compact",
				"delete.retention.ms": fmt.Sprint(tombstones.Milliseconds()),
			}, true})
		}
		for i, in := range p.sub.Inputs {
			if in.Repartition {
				out = append(out, own{p.inputs[i], p.tasks, map[string]string{"cleanup.policy": "delete", "retention.ms": "-1"}, true})
			}
		}
	}
	for _, topic := range l.topo.Sinks() {
		if l.topics[topic] == 0 {
			out = append(out, own{topic, l.width, nil, false})
		}
	}
	return out
}

// heard is how long a broker may take to hear of a topic: one that began a moment ago or has much to do says of topics that
// they are not there.
const heard = 5 * time.Second

// survey finds how many partitions the topics have that a topology reads. What is missing is asked for again, for a while.
func (p *process) survey(ctx context.Context, topo *exec.Topology) (map[string]int, error) {
	for limit := time.Now().Add(heard); ; {
		found, err := partitions(ctx, p.admin, topo)
		if !errors.Is(err, ErrTopic) || time.Now().After(limit) {
			return found, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// partitions are those of the topics that a topology reads, as one broker knows them.
func partitions(ctx context.Context, admin *kadm.Client, topo *exec.Topology) (map[string]int, error) {
	all, err := admin.ListTopics(ctx)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	out := map[string]int{}
	for _, src := range topo.Plan.Sources() {
		name := src.Op.(*plan.Source).Topic
		d, ok := all[name]
		if ok && d.Err != nil && !errors.Is(d.Err, kerr.UnknownTopicOrPartition) {
			return nil, fmt.Errorf("topic %s: %w", name, d.Err)
		}
		if !ok || d.Err != nil || len(d.Partitions) == 0 {
			return nil, missing(name, all.Names())
		}
		out[name] = len(d.Partitions)
	}
	return out, nil
}

// missing says which topic may have been meant.
func missing(name string, have []string) error {
	hint := near.Hint(name, have)
	have = have[:min(len(have), 20)]
	return fmt.Errorf("%w %q is not there (have %v%s); if it is called otherwise on this cluster, --topics says so, and one that this user may not DESCRIBE seems not to be there", ErrTopic, name, have, hint)
}

// make makes the topics that are not there, and checks those that are.
func (p *process) make(ctx context.Context) error {
	want := p.layout.own()
	have, err := p.admin.ListTopics(ctx)
	if err != nil {
		return fmt.Errorf("list topics: %w", err)
	}
	for _, w := range want {
		if have.Has(w.name) {
			continue
		}
		if err := p.makeOne(ctx, w); err != nil {
			return err
		}
	}
	return p.await(ctx, want)
}

func (p *process) makeOne(ctx context.Context, w own) error {
	config := map[string]*string{}
	for k, v := range w.config {
		config[k] = &v
	}
	_, err := p.admin.CreateTopic(ctx, int32(w.partitions), int16(p.cfg.Replication), config, w.name)
	if err == nil || errors.Is(err, kerr.TopicAlreadyExists) {
		return nil
	}
	if errors.Is(err, kerr.InvalidReplicationFactor) {
		return fmt.Errorf("%w %s cannot be made with replication %d: give --replication, at most the number of brokers: %w", ErrTopic, w.name, p.cfg.Replication, err)
	}
	return fmt.Errorf("make topic %s: %w", w.name, err)
}

// await waits until all brokers know the topics.
func (p *process) await(ctx context.Context, want []own) error {
	var names []string
	for _, w := range want {
		names = append(names, w.name)
	}
	if len(names) == 0 {
		return nil
	}
	for limit := time.Now().Add(settleTimeout); ; {
		have, err := p.admin.ListTopics(ctx, names...)
		if err != nil {
			return fmt.Errorf("list topics: %w", err)
		}
		lacking := slices.IndexFunc(want, func(w own) bool { return have[w.name].Err != nil || len(have[w.name].Partitions) == 0 })
		if lacking < 0 {
			return match(want, have)
		}
		if time.Now().After(limit) {
			return fmt.Errorf("%w %s was made and is still not there: %w", ErrTopic, want[lacking].name, have[want[lacking].name].Err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// identify finds the ids of the topics that the state of each part hangs on.
func (p *process) identify(ctx context.Context) error {
	have, err := p.admin.ListTopics(ctx)
	if err != nil {
		return fmt.Errorf("list topics: %w", err)
	}
	for _, part := range p.layout.parts {
		part.ids = map[string]string{}
		for _, name := range append(slices.Clone(part.inputs), part.changelog) {
			if d, ok := have[name]; ok && d.ID != (kadm.TopicID{}) {
				part.ids[name] = d.ID.String()
			}
		}
	}
	return nil
}

// same refuses state that was made of topics that are no longer there, though
// others of their names are.
func (p *part) same(saved map[string]string) error {
	for name, id := range saved {
		now, ok := p.ids[name]
		if !ok || now == id {
			continue
		}
		if name == p.changelog {
			return fmt.Errorf("%w: topic %s was deleted and made anew, and the state in it is gone: start with a new --group", ErrGone, name)
		}
		return fmt.Errorf("%w: topic %s was deleted and made anew since the state was saved, and its rows are others: start with a new --group to read it from its beginning", ErrGone, name)
	}
	return nil
}

func match(want []own, have kadm.TopicDetails) error {
	for _, w := range want {
		if n := len(have[w.name].Partitions); w.strict && n != w.partitions {
			return fmt.Errorf("%w %s has %d partitions, want %d: did the topics that the program reads get more? State does not move between partitions: start with a new --group", ErrTopic, w.name, n, w.partitions)
		}
	}
	return nil
}

// trimEvery is how often rows that were moved and read are deleted.
const trimEvery = 30 * time.Second

// trim deletes from the program's repartition topics what its tasks have read and committed.
func (s *session) trim() {
	if time.Since(s.trimmed) < trimEvery {
		return
	}
	s.trimmed = time.Now()
	upTo := kadm.Offsets{}
	for _, t := range s.tasks {
		for i, in := range t.part.sub.Inputs {
			if in.Repartition && t.starts[i].committed && t.starts[i].offset > 0 {
				upTo.AddOffset(t.of[i].topic, t.of[i].partition, t.starts[i].offset, -1)
			}
		}
	}
	if len(upTo) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	got, err := s.admin.DeleteRecords(ctx, upTo)
	if err == nil {
		err = got.Error()
	}
	if err != nil {
		s.cfg.Log.Warn("delete moved rows", "error", err)
	}
}
