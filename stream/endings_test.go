//go:build synctests

package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// tiny is a world whose test makes its own program and rows.
func tiny(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	inWorld(t, 1, ledger.Shape{Partitions: 2, Cars: 2, Rows: 20}, func(w *world) { test(w.t, w) })
}

// graph binds frames that read a topic "in" with the columns id and text.
func (w *world) graph(frames ...df.Frame) {
	w.t.Helper()
	var roots []*plan.Node
	for _, f := range frames {
		if f.Err() != nil {
			w.t.Fatal(f.Err())
		}
		roots = append(roots, f.Node())
	}
	p, err := plan.Bind(roots, plan.Facts{Topics: map[string]plan.TopicFacts{"in": {Partitions: 2, Fields: []plan.Field{
		{Name: "id", Kind: row.Int}, {Name: "text", Kind: row.String}}}}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.plan = p
}

func (w *world) put(topic string, values ...string) {
	w.t.Helper()
	cl := w.client(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer cl.Close()
	for i, v := range values {
		r := &kgo.Record{Topic: topic, Partition: int32(i % 2), Key: []byte("k"), Value: []byte(v)}
		if err := cl.ProduceSync(context.Background(), r).FirstErr(); err != nil {
			w.t.Fatal(err)
		}
	}
}

// runFor runs one process for a time and gives the error that ended it, or nil.
func (w *world) runFor(d time.Duration, set func(*Config)) error { return w.runPlan(w.plan, d, set) }

func (w *world) runPlan(p *plan.Plan, d time.Duration, set func(*Config)) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	cfg := w.config(0)
	cfg.Failpoint = nil
	if set != nil {
		set(&cfg)
	}
	return Run(ctx, p, cfg)
}

// values are the committed values of a topic, sorted.
func (w *world) values(topic string) []string {
	w.topics = []string{topic}
	var out []string
	for _, r := range w.written(kgo.ReadCommitted()) {
		out = append(out, string(r.Value))
	}
	slices.Sort(out)
	return out
}

func (w *world) topic(name string, partitions int32, config map[string]string) {
	w.t.Helper()
	if err := w.brokers.CreateTopic(name, partitions, config); err != nil {
		w.t.Fatal(err)
	}
}

// ends fails if the error is not that, or does not say so.
func ends(t *testing.T, err, want error, say ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("ended with %v, want %v", err, want)
	}
	for _, s := range say {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("it says %q, want %q in it", err, s)
		}
	}
}

func in() df.Frame { return df.Topic("in") }

func TestMissingTopic(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("inn", 2, nil)
		w.graph(in().To("out"))
		ends(t, w.runFor(time.Minute, nil), ErrTopic, `"in"`, "did you mean inn?")
	})
}

// TestTopicHeardOfLate has a broker that does not know a topic yet: that it is not there is not believed at once.
func TestTopicHeardOfLate(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.graph(in().To("out"))
		time.AfterFunc(3*time.Second, func() {
			w.topic("in", 2, nil)
			w.put("in", `{"id":1,"text":"a"}`)
		})
		if err := w.runFor(20*time.Second, nil); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(w.values("out")); got != `[{"id":1,"text":"a"}]` {
			t.Errorf("written %s", got)
		}
	})
}

func TestBadRowStops(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`)
		w.graph(in().Select("id").To("out"))
		if err := w.runFor(5*time.Second, nil); err != nil {
			t.Fatal(err)
		}
		w.put("in", `{"id":2}`, `{"id":"three"}`)
		var bad *exec.BadRow
		if err := w.runFor(time.Minute, nil); !errors.As(err, &bad) || bad.Record.Partition != 1 {
			t.Fatalf("ended with %v, want the row in partition 1", err)
		}
		if got := w.values("out"); !slices.Contains(got, `{"id":1}`) || len(got) > 2 {
			t.Errorf("written %v", got)
		}
	})
}

func TestDeadLetters(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`, `{"id":"two"}`, `{"id":3}`)
		w.graph(in().Select("id").OnError(df.DeadLetter("dead")).To("out"))
		if err := w.runFor(10*time.Second, nil); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(w.values("out"), w.values("dead")); got != `[{"id":1} {"id":3}] [{"id":"two"}]` {
			t.Errorf("written %v", got)
		}
	})
}

// TestOversized has rows that a topic does not take: one that the client
// refuses, and one that only the broker does.
func TestOversized(t *testing.T) {
	long := func(n int) string { return fmt.Sprintf(`{"id":%d,"text":"%s"}`, n, strings.Repeat("x", n)) }
	for _, c := range []struct {
		policy   df.Policy
		delivery Delivery
		want     string
		bad      int
	}{
		{df.Skip, ExactlyOnce, `[{"id":1,"text":"a"} {"id":3,"text":"c"}] []`, 2},
		{df.Skip, AtLeastOnce, `[{"id":1,"text":"a"} {"id":3,"text":"c"}] []`, 2},
		{df.DeadLetter("dead"), ExactlyOnce, `[{"id":1,"text":"a"} {"id":3,"text":"c"}] [ ]`, 2},
		{df.Stop, ExactlyOnce, "", 0},
	} {
		t.Run(fmt.Sprint(c.policy, " ", c.delivery), func(t *testing.T) {
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 2, map[string]string{"max.message.bytes": "10000000"})
				w.topic("out", 2, map[string]string{"max.message.bytes": "2000"})
				cl := w.client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerBatchMaxBytes(5<<20))
				for i, v := range []string{`{"id":1,"text":"a"}`, long(1_040_000), `{"id":3,"text":"c"}`, long(5000)} {
					if err := cl.ProduceSync(context.Background(), &kgo.Record{Topic: "in", Partition: int32(i % 2), Value: []byte(v)}).FirstErr(); err != nil {
						t.Fatal(err)
					}
				}
				cl.Close()
				w.graph(in().To("out").OnError(c.policy), in().Where("id < 10").Select("id").To("small"))
				var bad []*exec.BadRow
				err := w.runFor(30*time.Second, func(cfg *Config) {
					cfg.Delivery = c.delivery
					cfg.Client = append(cfg.Client, kgo.ProducerBatchCompression(kgo.NoCompression()))
					cfg.Events.Bad = func(b *exec.BadRow) { bad = append(bad, b) }
				})
				var stopped *exec.BadRow
				if c.want == "" {
					if !errors.As(err, &stopped) || stopped.Stage != Produce {
						t.Fatalf("ended with %v, want the row", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				dead := []string{}
				if c.policy != df.Skip {
					dead = w.values("dead")
				}
				values := func(topic string) []string {
					if c.delivery == AtLeastOnce { // the rows beside those that are refused come again
						return slices.Compact(w.values(topic))
					}
					return w.values(topic)
				}
				if got := fmt.Sprint(values("out"), dead); got != c.want || len(bad) != c.bad {
					t.Errorf("written %.300s, %d bad; want %s, %d bad", got, len(bad), c.want, c.bad)
				}
				if got := fmt.Sprint(values("small")); got != `[{"id":1} {"id":3}]` {
					t.Errorf("the other branch has %s", got)
				}
			})
		})
	}
}

func TestMovedOffsetsStop(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`, `{"id":2}`, `{"id":3}`, `{"id":4}`)
		w.graph(in().GroupBy("id").ApplyState(func(r df.Row, s *df.State) df.Row { s.Set("n", 1); return r }).To("out"))
		if err := w.runFor(10*time.Second, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second) // until the group is empty
		adm := kadm.NewClient(w.client())
		defer adm.Close()
		back := kadm.Offsets{}
		back.AddOffset("in", 0, 0, -1)
		if err := adm.CommitAllOffsets(context.Background(), "ledger", back); err != nil {
			t.Fatal(err)
		}
		ends(t, w.runFor(time.Minute, nil), ErrMoved, "in/0:2", "in/0:0", "changelog")
	})
}

func TestSameInstanceTwice(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.graph(in().To("out"))
		first := make(chan error)
		go func() { first <- w.runFor(time.Minute, nil) }()
		time.Sleep(5 * time.Second)
		if err := w.runFor(20*time.Second, nil); err != nil {
			t.Errorf("the second process ended with %v", err)
		}
		ends(t, <-first, ErrFenced, `instance "w0"`, "--instance")
	})
}

func TestOtherProgramOfOneGroup(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.graph(in().To("out"))
		first, one := make(chan error), w.plan
		go func() { first <- w.runPlan(one, 30*time.Second, nil) }()
		time.Sleep(5 * time.Second)
		w.use(ledger.Stateless, ledger.Plain)
		ends(t, w.runFor(10*time.Second, func(c *Config) { c.Instance = "other" }), ErrLayout, "another --group")
		if err := <-first; err != nil {
			t.Errorf("the first process ended with %v", err)
		}
	})
}

// TestLatestIsKept begins a new group at the end, and has it miss nothing later,
// though a quiet partition never had a row to commit.
func TestLatestIsKept(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`, `{"id":2}`)
		w.graph(in().Select("id").To("out"))
		latest := func(c *Config) { c.From = Latest }
		if err := w.runFor(5*time.Second, latest); err != nil {
			t.Fatal(err)
		}
		w.put("in", `{"id":3}`, `{"id":4}`)
		if err := w.runFor(5*time.Second, latest); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(w.values("out")); got != `[{"id":3} {"id":4}]` {
			t.Errorf("written %s, want what came while the program was down", got)
		}
	})
}

// TestChangelogCutOff has lost its folder, and its changelog the beginning: half a state is worse than none.
func TestChangelogCutOff(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`, `{"id":2}`)
		w.graph(in().GroupBy("id").ApplyState(func(r df.Row, s *df.State) df.Row { s.Set("n", 1); return r }).To("out"))
		if err := w.runFor(10*time.Second, nil); err != nil {
			t.Fatal(err)
		}
		w.trim("ledger-1-changelog", 0, 1)
		w.trim("ledger-1-changelog", 1, 1)
		ends(t, w.runFor(time.Minute, nil), ErrGone, "ledger-1-changelog", "begins at 1")
	})
}

// trim deletes what is in a partition before an offset.
func (w *world) trim(topic string, p int32, before int64) {
	w.t.Helper()
	adm := kadm.NewClient(w.client())
	defer adm.Close()
	offsets := kadm.Offsets{}
	offsets.AddOffset(topic, p, before, -1)
	if _, err := adm.DeleteRecords(context.Background(), offsets); err != nil {
		w.t.Fatal(err)
	}
}

// TestRetentionOvertakes has a topic that lost rows which the program had not read.
func TestRetentionOvertakes(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`, `{"id":2}`)
		w.graph(in().To("out"))
		if err := w.runFor(10*time.Second, nil); err != nil {
			t.Fatal(err)
		}
		w.put("in", `{"id":3}`, `{"id":4}`, `{"id":5}`, `{"id":6}`)
		w.trim("in", 0, 2)
		ends(t, w.runFor(time.Minute, nil), ErrGone, "in/0", "the topic begins at 2")
	})
}

// TestMovedRowsAreDeleted has rows that were moved and read go away.
func TestMovedRowsAreDeleted(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.graph(in().GroupBy("id").ApplyState(func(r df.Row, s *df.State) df.Row { s.Set("n", 1); return r }).To("out"))
		go func() {
			for range 5 {
				w.put("in", `{"id":1}`, `{"id":2}`)
				time.Sleep(20 * time.Second)
			}
		}()
		if err := w.runFor(2*time.Minute, nil); err != nil {
			t.Fatal(err)
		}
		adm := kadm.NewClient(w.client())
		defer adm.Close()
		starts, err := adm.ListStartOffsets(context.Background(), "ledger-by-id-repartition")
		if err != nil {
			t.Fatal(err)
		}
		first := int64(0)
		starts.Each(func(o kadm.ListedOffset) { first += o.Offset })
		if first == 0 {
			t.Error("nothing was deleted in two minutes")
		}
	})
}

func TestRefusedWritesEnd(t *testing.T) {
	for name, c := range map[string]struct {
		err  *kerr.Error
		want error
		say  string
	}{
		"not allowed": {kerr.TopicAuthorizationFailed, ErrDenied, "WRITE"},
		"broken":      {kerr.InvalidRequiredAcks, kerr.InvalidRequiredAcks, "in a row"},
	} {
		t.Run(name, func(t *testing.T) {
			tiny(t, func(t *testing.T, w *world) {
				w.topic("in", 2, nil)
				w.topic("out", 2, nil)
				w.put("in", `{"id":1}`)
				w.brokers.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: "out", Err: c.err, Count: -1})
				w.graph(in().To("out"))
				ends(t, w.runFor(time.Minute, func(cfg *Config) { cfg.Retries = -1 }), c.want, c.say)
			})
		})
	}
}

// TestDeletedTopic has the topic go that the program reads.
func TestDeletedTopic(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", `{"id":1}`, `{"id":2}`)
		w.graph(in().To("out"))
		go func() {
			time.Sleep(10 * time.Second)
			adm := kadm.NewClient(w.client())
			defer adm.Close()
			_, _ = adm.DeleteTopics(context.Background(), "in")
		}()
		ends(t, w.runFor(10*time.Minute, nil), ErrTopic, `"in"`)
	})
}
