package sampler_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// shadow is what was produced to the topics, for an independent cut: the times of the rows by topic and partition.
type shadow map[string][][]int64

// at is the offset of the first row of a time or later.
func (s shadow) at(topic string, p int, ms int64) int {
	for o, ts := range s[topic][p] {
		if ts >= ms {
			return o
		}
	}
	return len(s[topic][p])
}

// rows are how many the busiest topic has from a time on, or before it.
func (s shadow) rows(ms int64, newer bool) (most int) {
	for topic, ps := range s {
		sum := 0
		for p := range ps {
			if at := s.at(topic, p, ms); newer {
				sum += len(ps[p]) - at
			} else {
				sum += at
			}
		}
		most = max(most, sum)
	}
	return most
}

// ranges tries every time, from the end that the spec begins at.
func (s shadow) ranges(first bool, n int, from, to int64) map[string][]file.Range {
	cut := from // of Last: with fewer rows than n, all
	if first {
		for cut = from; cut <= to && s.rows(cut, false) < n; cut++ {
		}
	} else {
		for ms := to; ms > from; ms-- {
			if s.rows(ms, true) >= n {
				cut = ms
				break
			}
		}
	}
	all := map[string][]file.Range{}
	for topic, ps := range s {
		for p := range ps {
			at, end := int64(s.at(topic, p, cut)), int64(len(ps[p]))
			if first {
				all[topic] = append(all[topic], file.Range{From: 0, To: at})
			} else {
				all[topic] = append(all[topic], file.Range{From: at, To: end})
			}
		}
	}
	return all
}

// Cuts of random topics, with disorder, ties and empty partitions, are those of a search that tries every time.
func TestCutsAgainstEveryTime(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	const span = 2000 // ms
	for round := range 15 {
		topics := []string{fmt.Sprintf("a%d", round), fmt.Sprintf("b%d", round)}
		b := kafkatest.Fake(t, topics[0]+":3", topics[1]+":2")
		made := shadow{topics[0]: make([][]int64, 3), topics[1]: make([][]int64, 2)}
		var rs []*kgo.Record
		for range 20 + rng.IntN(300) {
			topic := topics[rng.IntN(10)/7]
			p := rng.IntN(len(made[topic]))
			if round%5 == 0 && p == 0 {
				continue // a partition that nobody writes to
			}
			ms := int64(len(rs))*span/320 - int64(rng.IntN(4))*int64(rng.IntN(100))
			made[topic][p] = append(made[topic][p], t0+ms)
			rs = append(rs, row(topic, int32(p), ms, "v"))
		}
		b.Produce(t, rs...)
		s := open(t, b, sampler.Options{})
		for range 6 {
			n := 1 + rng.IntN(len(rs))
			for _, spec := range []sampler.Spec{sampler.First(n), sampler.Last(n)} {
				got, err := s.Resample(t.Context(), spec, topics...)
				if err != nil {
					t.Fatalf("round %d: %s: %v", round, spec, err)
				}
				ranges := map[string][]file.Range{}
				for _, topic := range got.Topics {
					ranges[topic.Name] = topic.Ranges
				}
				want := made.ranges(spec == sampler.First(n), n, t0-500, t0+span+500)
				if diff := cmp.Diff(want, ranges); diff != "" {
					t.Fatalf("round %d: %s of %d rows (-want +got):\n%s", round, spec, len(rs), diff)
				}
			}
		}
	}
}

// The fake has no such topics.
func TestBrokersTimeIsMarked(t *testing.T) {
	b := kafkatest.Real(t)
	topic := b.Topic(t, "appended", 1, "message.timestamp.type=LogAppendTime")
	before := time.Now().UnixMilli()
	b.Produce(t, steady(topic, 1, 10, 10)...)
	got, err := open(t, b, sampler.Options{}).Resample(t.Context(), sampler.Last(10), topic)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got.Records {
		if !got.Appended[i] || r.Time < before {
			t.Errorf("row %d: time %d, appended %v; want the broker's time", i, r.Time, got.Appended[i])
		}
	}
}

// Rows without a time cannot be cut by time: each partition gives its last ones.
func TestRowsWithoutTime(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "timeless", 2)
		rs := steady(topic, 2, 100, 10)
		for _, r := range rs {
			r.Timestamp = time.UnixMilli(-1)
		}
		b.Produce(t, rs...)
		got, err := open(t, b, sampler.Options{}).Resample(t.Context(), sampler.Last(10), topic)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want(80, 100, 2), values(got, topic)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// Rows of an exactly-once program have the times of what they are about, and markers between them the time at which they were
// written. The broker's search by time stops at the markers; a sample must not.
func TestOldRowsInTransactions(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		marked, plain := b.Topic(t, "marked", 1), b.Topic(t, "plain", 1)
		b.Produce(t, steady(plain, 1, 40, 10)...)
		cl := b.Client(t, kgo.TransactionalID(b.Name("txn")))
		for _, r := range steady(marked, 1, 40, 10) {
			if err := cl.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			if err := cl.ProduceSync(t.Context(), r).FirstErr(); err != nil {
				t.Fatal(err)
			}
			if err := cl.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
				t.Fatal(err)
			}
		}
		s := open(t, b, sampler.Options{})
		got, err := s.Resample(t.Context(), sampler.Between(time.UnixMilli(t0+100), 100*time.Millisecond), marked, plain)
		if err != nil {
			t.Fatal(err)
		}
		for _, topic := range []string{marked, plain} {
			if diff := cmp.Diff(want(10, 20, 1), values(got, topic)); diff != "" {
				t.Errorf("%s between (-want +got):\n%s", topic, diff)
			}
		}
		if got, err = s.Resample(t.Context(), sampler.Last(10), marked, plain); err != nil {
			t.Fatal(err)
		}
		rows := values(got, marked)
		if len(rows) < 10 || rows[len(rows)-1] != "39" {
			t.Errorf("last 10 are %v", rows)
		}
		if diff := cmp.Diff(rows, values(got, plain)); diff != "" {
			t.Errorf("topics are not cut at one time (-marked +plain):\n%s", diff)
		}
		pinning := open(t, b, sampler.Options{Pins: t.TempDir()})
		if _, _, err = pinning.Sample(t.Context(), sampler.Last(10), marked); err != nil {
			t.Fatal(err)
		}
		if got, _, err = pinning.Sample(t.Context(), sampler.Spec{}, marked, plain); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(values(got, marked), values(got, plain)); diff != "" || len(values(got, plain)) < 10 {
			t.Errorf("a topic beside a pinned one (-marked +plain):\n%s", diff)
		}
	})
}

func TestCompactedTopic(t *testing.T) {
	b := kafkatest.Fake(t)
	topic := b.Topic(t, "compacted", 1, "cleanup.policy=compact", "min.cleanable.dirty.ratio=0")
	for i := range 20 {
		r := row(topic, 0, int64(i), fmt.Sprint(i))
		r.Key = []byte{byte('a' + i%3)}
		b.Produce(t, r)
	}
	b.Fake.Compact()
	got, err := open(t, b, sampler.Options{}).Resample(t.Context(), sampler.Last(3), topic)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"17", "18", "19"}, values(got, topic)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// The newest offsets may hold nothing at all, and nothing says so: such as what compaction left of deleted keys.
func TestNothingAtTheNewestOffsets(t *testing.T) {
	t.Parallel() // it waits for the broker's silence
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 6, 10)...)
	b.Fake.ControlKey(int16(kmsg.ListOffsets), func(req kmsg.Request) (kmsg.Response, error, bool) {
		b.Fake.KeepControl()
		asked := req.(*kmsg.ListOffsetsRequest)
		if len(asked.Topics) != 1 || asked.Topics[0].Partitions[0].Timestamp != -1 {
			return nil, nil, false
		}
		resp := asked.ResponseKind().(*kmsg.ListOffsetsResponse)
		topic, p := kmsg.NewListOffsetsResponseTopic(), kmsg.NewListOffsetsResponseTopicPartition()
		topic.Topic, p.Offset, p.Timestamp, p.LeaderEpoch = "cars", 10, -1, -1
		topic.Partitions = append(topic.Partitions, p)
		resp.Topics = append(resp.Topics, topic)
		return resp, nil, true
	})
	got, err := open(t, b, sampler.Options{}).Resample(t.Context(), sampler.Last(10), "cars")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want(0, 6, 1), values(got, "cars")); diff != "" || got.Topics[0].Ranges[0].To != 10 {
		t.Errorf("range %v, rows (-want +got):\n%s", got.Topics[0].Ranges, diff)
	}
}
