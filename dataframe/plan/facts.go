package plan

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Facts are what a sample taught about topics. They are taken once and frozen:
// an exported program carries them, so that its rows are those of the notebook.
type Facts struct {
	Topics map[string]TopicFacts `json:"topics"`
}

// TopicFacts are the facts of one topic.
type TopicFacts struct {
	Fields     []Field  `json:"fields"`             // every column seen, with its kind
	Format     string   `json:"format,omitempty"`   // of the records, with the schema by which all are read; "" as the source says
	TimeUnit   string   `json:"timeUnit,omitempty"` // of the time column on the wire: "" RFC 3339, "s", "ms", "us", "ns"
	Partitions int      `json:"partitions"`         // of the topic; not part of any hash
	KeyedBy    []string `json:"keyedBy,omitempty"`  // columns whose text was the record's key on every row, if rows lay where murmur2 puts them
	Disorder   Duration `json:"disorder,omitempty"` // how far rows came behind the latest event time, 99.9 of 100
	Gap        Duration `json:"gap,omitempty"`      // median time between two rows of a key
	Ahead      Duration `json:"ahead,omitempty"`    // how far event times are ahead of their records' own timestamps, 9 of 10, if that is more than [Ahead]
}

// Ahead is how far an event time may be ahead of the timestamp that Kafka has
// of its record, where a sample taught no more.
const Ahead = 24 * time.Hour

// Field is a [row.Field] in JSON, "speed float".
type Field row.Field

// MarshalText writes "name kind".
func (f Field) MarshalText() ([]byte, error) { return []byte(row.Field(f).String()), nil }

// UnmarshalText reads "name kind".
func (f *Field) UnmarshalText(b []byte) error {
	got, err := row.ParseField(string(b))
	*f = Field(got)
	return err
}

// Duration is a time.Duration in JSON, "1.5s".
type Duration time.Duration

// MarshalText writes the duration as Go does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads a duration as Go does.
func (d *Duration) UnmarshalText(b []byte) error {
	got, err := time.ParseDuration(string(b))
	*d = Duration(got)
	return err
}

// Encode is the facts as JSON, the same bytes for the same facts.
func (f Facts) Encode() ([]byte, error) {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("facts do not write as JSON: %w", err)
	}
	return append(b, '\n'), nil
}

// DecodeFacts reads what Encode wrote.
func DecodeFacts(b []byte) (Facts, error) {
	var f Facts
	if err := json.Unmarshal(b, &f); err != nil {
		return f, fmt.Errorf("facts do not read as JSON: %w", err)
	}
	return f, nil
}

// Schema is the topic's columns.
func (t TopicFacts) Schema() *row.Schema {
	fields := make([]row.Field, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = row.Field(f)
	}
	return row.NewSchema(fields...)
}

// defaultGrace is how long a window waits where no sample taught how far rows come late.
const defaultGrace = 10 * time.Second

// Grace is the wait that fits the disorder seen: at least 1 s, rounded up to 1, 2 or 5 times a power of ten.
func (t TopicFacts) Grace() time.Duration {
	want := max(time.Duration(t.Disorder), time.Second)
	for unit := time.Second; ; unit *= 10 {
		for _, n := range []time.Duration{1, 2, 5} {
			if n*unit >= want {
				return n * unit
			}
		}
	}
}
