// Package letters sends dead letters back to where they came from, each once.
package letters

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/exec"
)

// HeaderAttempt is how often a record was sent back.
const HeaderAttempt = "__riffle.errors.attempt"

// MostAttempts is how often a record is sent back until it stays where it is.
const MostAttempts = 3

// Config says which letters.
type Config struct {
	Cluster cluster.Config
	Topic   string // of the dead letters
	// Group remembers how far they were sent back; "" is the topic's name and -replay.
	Group  string
	Client []kgo.Opt // further options, such as a test's network
}

// Result is what became of the letters.
type Result struct {
	Sent  map[string]int // by the topic that they went back to
	Spent int            // sent back [MostAttempts] times before
	Bare  int            // what was left out was a row that the program made, of which no record is kept
}

// Replay sends the dead letters that are there now, and were not sent back
// before, to the topics and partitions that they came from, in transactions
// with the group's offsets: so none goes twice, whenever this is interrupted.
func Replay(ctx context.Context, cfg Config) (Result, error) {
	out := Result{Sent: map[string]int{}}
	r, err := open(ctx, cfg)
	if err != nil {
		return out, err
	}
	defer r.group.Close()
	for !r.done() {
		more, err := r.transaction(ctx)
		if err != nil {
			return out, fmt.Errorf("dead letters of %s: %w", cfg.Topic, cfg.Cluster.Diagnose(err))
		}
		out.add(more)
	}
	return out, nil
}

func (r *Result) add(more Result) {
	for topic, n := range more.Sent {
		r.Sent[topic] += n
	}
	r.Spent, r.Bare = r.Spent+more.Spent, r.Bare+more.Bare
}

// pollRows is how many letters go back in one transaction.
const pollRows = 2000

// mostFutile is how many transactions in a row may not be committed, as when the group changes.
const mostFutile = 5

// transaction sends some letters back.
func (r *replayer) transaction(ctx context.Context) (Result, error) {
	out := Result{Sent: map[string]int{}}
	wait, cancel := context.WithTimeout(ctx, time.Second)
	fetches := r.group.PollRecords(wait, pollRows)
	cancel()
	if err := fetches.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return out, err
	}
	if fetches.NumRecords() == 0 {
		return out, ctx.Err()
	}
	if err := r.group.Begin(); err != nil {
		return out, err
	}
	first := kgo.AbortingFirstErrPromise(r.group.Client())
	fetches.EachRecord(func(l *kgo.Record) {
		if back := out.answer(l); back != nil {
			r.group.Produce(ctx, back, first.Promise())
		}
	})
	failed := first.Err()
	ok, err := r.group.End(context.WithoutCancel(ctx), kgo.TransactionEndTry(failed == nil))
	switch {
	case err != nil || failed != nil:
		return Result{}, errors.Join(failed, err)
	case !ok:
		if r.futile++; r.futile == mostFutile {
			return Result{}, fmt.Errorf("%d transactions in a row were not committed: does another replay of the same group run? Wait for its end", r.futile)
		}
		return Result{}, nil // the client goes back to what is committed
	}
	r.futile = 0
	fetches.EachRecord(func(l *kgo.Record) { r.next[l.Partition] = l.Offset + 1 })
	return out, nil
}

// answer is the record that goes back for a letter, or nil, and counts it.
func (r *Result) answer(l *kgo.Record) *kgo.Record {
	if l.Attrs.IsControl() {
		return nil
	}
	headers := map[string]string{}
	for _, h := range l.Headers {
		headers[h.Key] = string(h.Value)
	}
	topic := headers[exec.HeaderTopic]
	partition, err := strconv.ParseInt(headers[exec.HeaderPartition], 10, 32)
	if topic == "" || err != nil {
		r.Bare++
		return nil
	}
	attempt, _ := strconv.Atoi(headers[HeaderAttempt])
	if attempt >= MostAttempts {
		r.Spent++
		return nil
	}
	r.Sent[topic]++
	return &kgo.Record{
		Topic: topic, Partition: int32(partition), Key: l.Key, Value: l.Value, Timestamp: l.Timestamp,
		Headers: append(own(l.Headers), kgo.RecordHeader{Key: HeaderAttempt, Value: strconv.AppendInt(nil, int64(attempt)+1, 10)}),
	}
}

// own are the headers that the record had before it became a letter.
func own(headers []kgo.RecordHeader) []kgo.RecordHeader {
	return slices.DeleteFunc(slices.Clone(headers), func(h kgo.RecordHeader) bool {
		return strings.HasPrefix(h.Key, "__streams.errors.") || strings.HasPrefix(h.Key, "__riffle.errors.")
	})
}
