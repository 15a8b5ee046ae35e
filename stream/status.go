package stream

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/riffle-stream/riffle/dataframe/exec"
)

// statusEvery is how often a program says how it goes.
const statusEvery = 10 * time.Second

// status turns events into a log.
type status struct {
	log       *slog.Logger
	rows      atomic.Int64
	sent      atomic.Int64
	commits   atomic.Int64
	aborts    atomic.Int64
	late      atomic.Int64
	bad       atomic.Int64
	rests     atomic.Int64
	closed    atomic.Int64 // for silence
	watermark atomic.Int64 // µs
}

func newStatus(log *slog.Logger) *status { return &status{log: log} }

func (s *status) events() Events {
	return Events{
		Ready: func(r Ready) {
			s.log.Info("ready", "group", r.Group, "instance", r.Instance, "cluster", r.Cluster, "tasks", r.Tasks)
		},
		Assigned: func(r Restored) {
			s.log.Info("task begins", "subtopology", r.Task.Sub, "partition", r.Task.Partition, "restored", r.Records, "took", r.Took.Round(time.Millisecond))
		},
		Revoked: func(id TaskID) {
			s.log.Info("task goes to another process", "subtopology", id.Sub, "partition", id.Partition)
		},
		Committed: s.committed,
		Aborted: func(a Aborted) {
			s.aborts.Add(1)
			s.log.Info("transaction aborted, its rows are read again", "rows", a.Rows, "because", a.Err)
		},
		Rests: func(r Rests) {
			s.rests.Add(1)
			s.log.Info("input is silent, the others of its task go on without it", "topic", r.Topic, "partition", r.Task.Partition, "subtopology", r.Task.Sub)
		},
		Idle: func(id TaskID) {
			s.closed.Add(1)
			s.log.Info("closed by idleness", "subtopology", id.Sub, "partition", id.Partition)
		},
		Bad:     s.badRow,
		Retry:   func(r Retry) { s.log.Warn("starts again", "attempt", r.Attempt, "after", r.After, "because", r.Err) },
		Paused:  func(err error) { s.log.Warn("paused", "because", err) },
		Damaged: func(err error) { s.log.Warn("state is damaged and built again", "because", err) },
	}
}

func (s *status) committed(c Committed) {
	s.rows.Add(int64(c.Rows))
	s.sent.Add(int64(c.Sent))
	s.late.Add(c.Late)
	s.commits.Add(1)
	for _, wm := range c.Watermark {
		s.watermark.Store(max(s.watermark.Load(), wm))
	}
}

// badRow logs the first bad rows one by one, and then each thousandth.
func (s *status) badRow(b *exec.BadRow) {
	if n := s.bad.Add(1); n <= 10 || n%1000 == 0 {
		s.log.Warn("bad row", "number", n, "row", title(b.Error()))
	}
}

// watch says every ten seconds how it goes, if it goes; call what it gives to end it.
func (s *status) watch(ctx context.Context) func() {
	ctx, stop := context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(statusEvery)
		defer tick.Stop()
		for last := int64(-1); ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if rows := s.rows.Load(); rows != last {
				s.line(rows - max(last, 0))
				last = rows
			}
		}
	}()
	return stop
}

func (s *status) line(more int64) {
	s.log.Info("running", "rows", s.rows.Load(), "rows/s", more/int64(statusEvery/time.Second), "sent", s.sent.Load(), "commits", s.commits.Load(),
		"aborts", s.aborts.Load(), "late", s.late.Load(), "bad", s.bad.Load(), "rests", s.rests.Load(), "closed_by_idleness", s.closed.Load(), "event_time", time.UnixMicro(s.watermark.Load()).UTC().Format(time.RFC3339))
}
