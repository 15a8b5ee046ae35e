package session

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/symbols/riffle"
	"github.com/riffle-stream/riffle/kernel"
)

// start is when the telemetry of the tests begins.
var start = time.Date(2026, 5, 24, 13, 0, 0, 0, time.UTC)

// race is a cluster with twenty-five seconds of telemetry, the same in every run.
func race(t testing.TB) *kafkatest.Broker {
	t.Helper()
	return raceOf(t, 10_000)
}

// raceOf is a cluster with n rows of telemetry and the positions of as many seconds.
func raceOf(t testing.TB, n int) *kafkatest.Broker {
	t.Helper()
	b := kafkatest.Fake(t)
	fill(t, b, n)
	return b
}

// otherCluster is a cluster with n rows of telemetry and an id of its own; fakes have the same one otherwise.
func otherCluster(t testing.TB, n int) *kafkatest.Broker {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ClusterID("another"), kfake.BrokerConfigs(map[string]string{"log.retention.ms": "-1"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	b := &kafkatest.Broker{Addrs: c.ListenAddrs(), Fake: c}
	fill(t, b, n)
	return b
}

func fill(t testing.TB, b *kafkatest.Broker, n int) {
	t.Helper()
	for _, topic := range []string{telemetry.CarTopic, telemetry.GPSTopic} {
		if err := b.Fake.CreateTopic(topic, telemetry.Partitions, nil); err != nil {
			t.Fatal(err)
		}
	}
	seconds := n / (telemetry.Cars * 20)
	b.Produce(t, records(telemetry.Rows(1, start, n))...)
	b.Produce(t, records(telemetry.Positions(1, start, seconds*telemetry.Cars))...)
}

func records(rows []row.Record) []*kgo.Record {
	out := make([]*kgo.Record, len(rows))
	for i, r := range rows {
		out[i] = &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(r.Time)}
	}
	return out
}

// notebook is a session and what its cells showed.
type notebook struct {
	*Session
	t     testing.TB
	count int
}

// open starts a session in a folder over a cluster.
func open(t testing.TB, dir string, b *kafkatest.Broker) *notebook {
	t.Helper()
	c := cluster.Config{}
	if b != nil {
		c.Brokers = b.Addrs
	}
	s, err := New(Config{Dir: dir, Brokers: c, Prelude: interp.Prelude{Path: "github.com/riffle-stream/riffle/cells", Name: "riffle", Set: riffle.Set()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return &notebook{Session: s, t: t}
}

// run runs a cell and gives what it showed, as plain text, and its error as the user reads it, or "".
func (n *notebook) run(code string) (shows, failed string) { return n.runIn(n.t.Context(), code) }

func (n *notebook) runIn(ctx context.Context, code string) (shows, failed string) {
	n.count++
	p := &page{}
	res, err := n.Eval(ctx, kernel.Cell{Code: code, Count: n.count}, p)
	if res.Page != nil {
		p.print(fmt.Sprintln(res.Page.Data["text/plain"]))
	}
	if text, ok := res.Data["text/plain"].(string); ok {
		p.print(text + "\n")
	}
	if err != nil {
		failed = plainText(strings.Join(kernel.AsError(err).Traceback, "\n"))
	}
	return plainText(p.String()), failed
}

// mustRun runs a cell that has to go well.
func (n *notebook) mustRun(code string) string {
	n.t.Helper()
	shows, failed := n.run(code)
	if failed != "" {
		n.t.Fatalf("%s\n%s\n%s", code, shows, failed)
	}
	return shows
}

// mustFail runs a cell whose error must have each of these texts.
func (n *notebook) mustFail(code string, says ...string) string {
	n.t.Helper()
	shows, failed := n.run(code)
	for _, want := range says {
		if !strings.Contains(failed, want) {
			n.t.Fatalf("%s\nshows %s\nerror %s\nwant an error with %q", code, shows, failed, want)
		}
	}
	return failed
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plainText has neither colours nor blanks at the ends of lines.
func plainText(s string) string {
	lines := strings.Split(colour.ReplaceAllString(s, ""), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// page is an output that keeps what a cell shows, as plain text.
type page struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func (p *page) print(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text.WriteString(s)
}

func (p *page) Stream(_, text string) { p.print(text) }
func (p *page) Show(d kernel.Display) { p.print(fmt.Sprintln(d.Data["text/plain"])) }
func (p *page) Clear(bool)            {}
func (p *page) Input(context.Context, string, bool) (string, error) {
	return "", kernel.ErrNoInput
}

// lines makes records of text: a line each with partition, key, ms after the start and value, tabs between; a key "-" is none.
func lines(t testing.TB, topic, text string) []*kgo.Record {
	t.Helper()
	var out []*kgo.Record
	for line := range strings.Lines(strings.TrimLeft(text, "\n")) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 4)
		if len(f) != 4 {
			t.Fatalf("topic %s: line %q has %d fields, want partition, key, ms and value", topic, line, len(f))
		}
		p, err := strconv.ParseInt(f[0], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		ms, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		r := &kgo.Record{Topic: topic, Partition: int32(p), Timestamp: start.Add(time.Duration(ms) * time.Millisecond), Value: []byte(f[3])}
		if f[3] == "-" {
			r.Value = nil
		}
		if f[1] != "-" {
			r.Key = []byte(f[1])
		}
		out = append(out, r)
	}
	return out
}
