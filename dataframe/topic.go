package dataframe

import (
	"fmt"
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

// Time names the column that holds the event time, and perhaps its unit ("s",
// "ms", "us", "ns") if it is a number; else the unit is found on the sample.
// Without it the event time is the record's Kafka timestamp.
func Time(column string, unit ...string) TopicOption {
	return optionFunc(func(s *plan.Source) error {
		s.Time = column
		for _, u := range unit {
			if u != "s" && u != "ms" && u != "us" && u != "ns" {
				return fmt.Errorf("Time(%q, %q): unit is not one of s, ms, us, ns", column, u)
			}
			s.TimeUnit = u
		}
		return nil
	})
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

// KeyAs says that the record's key is the text of these columns, so that a
// group-by on them moves no rows.
func KeyAs(columns ...string) TopicOption {
	return optionFunc(func(s *plan.Source) error {
		s.KeyedBy = columns
		return nil
	})
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
		"operator = _headers.__riffle.errors.operator", "line = _headers.__riffle.errors.line",
		"attempts = coalesce(int(_headers.__riffle.errors.attempt), 0)")
}
