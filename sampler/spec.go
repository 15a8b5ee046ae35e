package sampler

import (
	"errors"
	"fmt"
	"time"
)

// ErrSpec is in every error about a Spec that asks for the impossible.
var ErrSpec = errors.New("sample")

// DefaultRows is what the zero Spec asks for, as Last does.
const DefaultRows = 10_000

// Spec says which rows a sample has. The zero value takes what is pinned, else the last [DefaultRows].
type Spec struct {
	kind     kind
	rows     int
	from, to time.Time
	span     time.Duration // of For
	column   string        // of PerKey
	keys     Keys
}

type kind int

const (
	whatever kind = iota
	first
	last
	between
	since
	latestSpan
	everyNth
	perKey
	whole
)

// First is the oldest rows: up to the earliest time T such that at least n rows of the busiest topic are older; all partitions of all
// topics are cut at T.
func First(n int) Spec { return Spec{kind: first, rows: n} }

// Last is the newest rows: from the latest time T such that at least n rows of the busiest topic are newer; all partitions of all
// topics are cut at T, so that topics of different rates overlap in time. Without timestamps it is the last n of each partition.
func Last(n int) Spec { return Spec{kind: last, rows: n} }

// Whole is all rows that the topics have.
func Whole() Spec { return Spec{kind: whole} }

// Between is the rows from one time until another, by Kafka timestamps. Rows that came late may lie outside: what is read of a
// partition is one run of offsets.
func Between(from time.Time, span time.Duration) Spec {
	return Spec{kind: between, from: from, to: from.Add(span)}
}

// Since is the rows from a time on, until now.
func Since(from time.Time) Spec { return Spec{kind: since, from: from} }

// For is the newest rows over a span of time, by Kafka timestamps: those that are less than it older than the newest of all topics.
func For(span time.Duration) Spec { return Spec{kind: latestSpan, span: span} }

// IsZero reports whether nothing was asked for.
func (s Spec) IsZero() bool { return s.kind == whatever }

// String is how the sample's header and messages have it: "last 10000". Equal strings, equal specs.
func (s Spec) String() string {
	switch s.kind {
	case first:
		return fmt.Sprintf("first %d", s.rows)
	case last:
		return fmt.Sprintf("last %d", s.rows)
	case whole:
		return "whole"
	case since:
		return "since " + utc(s.from)
	case latestSpan:
		return "newest " + s.span.String()
	case everyNth:
		return fmt.Sprintf("1 in %d", s.rows)
	case perKey:
		return fmt.Sprintf("last %d of each %s", s.rows, s.column)
	case between:
		return fmt.Sprintf("between %s and %s", utc(s.from), utc(s.to))
	}
	return "any"
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (s Spec) check(l Limits) error {
	switch s.kind {
	case first, last:
		if s.rows < 1 || s.rows > l.Rows {
			return fmt.Errorf("%w: %s: want 1 to %d rows", ErrSpec, s, l.Rows)
		}
	case everyNth, perKey:
		if s.rows < 1 || s.rows > Among {
			return fmt.Errorf("%w: %s: want 1 to %d", ErrSpec, s, Among)
		}
	case since:
		if s.from.UnixMilli() < 0 {
			return fmt.Errorf("%w: %s: want a time not before 1970", ErrSpec, s)
		}
	case latestSpan:
		if s.span < time.Millisecond {
			return fmt.Errorf("%w: %s: want at least 1 ms", ErrSpec, s)
		}
	case between:
		if !s.to.After(s.from) || s.from.UnixMilli() < 0 {
			return fmt.Errorf("%w: %s: want an end after the begin, and not before 1970", ErrSpec, s)
		}
	}
	return nil
}
