package stream

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/riffle-stream/riffle/dataframe/exec"
)

// statusEvery is how often a program says how it goes.
const statusEvery = 10 * time.Second

// status turns events into a log and into metrics.
type status struct {
	log *slog.Logger
	set *metrics.Set

	rows, sent, commits, aborts, late, keyless, over, bad, rests, closed, idled, restored, retries *metrics.Counter
	took                                                                                           *metrics.Histogram // of transactions, s

	mu        sync.Mutex
	state     string // what the program does: starting, running, paused, retrying
	why       string // if it does not run
	watermark int64  // the furthest, µs
	behind    map[TaskID]int64
	entries   map[TaskID]int // of their state
	memory    memory
}

func newStatus(log *slog.Logger) *status {
	s := &status{log: log, set: metrics.NewSet(), state: "starting", behind: map[TaskID]int64{}, entries: map[TaskID]int{}, memory: memory{room: available(), live: live}}
	for name, c := range map[string]**metrics.Counter{
		"rows_total": &s.rows, "sent_total": &s.sent, "commits_total": &s.commits, "aborts_total": &s.aborts, "late_rows_total": &s.late, "keyless_rows_total": &s.keyless, "overflows_total": &s.over, "bad_rows_total": &s.bad,
		"rests_total": &s.rests, "closed_by_idleness_total": &s.closed, "rows_by_idleness_total": &s.idled, "restored_records_total": &s.restored, "retries_total": &s.retries,
	} {
		*c = s.set.NewCounter("riffle_" + name)
	}
	s.took = s.set.NewHistogram("riffle_transaction_seconds")
	s.set.NewGauge("riffle_lag_rows", func() float64 { return float64(s.lag()) })
	return s
}

func (s *status) events() Events {
	return Events{
		Ready: func(r Ready) {
			s.is("running", nil)
			s.log.Info("ready", "group", r.Group, "instance", r.Instance, "cluster", r.Cluster, "tasks", r.Tasks)
		},
		Restoring: func(r Restoring) {
			s.is("restoring", fmt.Errorf("%d of %d records of the changelogs are read", r.Records, r.Of))
			s.log.Info("restoring", "records", r.Records, "of", r.Of, "records/s", int64(r.Rate()), "left", r.Left().Round(time.Second))
		},
		Assigned: func(r Restored) {
			s.is("running", nil)
			s.restored.Add(r.Records)
			s.log.Info("task begins", "subtopology", r.Task.Sub, "partition", r.Task.Partition, "restored", r.Records, "took", r.Took.Round(time.Millisecond))
		},
		Revoked:   s.revoked,
		Committed: s.committed,
		Aborted: func(a Aborted) {
			s.aborts.Inc()
			s.log.Info("transaction aborted, its rows are read again", "rows", a.Rows, "because", a.Err)
		},
		Rests: func(r Rests) {
			s.rests.Inc()
			s.log.Info("input is silent, the others of its task go on without it", "topic", r.Topic, "partition", r.Task.Partition, "subtopology", r.Task.Sub)
		},
		Idle: func(q Silence) {
			s.closed.Inc()
			s.idled.Add(int(q.Rows))
			s.log.Info("closed by idleness", "subtopology", q.Task.Sub, "partition", q.Task.Partition, "rows", q.Rows)
		},
		Bad: s.badRow,
		Retry: func(r Retry) {
			s.retries.Inc()
			s.is("retrying", r.Err)
			s.log.Warn("starts again", "attempt", r.Attempt, "after", r.After, "because", r.Err)
		},
		Paused: func(err error) {
			if s.is("paused", err); err == nil {
				s.is("running", nil)
			}
			s.log.Warn("paused", "because", err)
		},
		Damaged: func(err error) { s.log.Warn("state is damaged and built again", "because", err) },
	}
}

// is notes what the program does now, and why if that is not to run.
func (s *status) is(state string, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state, s.why = state, ""
	if why != nil {
		s.why = why.Error()
	}
}

func (s *status) committed(c Committed) {
	s.rows.Add(c.Rows)
	s.sent.Add(c.Sent)
	s.late.Add(int(c.Late))
	s.keyless.Add(int(c.Keyless))
	s.over.Add(int(c.Over))
	s.commits.Inc()
	s.took.Update(c.Took.Seconds())
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, wm := range c.Watermark {
		s.watermark = max(s.watermark, wm)
		s.set.GetOrCreateGauge(id.metric("watermark_seconds"), nil).Set(float64(wm) / 1e6)
	}
	for id, n := range c.Entries {
		s.entries[id] = n
		s.set.GetOrCreateGauge(id.metric("state_entries"), nil).Set(float64(n))
	}
	for id, n := range c.Behind {
		s.behind[id] = n
	}
}

// revoked forgets what is said of a task.
func (s *status) revoked(id TaskID) {
	s.log.Info("task goes to another process", "subtopology", id.Sub, "partition", id.Partition)
	s.set.UnregisterMetric(id.metric("watermark_seconds"))
	s.set.UnregisterMetric(id.metric("state_entries"))
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.behind, id)
	delete(s.entries, id)
}

// metric is the name of a task's metric.
func (id TaskID) metric(name string) string {
	return fmt.Sprintf(`riffle_%s{subtopology="%d",partition="%d"}`, name, id.Sub, id.Partition)
}

// lag is how many rows of the topics are not read yet, as was known when rows last came.
func (s *status) lag() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := int64(0)
	for _, n := range s.behind {
		sum += n
	}
	return sum
}

// badRow logs the first bad rows one by one, and then each thousandth.
func (s *status) badRow(b *exec.BadRow) {
	s.bad.Inc()
	if n := s.bad.Get(); n <= 10 || n%1000 == 0 {
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
			if rows := int64(s.rows.Get()); rows != last {
				s.line(rows - max(last, 0))
				last = rows
			}
			s.short()
		}
	}()
	return stop
}

func (s *status) line(more int64) {
	lag := s.lag()
	s.mu.Lock()
	at, entries := "none", 0
	for _, n := range s.entries {
		entries += n
	}
	if s.watermark > 0 {
		at = time.UnixMicro(s.watermark).UTC().Format(time.RFC3339)
	}
	s.mu.Unlock()
	s.log.Info("running", "rows", s.rows.Get(), "rows/s", more/int64(statusEvery/time.Second), "behind", lag, "sent", s.sent.Get(), "commits", s.commits.Get(),
		"aborts", s.aborts.Get(), "late", s.late.Get(), "keyless", s.keyless.Get(), "overflows", s.over.Get(), "bad", s.bad.Get(), "rests", s.rests.Get(), "closed_by_idleness", s.closed.Get(), "event_time", at,
		"state", entries, "memory", mib(s.memory.live()))
}

// short tells of memory that runs out.
func (s *status) short() {
	if live, short := s.memory.short(); short {
		s.log.Warn("memory may run out: open windows, running totals, rows that wait and tables lie in it as a whole, and the collector of garbage needs as much again; give the process more, or start more processes before the system ends it",
			"live", mib(live), "of", mib(s.memory.room))
	}
}
