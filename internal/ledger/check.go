package ledger

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Report is what is wrong with an output.
type Report struct {
	Rows      int
	Lost      int
	Doubled   int
	Wrong     int // another text than it must have
	Reordered int // keys whose rows are all there, in another order
	Examples  []string
}

// OK says whether nothing is wrong.
func (r Report) OK() bool { return r.Lost+r.Doubled+r.Wrong+r.Reordered == 0 }

// String is one line, and the first few examples.
func (r Report) String() string {
	return fmt.Sprintf("%d rows: %d lost, %d doubled, %d wrong, %d keys reordered\n%s", r.Rows, r.Lost, r.Doubled, r.Wrong, r.Reordered, strings.Join(r.Examples, "\n"))
}

// Count is how many rows must be in these topics.
func (r Rows) Count(topics ...string) int {
	n := 0
	for _, topic := range topics {
		for _, rows := range r[topic] {
			n += len(rows)
		}
	}
	return n
}

// Read turns output records, in the order of their partitions, into rows.
func Read(recs []row.Record) (Rows, error) {
	out := Rows{}
	for _, r := range recs {
		if err := out.Take(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Take adds an output record, which comes behind those of its partition.
func (r Rows) Take(rec row.Record) error {
	var e struct {
		ID    int64  `json:"id"`
		Car   string `json:"car"`
		Start int64  `json:"window_start"`
	}
	if err := json.Unmarshal(rec.Value, &e); err != nil {
		return fmt.Errorf("%s %d@%d: %w", rec.Topic, rec.Partition, rec.Offset, err)
	}
	r.add(rec.Topic, e.Car, e.ID+e.Start, "%s", rec.Value)
	return nil
}

// Check compares these topics of an output with what must be there.
func Check(want, got Rows, topics ...string) Report {
	var r Report
	for _, topic := range topics {
		for car := range got[topic] {
			if _, ok := want[topic][car]; !ok {
				r.key(topic, car, nil, got[topic][car])
			}
		}
		for car, rows := range want[topic] {
			r.key(topic, car, rows, got[topic][car])
		}
	}
	return r
}

// key compares the rows of one key.
func (r *Report) key(topic, car string, want, got []Row) {
	r.Rows += len(got)
	before := *r
	seen := map[int64][]string{}
	for _, g := range got {
		seen[g.ID] = append(seen[g.ID], g.Text)
	}
	for _, w := range want {
		texts := seen[w.ID]
		switch {
		case len(texts) == 0:
			r.Lost++
			r.example("%s %s: lost %s", topic, car, w.Text)
		case !slices.Contains(texts, w.Text):
			r.Wrong++
			r.example("%s %s: %s, want %s", topic, car, texts[0], w.Text)
		}
		if len(texts) > 0 {
			r.Doubled += len(texts) - 1
			if len(texts) > 1 {
				r.example("%s %s: %d times %s", topic, car, len(texts), w.Text)
			}
		}
		delete(seen, w.ID)
	}
	for _, texts := range seen {
		r.Wrong += len(texts)
		r.example("%s %s: %s, want no such row", topic, car, texts[0])
	}
	if r.Lost == before.Lost && r.Doubled == before.Doubled && r.Wrong == before.Wrong && !slices.Equal(want, got) {
		r.Reordered++
		r.example("%s %s: its rows are in another order", topic, car)
	}
}

func (r *Report) example(format string, args ...any) {
	if len(r.Examples) < 8 {
		r.Examples = append(r.Examples, fmt.Sprintf(format, args...))
	}
}
