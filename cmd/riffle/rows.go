package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"

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
	w := bufio.NewWriter(os.Stdout)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, r := range s.Records {
		err := out.Encode(storedRow{r.Topic, r.Partition, r.Offset, r.Time, text(r.Key), text(r.Value)})
		if err != nil {
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
