package session

import (
	"context"
	"slices"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// table is the verb Table: a frame that is watched, of a topic that is sampled whole.
func (s *Session) table(name string, options ...cells.TopicOption) cells.Frame {
	s.samples.isTable(name)
	return s.watched(cells.Table(name, options...))
}

// isTable notes that a topic is read as a table. A sample that was cut would lack
// what was written long ago and still counts.
func (s *samples) isTable(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.tables[topic] {
		s.tables[topic] = true
		delete(s.pinned, topic)
	}
}

// reading reads a sample of topics, or takes it from where it is pinned.
type reading func(context.Context, sampler.Spec, ...string) (sample *file.Sample, fresh bool, err error)

// whole reads the tables among the topics whole, each by itself, and the others as asked.
func (s *samples) whole(ctx context.Context, read reading, spec sampler.Spec, topics []string) (*file.Sample, bool, error) {
	s.mu.Lock()
	tables := slices.DeleteFunc(slices.Clone(topics), func(t string) bool { return !s.tables[t] })
	s.mu.Unlock()
	others := slices.DeleteFunc(slices.Clone(topics), func(t string) bool { return slices.Contains(tables, t) })
	if len(tables) == 0 {
		return read(ctx, spec, topics...)
	}
	var parts []*file.Sample
	fresh := false
	add := func(spec sampler.Spec, topics ...string) error {
		part, now, err := read(ctx, spec, topics...)
		parts, fresh = append(parts, part), fresh || now
		return err
	}
	if len(others) > 0 {
		if err := add(spec, others...); err != nil {
			return nil, false, err
		}
	}
	for _, t := range tables {
		if err := add(sampler.Whole(), t); err != nil {
			return nil, false, err
		}
	}
	all, err := file.Merge(parts...)
	if err == nil && len(others) > 0 {
		all.From, all.To = parts[0].From, parts[0].To // where streams were cut
	}
	return all, fresh, err
}
