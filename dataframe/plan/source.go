package plan

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Source reads a topic.
type Source struct {
	Topic    string
	Format   string      // "json", "csv(car,speed)", "raw", "avro" ...
	Declared []row.Field // Fields(...): kinds that the user fixed
	Time     string      // the column that holds the event time; "" for the Kafka timestamp
	TimeUnit string      // as in [TopicFacts]; "" and Time set: from the facts
	KeyedBy  []string    // KeyAs(...): columns whose text is the record's key
	Table    bool        // a record takes the place of the one before it that has its key
	Still    bool        // its rows are a notebook's own: there is no topic
	Facts    TopicFacts  // set by Bind
}

// Text is the op as a cell writes it, with everything that the facts froze.
func (s *Source) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s(%q, %s", map[bool]string{false: "topic", true: "table"}[s.Table], s.Topic, brief(s.Encoding()))
	if s.Time != "" {
		fmt.Fprintf(&b, ", time(%q, %q)", s.Time, s.unit())
		if s.Facts.Ahead > 0 {
			fmt.Fprintf(&b, ", ahead(%s)", s.Ahead())
		}
	}
	if keyed := s.Keyed(); len(keyed) > 0 {
		fmt.Fprintf(&b, ", key(%s)", strings.Join(keyed, ", "))
	}
	fmt.Fprintf(&b, ", fields(%s))", s.columns())
	return b.String()
}

// Schema is the columns of the topic's rows.
func (s *Source) Schema([]*row.Schema) (*row.Schema, error) {
	c := s.columns()
	if c.Len() == 0 {
		return nil, wrongf("Topic", s.Topic, "its columns are not known: take a sample of it, or declare them with Fields(\"speed float\", ...)")
	}
	if _, ok := c.Kind(s.Time); s.Time != "" && !ok {
		return nil, wrong("Time", s.Time, Unknown(s.Time, c))
	}
	for _, k := range s.KeyedBy {
		if _, ok := c.Kind(k); !ok {
			return nil, wrong("KeyAs", k, Unknown(k, c))
		}
	}
	return c, nil
}

// columns are the sample's, with the declared kinds in their place and the time column a time.
func (s *Source) columns() *row.Schema {
	c := s.Facts.Schema().With(s.Declared...)
	if _, ok := c.Kind(s.Time); s.Time != "" && ok {
		c = c.With(row.Field{Name: s.Time, Kind: row.Time})
	}
	return c
}

// Encoding is how records stand as bytes: the format, with the schema that the sample taught.
func (s *Source) Encoding() string {
	if s.Facts.Format != "" {
		return s.Facts.Format
	}
	return s.Format
}

// brief is a format with a hash in the place of a schema.
func brief(format string) string {
	name, schema, ok := strings.Cut(format, "(") // of "protobuf:Car(syntax...)", too
	if !ok || name == "csv" || len(schema) < 2 {
		return format
	}
	return fmt.Sprintf("%s(schema %.12x)", name, sha256.Sum256([]byte(schema[:len(schema)-1])))
}

// Unit is how the source's time column stands on the wire; see [TopicFacts].
func (s *Source) Unit() string { return s.unit() }

func (s *Source) unit() string {
	if s.TimeUnit != "" {
		return s.TimeUnit
	}
	return s.Facts.TimeUnit
}

// Ahead is how far an event time may be ahead of its record's own timestamp:
// by more, and a clock is taken to be wrong.
func (s *Source) Ahead() time.Duration { return Ahead + time.Duration(s.Facts.Ahead) }

// Keyed are the columns whose text is the record's key, declared or found on every row of the sample.
func (s *Source) Keyed() []string {
	if len(s.KeyedBy) > 0 {
		return s.KeyedBy
	}
	return s.Facts.KeyedBy
}

// bound is the source with the facts of its topic.
func (s *Source) bound(f Facts) *Source {
	out := *s
	out.Facts = f.Topics[s.Topic]
	return &out
}
