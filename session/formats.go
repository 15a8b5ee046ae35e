package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/cluster/registry"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/avro"
	"github.com/riffle-stream/riffle/codec/protobuf"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/sampler/file"
)

// known are the formats of notebooks beside JSON, CSV and raw bytes.
func known() []codec.Format { return []codec.Format{avro.Format(), protobuf.Format()} }

// formats are those of a sample: its schemas lie beside its rows.
func formats(sample *file.Sample) codec.Formats {
	return codec.Formats{Known: known(), Schemas: sample.Stored()}
}

// described is the sample with the schemas that the rows of a source's topic
// name. Those that are not there yet come from the registry, and stay: from then
// on none is needed to look at these rows.
func (s *samples) described(ctx context.Context, src *plan.Source, sample *file.Sample) (*file.Sample, error) {
	have, more, err := s.schemas(ctx, src, sample)
	if err != nil || !more {
		return sample, err
	}
	return s.keep(ctx, src.Topic, have, sample)
}

// schemas are those that the rows of a source's topic name; more says whether the sample lacks some of them.
func (s *samples) schemas(ctx context.Context, src *plan.Source, sample *file.Sample) (have []codec.Schema, more bool, err error) {
	c, err := formats(sample).Parse(src.Format)
	if err != nil {
		return nil, false, err
	}
	d, ok := c.(codec.Described)
	if !ok || !d.Registered(false) {
		return nil, false, nil
	}
	at := slices.IndexFunc(sample.Topics, func(t file.Topic) bool { return t.Name == src.Topic })
	have = slices.Clone(sample.Topics[at].Schemas)
	var missing []int
	for _, id := range d.Written(ofTopic(sample.Records, src.Topic)) {
		if !slices.ContainsFunc(have, func(s codec.Schema) bool { return s.ID == id }) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return have, false, nil
	}
	got, err := s.ask(ctx, src.Topic, missing)
	if err != nil || len(got) == 0 {
		return have, false, err
	}
	have = append(have, got...)
	slices.SortFunc(have, func(a, b codec.Schema) int { return a.ID - b.ID })
	return have, true, nil
}

// ask gets schemas from the registry; those that it does not have are left out.
func (s *samples) ask(ctx context.Context, topic string, ids []int) ([]codec.Schema, error) {
	s.mu.Lock()
	c := s.brokers.Registry
	s.mu.Unlock()
	if c.Empty() {
		return nil, fmt.Errorf("topic %s: its rows name schemas of a schema registry (%s), and no registry is given: say where it is, Connect(\"HOST:9092\", \"http://HOST:8081\"), or set %s",
			topic, strings.Trim(fmt.Sprint(ids), "[]"), cluster.EnvRegistry)
	}
	r, err := registry.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	var out []codec.Schema
	for _, id := range ids {
		got, err := r.Schema(id)
		if errors.Is(err, codec.ErrNoSchema) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("topic %s: %w", topic, err)
		}
		out = append(out, *got)
	}
	return out, nil
}

// keep puts schemas beside the pinned rows of a topic.
func (s *samples) keep(ctx context.Context, topic string, schemas []codec.Schema, sample *file.Sample) (*file.Sample, error) {
	from, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := from.Describe(topic, schemas); err != nil {
		return nil, err
	}
	if sample, err = sample.WithSchemas(topic, schemas); err != nil {
		return nil, err
	}
	s.hold(sample, sample.Names())
	return sample, nil
}
