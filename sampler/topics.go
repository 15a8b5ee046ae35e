package sampler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/riffle-stream/riffle/dataframe/near"
)

// ErrNoTopic says that a topic is not there, or cannot be.
var ErrNoTopic = errors.New("no such topic")

const maxName = 249 // Kafka's limit for the name of a topic

func legal(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
}

// checkName refuses what Kafka would, before it becomes the name of a file.
func checkName(topic string) error {
	bad := strings.ContainsFunc(topic, func(r rune) bool { return r > 127 || !legal(byte(r)) })
	if bad || topic == "" || topic == "." || topic == ".." || len(topic) > maxName {
		return fmt.Errorf("topic %q: %w: a name has 1 to %d letters, digits, dots, underscores and dashes", topic, ErrNoTopic, maxName)
	}
	return nil
}

// noTopic says which topics there are that may have been meant.
func (s *Sampler) noTopic(ctx context.Context, name string) error {
	details, err := s.existing(ctx)
	if err != nil {
		return fmt.Errorf("topic %s: %w: %w", name, ErrNoTopic, err)
	}
	names := details.Names()
	if len(names) == 0 {
		return fmt.Errorf("topic %s: %w: the cluster has none; check that it is the right one (%s)", name, ErrNoTopic, strings.Join(s.cluster.Brokers, ","))
	}
	if meant := near.Name(name, names); meant != "" {
		return fmt.Errorf("topic %s: %w; did you mean %s?", name, ErrNoTopic, meant)
	}
	have := names[:min(len(names), 8)]
	more := ""
	if n := len(names) - len(have); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Errorf("topic %s: %w (have %s%s)", name, ErrNoTopic, strings.Join(have, ", "), more)
}

// existing are the topics that are there: the client remembers those that somebody asked for, too.
func (s *Sampler) existing(ctx context.Context) (kadm.TopicDetails, error) {
	details, err := s.admin.ListTopics(ctx)
	if err != nil {
		return nil, s.cluster.Diagnose(err)
	}
	maps.DeleteFunc(details, func(_ string, d kadm.TopicDetail) bool { return d.Err != nil || len(d.Partitions) == 0 })
	return details, nil
}

// Topic is one that the cluster has.
type Topic struct {
	Name       string
	Partitions int
	// Rows that can be read, by offsets: markers of transactions and what compaction removed count, too.
	Rows int64
	// Internal is set for Kafka's own.
	Internal bool
}

// Topics are all of the cluster's but its own internal ones, by name.
func (s *Sampler) Topics(ctx context.Context) ([]Topic, error) {
	details, err := s.existing(ctx)
	if err != nil {
		return nil, err
	}
	if len(details) == 0 {
		return nil, nil
	}
	starts, err := s.admin.ListStartOffsets(ctx, details.Names()...)
	if err != nil {
		return nil, s.cluster.Diagnose(err)
	}
	ends, err := s.admin.ListCommittedOffsets(ctx, details.Names()...)
	if err != nil {
		return nil, s.cluster.Diagnose(err)
	}
	var all []Topic
	for _, d := range details.Sorted() {
		t := Topic{Name: d.Topic, Partitions: len(d.Partitions), Internal: d.IsInternal}
		for p, end := range ends[d.Topic] {
			if start := starts[d.Topic][p]; end.Err == nil && start.Err == nil {
				t.Rows += end.Offset - start.Offset
			}
		}
		all = append(all, t)
	}
	return all, nil
}

// Group is a consumer group.
type Group struct {
	Name    string
	State   string // Stable, Empty and so on, as Kafka has it
	Members int
	// Lag is how many offsets it has not committed yet, for each topic.
	Lag map[string]int64
}

// TotalLag is the lag over all topics.
func (g Group) TotalLag() (sum int64) {
	for _, lag := range g.Lag {
		sum += lag
	}
	return sum
}

// Groups are the consumer groups, by name. One whose lag is not known is in the error, and not in the list.
func (s *Sampler) Groups(ctx context.Context) ([]Group, error) {
	listed, err := s.admin.ListGroups(ctx)
	if err != nil {
		return nil, s.cluster.Diagnose(err)
	}
	if len(listed) == 0 {
		return nil, nil
	}
	lags, err := s.admin.Lag(ctx, listed.Groups()...)
	if err != nil {
		return nil, s.cluster.Diagnose(err)
	}
	var all []Group
	var unknown []error
	for _, l := range lags.Sorted() {
		if err := l.Error(); err != nil {
			unknown = append(unknown, fmt.Errorf("group %s: %w", l.Group, err))
			continue
		}
		g := Group{Name: l.Group, State: l.State, Members: len(l.Members), Lag: map[string]int64{}}
		for topic, lag := range l.Lag.TotalByTopic() {
			g.Lag[topic] = lag.Lag
		}
		all = append(all, g)
	}
	return all, errors.Join(unknown...)
}
