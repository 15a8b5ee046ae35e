package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// pollError sorts out what a poll brought beside rows: nil if it passes by itself.
func (s *session) pollError(ctx context.Context, fetches kgo.Fetches) error {
	var out error
	fetches.EachError(func(topic string, partition int32, err error) {
		if got := s.sort(ctx, topic, partition, err); out == nil {
			out = got
		}
	})
	return out
}

func (s *session) sort(ctx context.Context, topic string, partition int32, err error) error {
	var group *kgo.ErrGroupSession
	var loss *kgo.ErrDataLoss
	where := tp{topic, partition}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return nil
	case errors.As(err, &group):
		return s.groupError(ctx, group.Err)
	case errors.As(err, &loss), errors.Is(err, kerr.OffsetOutOfRange):
		if s.cfg.control.defaultReset {
			return nil
		}
		return s.gone(ctx, where, err)
	case errors.Is(err, kerr.UnknownTopicOrPartition), errors.Is(err, kerr.UnknownTopicID):
		s.layout = nil // and look whether it is there still
		return fmt.Errorf("topic %s was deleted, or made anew: %w", topic, err)
	}
	return fmt.Errorf("read %s: %w", where, err)
}

// groupError sorts out why the group does not take this process. Most passes:
// the client joins again.
func (s *session) groupError(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, kerr.FencedInstanceID):
		return s.fenced(ctx, err)
	case errors.Is(err, kerr.InconsistentGroupProtocol):
		return fmt.Errorf("%w: group %s has members that run another graph: give this program another --group, or stop them: %w", ErrLayout, s.cfg.Group, err)
	case errors.Is(err, ErrTopic):
		return err
	}
	if permanent(err) {
		return fmt.Errorf("group %s: %w", s.cfg.Group, err)
	}
	s.cfg.Log.Warn("group", "error", err)
	return nil
}

// fenced names who runs as this instance.
func (s *session) fenced(ctx context.Context, cause error) error {
	who := "another process"
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	groups, err := s.admin.DescribeGroups(ctx, s.cfg.Group)
	if err == nil {
		for _, m := range groups[s.cfg.Group].Members {
			if m.InstanceID != nil && *m.InstanceID == s.identity() {
				who = fmt.Sprintf("client %s on host %s", m.ClientID, m.ClientHost)
			}
		}
	}
	return fmt.Errorf("%w: %s runs as instance %q of group %s too; give each process its own --instance, and its own state folder: %w", ErrFenced, who, s.cfg.Instance, s.cfg.Group, cause)
}

// gone says which rows are missing.
func (s *session) gone(ctx context.Context, t tp, cause error) error {
	text := "the next row to read is no longer there"
	if offsets, err := s.admin.ListStartOffsets(ctx, t.topic); err == nil {
		first, _ := offsets.Lookup(t.topic, t.partition)
		next := s.assignment.start(t).offset
		if task := s.tasks[s.taskOf(t)]; task != nil {
			next = task.next[s.layout.reader[t.topic].input]
		}
		text = fmt.Sprintf("the next row to read is %d, the topic begins at %d", next, first.Offset)
	}
	return fmt.Errorf("%w: %s: %s: was its retention too short? To go on with what is there, start with a new --group: %w", ErrGone, t, text, cause)
}

func (s *session) taskOf(t tp) TaskID {
	id, _, _ := s.layout.task(t)
	return id
}
