package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// storedRow is a row of a sample as it came, for whoever reads it without Riffle.
type storedRow struct {
	Topic     string  `json:"topic"`
	Partition int32   `json:"partition"`
	Offset    int64   `json:"offset"`
	Time      int64   `json:"time"` // ms since 1970
	Key       *string `json:"key"`
	Value     *string `json:"value"`
}

// printRows writes the rows of a pinned sample, one JSON object a line.
func printRows(_ context.Context, args []string) error {
	f := flags("rows")
	if err := parse(f, args, "FILE, want a sample such as .riffle/samples/CLUSTER/TOPIC.sample"); err != nil {
		return err
	}
	s, err := file.Read(f.Arg(0))
	if err != nil {
		return err
	}
	return writeRows(s.Records)
}

// peek prints the newest rows of a topic.
func peek(ctx context.Context, args []string) error {
	f := flags("peek")
	n := f.Int("rows", 5, "how `MANY` rows")
	if err := parse(f, args, "topic, want riffle peek [--rows N] TOPIC"); err != nil {
		return err
	}
	c, err := reach(ctx)
	if err != nil {
		return err
	}
	s, err := sampler.Open(ctx, c, sampler.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	sample, err := s.Peek(ctx, f.Arg(0), *n)
	if err != nil {
		return err
	}
	return writeRows(sample.Records[max(0, len(sample.Records)-*n):])
}

func writeRows(rows []row.Record) error {
	w := bufio.NewWriter(os.Stdout)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, r := range rows {
		if err := out.Encode(storedRow{r.Topic, r.Partition, r.Offset, r.Time, text(r.Key), text(r.Value)}); err != nil {
			return err
		}
	}
	return w.Flush()
}

// text is bytes as a string; nil where there are none.
func text(b []byte) *string {
	if b == nil {
		return nil
	}
	s := string(b)
	return &s
}
