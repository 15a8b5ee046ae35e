package file

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Limits of a sample. What is beyond them is an error, when written and when read.
const (
	MaxRows       = 1_000_000
	MaxBytes      = 1 << 30 // of a file
	MaxTopics     = 64
	MaxPartitions = 100_000 // of a topic
	maxHeader     = 16 << 20
)

// What can be wrong with a file. Errors of this package about the content wrap one of them.
var (
	ErrNotSample = errors.New("not a sample of this version")
	ErrTruncated = errors.New("sample is truncated")
	ErrCorrupt   = errors.New("sample is corrupt")
	ErrTooLarge  = errors.New("sample is too large")
)

// Header is what is known of a sample beside its rows.
type Header struct {
	// ClusterID is that of Kafka's metadata.
	ClusterID string `json:"cluster_id"`
	// Topics that were read, in the order of their names.
	Topics []Topic `json:"topics"`
	// Spec says which rows were asked for, such as "last 10000".
	Spec string `json:"spec"`
	// Created is when it was read.
	Created time.Time `json:"created"`
	// From and To are the Kafka timestamps, ms since 1970, at which all topics were cut: From is the first, To is behind the last. 0 is no
	// cut. Rows that came late may lie outside.
	From int64 `json:"from,omitempty"`
	To   int64 `json:"to,omitempty"`
	// Thinned is set when rows between those that are here were left out, so that what needs neighbours, such as a window, is not the stream's.
	Thinned bool `json:"thinned,omitempty"`
}

// Topic is one that was read.
type Topic struct {
	Name string `json:"name"`
	// ID is Kafka's for this life of the topic, in hex; "" if the broker gives none.
	ID string `json:"id,omitempty"`
	// Partitions it has, with rows or without.
	Partitions int32 `json:"partitions"`
	// Ranges are what was read of each partition.
	Ranges []Range `json:"ranges,omitempty"`
	// Schemas are those that its rows name, by id: with them the rows can be read without a registry.
	Schemas []codec.Schema `json:"schemas,omitempty"`
	// Fingerprint of its rows; known when the file is read.
	Fingerprint Fingerprint `json:"-"`
}

// Range is a span of offsets of a partition, without its end.
type Range struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// check returns a named error for a header that cannot be, and puts the topics in order.
func (h *Header) check() error {
	if len(h.Topics) == 0 || len(h.Topics) > MaxTopics {
		return fmt.Errorf("%w: %d topics, want 1 to %d", ErrTooLarge, len(h.Topics), MaxTopics)
	}
	slices.SortFunc(h.Topics, func(a, b Topic) int { return strings.Compare(a.Name, b.Name) })
	for i, t := range h.Topics {
		if t.Partitions < 1 || t.Partitions > MaxPartitions {
			return fmt.Errorf("%w: topic %s has %d partitions, want 1 to %d", ErrTooLarge, t.Name, t.Partitions, MaxPartitions)
		}
		if i > 0 && t.Name == h.Topics[i-1].Name {
			return fmt.Errorf("%w: topic %s is there twice", ErrCorrupt, t.Name)
		}
	}
	return nil
}

// Row is a record as it came.
type Row struct {
	row.Record
	// Gap is the time since the record before was received; of the first one, since the reading began.
	Gap time.Duration
	// Appended is set when Time is the broker's (LogAppendTime), not the producer's.
	Appended bool
}

// Sample is a file that was read. Its rows share memory with one another: none may be changed.
type Sample struct {
	Header
	// Records in the order in which they were received; within a partition, by offset.
	Records []row.Record
	// Gaps are the times between the arrival of each record and the one before.
	Gaps []time.Duration
	// Appended says of each record whether its Time is the broker's.
	Appended []bool
	// Fingerprint of the rows.
	Fingerprint Fingerprint
}

// Row is the i-th row.
func (s *Sample) Row(i int) Row {
	return Row{Record: s.Records[i], Gap: s.Gaps[i], Appended: s.Appended[i]}
}

// Partitions of a topic; 0 if it is not in the sample.
func (s *Sample) Partitions(topic string) int32 {
	for _, t := range s.Topics {
		if t.Name == topic {
			return t.Partitions
		}
	}
	return 0
}

// Fingerprint is a SHA-256 over the name, the number of partitions and all rows of a topic in canonical order: by partition and
// offset, and over its schemas, if there are any. That of several topics is a SHA-256 over theirs, by name. Cluster, spec, creation time and arrival gaps are not in it.
type Fingerprint [32]byte

// String is the whole fingerprint in hex.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// Short is enough of it to tell samples apart by eye.
func (f Fingerprint) Short() string { return f.String()[:12] }

// Names are the topics.
func (s *Sample) Names() []string {
	var out []string
	for _, t := range s.Topics {
		out = append(out, t.Name)
	}
	return out
}

// Stored are the schemas that lie beside the rows.
func (s *Sample) Stored() codec.Stored {
	out := codec.Stored{}
	for _, t := range s.Topics {
		for i := range t.Schemas {
			out[t.Schemas[i].ID] = &t.Schemas[i]
		}
	}
	return out
}
