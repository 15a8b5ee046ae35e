package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/survey"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// bound is the plan of a frame over a topic that holds these records.
func bound(t *testing.T, f dataframe.Frame, recs []row.Record, partitions int) *plan.Plan {
	t.Helper()
	facts := plan.Facts{Topics: map[string]plan.TopicFacts{}}
	plan.Walk([]*plan.Node{f.Node()}, func(n *plan.Node) {
		if src, ok := n.Op.(*plan.Source); ok {
			got, _, err := survey.Topic(src, recs, partitions)
			if err != nil {
				t.Fatal(err)
			}
			facts.Topics[src.Topic] = got
		}
	})
	p, err := plan.Bind([]*plan.Node{f.Node()}, facts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// started runs a plan and gives what it says.
func started(t *testing.T, b *kafkatest.Broker, p *plan.Plan) (<-chan Message, context.CancelFunc) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	return said(ctx, p, Config{Cluster: cluster.Config{Brokers: b.Addrs}, Code: "code"}), stop
}

// said runs a plan until its context ends, and gives what it says.
func said(ctx context.Context, p *plan.Plan, cfg Config) <-chan Message {
	r, w := io.Pipe()
	cfg.Out = w
	go func() {
		_ = Run(ctx, p, cfg)
		w.Close()
	}()
	said := make(chan Message)
	go func() {
		defer close(said)
		for reader := NewReader(r); ; {
			m, err := reader.Next()
			if err != nil {
				return
			}
			said <- m
		}
	}()
	return said
}

// rows waits until n rows have been said.
func rows(t *testing.T, said <-chan Message, s *row.Schema, n int) *row.Table {
	t.Helper()
	out, late := row.NewTable(s), time.After(patience)
	for out.Len() < n {
		select {
		case m, ok := <-said:
			switch {
			case !ok:
				t.Fatalf("the run ended after %d rows, want %d", out.Len(), n)
			case m.Bye != nil:
				t.Fatalf("the run ended after %d rows, want %d: %s", out.Len(), n, m.Bye.Error)
			case m.Rows != nil:
				b, err := m.Rows.Batch(s)
				if err != nil {
					t.Fatal(err)
				}
				out.Add(b)
			}
		case <-late:
			t.Fatalf("%d rows came within %s, want %d", out.Len(), patience, n)
		}
	}
	return out
}

func speeds(values ...string) []row.Record {
	var recs []row.Record
	for i, v := range values {
		recs = append(recs, row.Record{Key: []byte("44"), Value: []byte(`{"car":"44","speed":` + v + `}`), Time: time.Now().UnixMilli() + int64(i)})
	}
	return recs
}

func TestRowsThatComeLaterAreSaid(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "cars", 2)
		before := speeds("1", "2.5")
		produce(t, b, topic, before)
		p := bound(t, dataframe.Topic(topic).With("kmh = speed * 2"), before, 2)
		said, _ := started(t, b, p)
		if hello := (<-said).Hello; hello == nil || hello.Plan != p.Hash() || hello.Code != "code" {
			t.Fatalf("the first message is %+v, want the plan %s", hello, p.Hash())
		}
		rows(t, said, p.Roots[0].Schema, 2)
		produce(t, b, topic, speeds("7"))
		if got := rows(t, said, p.Roots[0].Schema, 1).Floats("kmh"); !cmp.Equal(got, []float64{14}) {
			t.Errorf("after a row was produced the run says %v, want 14", got)
		}
	})
}

// TestSilenceClosesWindows: rows of windows that nothing newer closes come all the same, and are marked.
func TestSilenceClosesWindows(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "cars", 2)
	recs := speeds("1", "2.5", "3")
	produce(t, b, topic, recs)
	f := dataframe.Topic(topic).GroupBy("car").Session("1m").Grace("5s").Agg("n = count()").Select("n")
	said := said(t.Context(), bound(t, f, recs, 2), Config{Cluster: cluster.Config{Brokers: b.Addrs}, Code: "code", Idle: 300 * time.Millisecond})
	for m := range said {
		switch {
		case m.Bye != nil:
			t.Fatalf("the run ended: %s", m.Bye.Error)
		case m.Rows != nil:
			if len(m.Rows.Data) != 1 || !cmp.Equal(m.Rows.Idle, []bool{true}) {
				t.Fatalf("%d rows, marked %v, want one that is closed by idleness", len(m.Rows.Data), m.Rows.Idle)
			}
		case m.Progress != nil && m.Progress.Idle == 1:
			return
		}
	}
}

func TestBadRowEndsTheRunUnlessThePlanSaysOtherwise(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "cars", 1)
	good := speeds("1", "2.5")
	produce(t, b, topic, append(good, speeds(`"n/a"`, "3")...))
	f := dataframe.Topic(topic)
	said, _ := started(t, b, bound(t, f, good, 1))
	var bad *Bad
	var bye *Bye
	for m := range said {
		if m.Bad != nil {
			bad = m.Bad
		}
		if m.Bye != nil {
			bye = m.Bye
		}
	}
	if bad == nil || bye == nil || bad.Error != `speed is string "n/a", want float` || bye.Error == "" {
		t.Errorf("got bad %+v and bye %+v, want the row that stopped the run", bad, bye)
	}
	p := bound(t, f.OnError(dataframe.Skip), good, 1)
	said, _ = started(t, b, p)
	if got := rows(t, said, p.Roots[0].Schema, 3).Floats("speed"); !cmp.Equal(got, []float64{1, 2.5, 3}) {
		t.Errorf("with Skip the run says %v", got)
	}
}

// TestOneWrongClockClosesNothing has a row that says it is a year later than its record.
func TestOneWrongClockClosesNothing(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "cars", 1)
	var recs []row.Record
	now := time.Now().UnixMilli() / 10_000 * 10_000
	for i := range int64(30) {
		ts := now + i*1000
		if i == 15 {
			ts += 365 * 24 * 3600 * 1000
		}
		recs = append(recs, row.Record{Key: []byte("44"), Value: fmt.Appendf(nil, `{"car":"44","ts":%d}`, ts), Time: now + i*1000})
	}
	produce(t, b, topic, recs)
	f := dataframe.Topic(topic, dataframe.Time("ts", "ms")).OnError(dataframe.Skip).GroupBy("car").Tumbling("10s").Grace("0s").Agg("n = count()")
	p := bound(t, f, recs, 1)
	said, _ := started(t, b, p)
	if got := rows(t, said, p.Roots[0].Schema, 2).Ints("n"); !cmp.Equal(got, []int64{10, 9}) {
		t.Errorf("the windows hold %v rows, want 10 and 9", got)
	}
}

// TestOpenWindowsAreTold runs a plan with the ends that tell of open windows: they say how a window stands before it
// closes, and all else is as without them.
func TestOpenWindowsAreTold(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "cars", 1)
	begin := time.Now().Truncate(10 * time.Second).Add(-10 * time.Second) // a run looks back for thirty
	var recs []row.Record
	add := func(after time.Duration, n int) {
		recs = append(recs, row.Record{Key: []byte("44"), Value: fmt.Appendf(nil, `{"car":"44","n":%d}`, n), Time: begin.Add(after).UnixMilli()})
	}
	for i := range 25 {
		add(time.Duration(i)*time.Second, i)
	}
	add(time.Second, 1000) // late
	produce(t, b, topic, recs)
	f := dataframe.Topic(topic).With("big = n * 10_000_000_000_000_000").GroupBy("car").Tumbling("10s").Grace("0s").Agg("n = count()", "top = max(n)", "any(big > 0)").Where("n > 0").To("out")
	p := bound(t, f, recs, 1)
	ends, of := plan.Open([]*plan.Node{f.Node()})
	open, err := plan.Bind(ends, p.Facts)
	if err != nil || len(of) != 1 {
		t.Fatalf("%d ends tell of open windows, want 1: %v", len(of), err)
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var closed, opened []string
	var late, over int64
	for m := range said(ctx, p, Config{Cluster: cluster.Config{Brokers: b.Addrs}, Open: open, Of: of}) {
		switch {
		case m.Hello != nil && (m.Hello.Plan != p.Hash() || len(m.Hello.Roots) != 1):
			t.Errorf("the run calls itself %+v, want plan %s with one root", m.Hello, p.Hash())
		case m.Progress != nil:
			late, over = m.Progress.Late, m.Progress.Over
		case m.Rows != nil:
			got, err := m.Rows.Batch(p.Roots[m.Rows.Root].Schema)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Len() {
				r := row.NewRow(got, i)
				text := fmt.Sprint(r.Time("window_start").Sub(begin), " ", r.Int("n"), " ", r.Int("top"))
				if m.Rows.Open {
					opened = append(opened, text)
				} else {
					closed = append(closed, text)
				}
			}
		}
		if late > 0 && len(opened) > 20 {
			stop()
		}
	}
	if d := cmp.Diff([]string{"0s 10 9", "10s 10 19"}, closed); d != "" || late != 1 || over != 1 {
		t.Errorf("closed windows (-want +got):\n%s; %d rows are late, %d ints did not fit, want 1 and 1", d, late, over)
	}
	for _, want := range []string{"0s 3 2", "10s 7 16", "20s 3 22"} {
		if !slices.Contains(opened, want) {
			t.Errorf("the open windows never say %q: %q", want, opened)
		}
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "cars", 1)
	recs := speeds("1", "2")
	produce(t, b, topic, recs)
	p := bound(t, dataframe.Topic(topic).GroupBy("speed").Tumbling("1s").Agg("n = count()"), recs, 1)
	said, stop := started(t, b, p)
	<-said
	stop()
	for range said {
	}
	topics, err := b.Admin(t).ListTopics(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	groups, err := b.Admin(t).ListGroups(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(topics.Names()) != 1 || len(groups) != 0 {
		t.Errorf("the run left topics %v and groups %v", topics.Names(), groups.Groups())
	}
}

func TestReaderRefusesWhatIsNoMessage(t *testing.T) {
	for _, b := range [][]byte{{0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 4, 'x', 'x', 'x', 'x'}, {0, 0, 0, 9, '{'}} {
		if _, err := NewReader(bytes.NewReader(b)).Next(); !errors.Is(err, ErrMessage) {
			t.Errorf("%v: got %v, want ErrMessage", b, err)
		}
	}
}

func produce(t *testing.T, b *kafkatest.Broker, topic string, recs []row.Record) {
	t.Helper()
	out := make([]*kgo.Record, len(recs))
	for i, r := range recs {
		out[i] = &kgo.Record{Topic: topic, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(r.Time)}
	}
	b.ProduceKeyed(t, out...)
}
