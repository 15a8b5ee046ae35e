package session

import (
	"context"
	"fmt"
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

// wrote says what looks at a topic see of rows that a cell has just written there. A table is read anew, as it is looked up
// whole; other samples stay pinned.
func (s *samples) wrote(ctx context.Context, topic string) (string, error) {
	s.mu.Lock()
	table, pinned := s.tables[topic], s.pinned[topic] != nil
	s.mu.Unlock()
	if table {
		_, _, err := s.again(ctx, cells.Table(topic))
		return "; the table is read anew", err
	}
	pins, err := sampler.Pins{Dir: s.dir}.List()
	for _, p := range pins {
		pinned = pinned || slices.ContainsFunc(p.Topics, func(t file.Topic) bool { return t.Name == topic })
	}
	if !pinned {
		return "", err
	}
	return fmt.Sprintf("; its pinned sample is older: Resample(Topic(%q)) takes it anew", topic), err
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
