package dataframe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Topic is a frame of a topic's messages: a message is a row, a field a
// column, the key a stream.
func Topic(name string, options ...TopicOption) Frame {
	src := &plan.Source{Topic: name, Format: string(JSON())}
	f := Frame{node: plan.New(src)}
	if err := CheckTopic(name); err != nil {
		return f.fail("Topic", name, err)
	}
	for _, o := range options {
		if err := o.apply(src); err != nil {
			return f.fail("Topic", name, err)
		}
	}
	return f
}

// TopicOption says how a topic is read.
type TopicOption interface{ apply(*plan.Source) error }

type optionFunc func(*plan.Source) error

func (o optionFunc) apply(s *plan.Source) error { return o(s) }

// TimeOption names a column that holds times; see [Time].
type TimeOption struct{ column, unit string }

// Time names the column that holds the event time of a topic's rows, and perhaps
// its unit ("s", "ms", "us", "ns") if it is a number; else the unit is found on the
// sample. Without it the event time is the record's Kafka timestamp. Where rows
// are written it names the column that is the record's timestamp.
func Time(column string, unit ...string) TimeOption {
	t := TimeOption{column: column}
	for _, u := range unit {
		t.unit = u
	}
	return t
}

func (t TimeOption) apply(s *plan.Source) error {
	if t.unit != "" && !slices.Contains([]string{"s", "ms", "us", "ns"}, t.unit) {
		return fmt.Errorf("Time(%q, %q): unit is not one of s, ms, us, ns", t.column, t.unit)
	}
	s.Time, s.TimeUnit = t.column, t.unit
	return nil
}

func (t TimeOption) sink(s *plan.Sink) error {
	if t.unit != "" {
		return fmt.Errorf("Time(%q, %q): the unit is that of topics which are read; what is written is a column of times", t.column, t.unit)
	}
	s.Time = t.column
	return nil
}

// Fields fixes the kinds of columns: Fields("speed float", "car string").
// Columns that it does not name keep the kind found on the sample.
func Fields(fields ...string) TopicOption {
	return optionFunc(func(s *plan.Source) error {
		parsed, _, err := parseFields(fields)
		s.Declared = append(s.Declared, parsed...)
		return err
	})
}

// KeyOption names the columns of a key; see [KeyAs].
type KeyOption struct{ columns []string }

// KeyAs says that the record's key is the text of these columns: of a topic that
// is read, so that a group-by on them moves no rows, and of one that is written.
func KeyAs(columns ...string) KeyOption { return KeyOption{columns} }

func (k KeyOption) apply(s *plan.Source) error {
	s.KeyedBy = k.columns
	return nil
}

func (k KeyOption) sink(s *plan.Sink) error {
	s.Key = k.columns
	return nil
}

// maxTopic is the longest name that Kafka takes.
const maxTopic = 249

// CheckTopic says what is wrong with a topic's name, or nil.
func CheckTopic(name string) error {
	if name == "" || name == "." || name == ".." {
		return fmt.Errorf("topic name is %q, want letters, digits, '.', '_' and '-'", name)
	}
	if len(name) > maxTopic {
		return fmt.Errorf("topic name has %d characters, want at most %d", len(name), maxTopic)
	}
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)) {
			return fmt.Errorf("topic name %q has the character %q, want letters, digits, '.', '_' and '-'", name, r)
		}
	}
	return nil
}

// DeadLetters is a frame of the records that [DeadLetter] sent to a topic: what
// they were, where they came from and why they were left out.
func DeadLetters(topic string) Frame {
	return Topic(topic, Raw()).With(
		"reason = _headers.__streams.errors.message", "stage = _headers.__streams.errors.exception",
		"from = _headers.__streams.errors.topic", "partition = int(_headers.__streams.errors.partition)", "offset = int(_headers.__streams.errors.offset)",
		"operator = _headers.__riffle.errors.operator", "line = _headers.__riffle.errors.line", "cell = _headers.__riffle.errors.cell",
		"attempts = coalesce(int(_headers.__riffle.errors.attempt), 0)")
}
