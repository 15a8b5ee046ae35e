package broker

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const maxLine = 1 << 20

// ErrLine is wrapped when a line cannot become a record.
var ErrLine = errors.New("no record")

// Lines produces a record for each line of a text: JSON objects that somebody has in a file.
type Lines struct {
	Topic      string
	Partitions int32  // of the topic, if it must be made; 0 means 1. It keeps its rows for ever
	Key        string // the member whose text is the record's key; "" for no keys
	Time       string // the member with the event time, ms since 1970 or a text of RFC 3339; "" for now
}

// Run makes the topic if it is missing and produces the lines, in order. It returns how many there were.
func (l Lines) Run(ctx context.Context, from io.Reader, opts ...kgo.Opt) (int, error) {
	cl, err := kgo.NewClient(append(opts, kgo.ProducerLinger(feedEvery))...)
	if err != nil {
		return 0, fmt.Errorf("topic %s: %w", l.Topic, err)
	}
	defer cl.Close()
	if err := l.topic(ctx, kadm.NewClient(cl)); err != nil {
		return 0, err
	}
	n, err := l.produce(ctx, from, cl)
	if flushed := cl.Flush(ctx); err == nil && flushed != nil {
		err = fmt.Errorf("topic %s: %w", l.Topic, flushed)
	}
	return n, err
}

func (l Lines) topic(ctx context.Context, adm *kadm.Client) error {
	keep := "-1"
	_, err := adm.CreateTopic(ctx, max(1, l.Partitions), -1, map[string]*string{"retention.ms": &keep}, l.Topic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return fmt.Errorf("topic %s: %w", l.Topic, err)
	}
	return nil
}

func (l Lines) produce(ctx context.Context, from io.Reader, cl *kgo.Client) (n int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	promise := func(_ *kgo.Record, err error) {
		if err != nil {
			cancel(fmt.Errorf("topic %s: %w", l.Topic, err))
		}
	}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxLine)
	for lines.Scan() && ctx.Err() == nil {
		r, err := l.record(bytes.Clone(lines.Bytes()))
		if err != nil {
			return n, fmt.Errorf("line %d: %w", n+1, err)
		}
		cl.Produce(ctx, r, promise)
		n++
	}
	if err := lines.Err(); err != nil {
		return n, fmt.Errorf("line %d: %w", n+1, err)
	}
	if err := cl.Flush(ctx); err != nil {
		return n, context.Cause(ctx)
	}
	return n, context.Cause(ctx)
}

func (l Lines) record(line []byte) (*kgo.Record, error) {
	r := &kgo.Record{Topic: l.Topic, Value: line}
	if l.Key == "" && l.Time == "" {
		return r, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return nil, fmt.Errorf("%w: %w, want a JSON object", ErrLine, err)
	}
	if l.Key != "" {
		r.Key = members[l.Key]
		var text string
		if json.Unmarshal(r.Key, &text) == nil && string(r.Key) != "null" {
			r.Key = []byte(text)
		}
	}
	if l.Time != "" {
		var ok bool
		if r.Timestamp, ok = timeOf(members[l.Time]); !ok {
			return nil, fmt.Errorf("%w: %s is %.40q, want ms since 1970, or a text such as \"2026-01-31T12:00:00Z\"", ErrLine, l.Time, members[l.Time])
		}
	}
	return r, nil
}

// timeOf reads a time as JSON has it: ms since 1970, or a text of RFC 3339.
func timeOf(member json.RawMessage) (time.Time, bool) {
	var ms int64
	if json.Unmarshal(member, &ms) == nil && string(member) != "null" {
		return time.UnixMilli(ms), true
	}
	var t time.Time
	return t, json.Unmarshal(member, &t) == nil && !t.IsZero()
}
