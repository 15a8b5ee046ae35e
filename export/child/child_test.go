package child

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler/file"
	"github.com/riffle-stream/riffle/stream/live"
)

// fast is a program over a topic with one partition.
func fast(t *testing.T, topic string) Program {
	t.Helper()
	facts, err := plan.Facts{Topics: map[string]plan.TopicFacts{topic: {Partitions: 1, Fields: []plan.Field{{Name: "v", Kind: row.Int}}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return Program{Code: "c0de", Facts: facts, Roots: func() []*plan.Node {
		return []*plan.Node{cells.Topic(topic).Where("v > 2").Node()}
	}}
}

func values(n int) (out [][]byte) {
	for i := range n {
		out = append(out, fmt.Appendf(nil, `{"v":%d}`, i))
	}
	return out
}

func TestChildSpeaksToTheNotebook(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "speeds", 1)
	for _, v := range values(6) {
		b.Produce(t, &kgo.Record{Topic: topic, Value: v})
	}
	t.Setenv("KAFKA_BROKERS", strings.Join(b.Addrs, ","))
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	fd, err := syscall.Dup(int(w.Fd())) // the child closes its own
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	ended := make(chan error, 1)
	p := fast(t, topic)
	go func() { ended <- p.run(ctx, nil, func(string) string { return fmt.Sprint(fd) }) }()
	rows := listen(t, live.NewReader(r), 3)
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the child ended with %v", err)
	}
	if rows != 3 {
		t.Errorf("%d rows, want 3", rows)
	}
}

// listen reads until there are enough rows.
func listen(t *testing.T, from *live.Reader, enough int) (rows int) {
	t.Helper()
	for rows < enough {
		m, err := from.Next()
		switch {
		case err != nil:
			t.Fatalf("after %d rows: %v", rows, err)
		case m.Hello != nil && m.Hello.Code != "c0de":
			t.Errorf("code %q", m.Hello.Code)
		case m.Rows != nil:
			rows += len(m.Rows.Data)
		case m.Bye != nil:
			t.Fatalf("it ended: %s", m.Bye.Error)
		}
	}
	return rows
}

func TestChildRunsASample(t *testing.T) {
	dir := t.TempDir()
	sample, rows := filepath.Join(dir, "sample"), filepath.Join(dir, "rows")
	w, err := file.Create(sample, file.Header{ClusterID: "c", Topics: []file.Topic{{Name: "speeds", Partitions: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values(5) {
		if err := w.Write(file.Row{Record: row.Record{Topic: "speeds", Offset: int64(i), Value: v}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := fast(t, "speeds").run(t.Context(), []string{"--sample", sample, "--rows", rows}, os.Getenv); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("{\"key\":null,\"row\":{\"v\":3}}\n{\"key\":null,\"row\":{\"v\":4}}\n")
	if d := replay.Diff(want, got); d != "" || !bytes.Equal(want, got) {
		t.Error(d)
	}
}

func TestChildIsStartedWrongly(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		fd   string
		want string
	}{
		{"by hand", nil, "", "a notebook starts this program"},
		{"on standard output", nil, "1", "RIFFLE_LIVE is \"1\""},
		{"an unknown flag", []string{"--group", "x"}, "3", "not defined: -group"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			err := fast(t, "speeds").run(t.Context(), test.args, func(string) string { return test.fd })
			if !errors.Is(err, errUsage) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}
