package sampler_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

const t0 = int64(1_700_000_000_000)

func open(t *testing.T, b *kafkatest.Broker, opts sampler.Options) *sampler.Sampler {
	t.Helper()
	s, err := sampler.Open(t.Context(), cluster.Config{Brokers: b.Addrs}, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// row is a record at a time, ms after t0.
func row(topic string, p int32, ms int64, value string) *kgo.Record {
	return &kgo.Record{Topic: topic, Partition: p, Timestamp: time.UnixMilli(t0 + ms), Key: []byte("k"), Value: []byte(value)}
}

// steady are n rows over the partitions, the i-th at i*every ms.
func steady(topic string, partitions int32, n int, every int64) []*kgo.Record {
	var rs []*kgo.Record
	for i := range n {
		rs = append(rs, row(topic, int32(i)%partitions, int64(i)*every, fmt.Sprint(i)))
	}
	return rs
}

// values of a sample's rows of a topic, by partition and offset.
func values(s *file.Sample, topic string) []string {
	type at struct {
		p int32
		o int64
	}
	var order []at
	all := map[at]string{}
	for _, r := range s.Records {
		if r.Topic == topic {
			all[at{r.Partition, r.Offset}] = string(r.Value)
			order = append(order, at{r.Partition, r.Offset})
		}
	}
	slices.SortFunc(order, func(a, b at) int { return int(int64(a.p-b.p)*1_000_000 + a.o - b.o) })
	var vs []string
	for _, o := range order {
		vs = append(vs, all[o])
	}
	return vs
}

func want(from, to, partitions int) []string {
	var vs []string
	for p := range partitions {
		for i := range to {
			if i >= from && i%partitions == p {
				vs = append(vs, fmt.Sprint(i))
			}
		}
	}
	return vs
}

func TestSpecs(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "specs", 3)
		b.Produce(t, steady(topic, 3, 300, 10)...)
		s := open(t, b, sampler.Options{})
		for _, test := range []struct {
			spec     sampler.Spec
			from, to int
		}{
			{sampler.Last(1), 299, 300},
			{sampler.Last(50), 250, 300},
			{sampler.Last(299), 1, 300},
			{sampler.Last(300), 0, 300},
			{sampler.Last(1000), 0, 300},
			{sampler.First(1), 0, 1},
			{sampler.First(50), 0, 50},
			{sampler.First(300), 0, 300},
			{sampler.First(1000), 0, 300},
			{sampler.Between(time.UnixMilli(t0+100), 200*time.Millisecond), 10, 30},
			{sampler.Between(time.UnixMilli(t0-5000), 5001*time.Millisecond), 0, 1},
			{sampler.Between(time.UnixMilli(t0+2990), time.Hour), 299, 300},
			{sampler.Since(time.UnixMilli(t0 + 2500)), 250, 300},
			{sampler.EveryNth(1), 0, 300},
			{sampler.Spec{}, 0, 300},
		} {
			t.Run(strings.ReplaceAll(test.spec.String(), " ", "-"), func(t *testing.T) {
				got, err := s.Resample(t.Context(), test.spec, topic)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want(test.from, test.to, 3), values(got, topic)); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
				if got.ClusterID != s.ClusterID() || got.ClusterID == "" || got.Partitions(topic) != 3 || got.Topics[0].ID == "" {
					t.Errorf("header %+v", got.Header)
				}
			})
		}
	})
}

// Topics of different rates are cut at one time, so that a join of them finds partners.
func TestTopicsAreCutAtOneTime(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		fast, slow := b.Topic(t, "fast", 2), b.Topic(t, "slow", 2)
		b.Produce(t, steady(fast, 2, 1000, 10)...) // 10 s
		b.Produce(t, steady(slow, 2, 10, 1000)...) // 10 s
		s := open(t, b, sampler.Options{})
		got, err := s.Resample(t.Context(), sampler.Last(400), slow, fast)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want(600, 1000, 2), values(got, fast)); diff != "" {
			t.Errorf("fast (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want(6, 10, 2), values(got, slow)); diff != "" {
			t.Errorf("slow (-want +got):\n%s", diff)
		}
		if got.From != t0+6000 || got.To != t0+9991 {
			t.Errorf("cut at %d and %d, want %d and %d", got.From, got.To, t0+6000, t0+9991)
		}
	})
}

func TestRowsComeAsTheyAre(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "raw", 1)
		in := []*kgo.Record{
			{Topic: topic, Timestamp: time.UnixMilli(t0), Key: nil, Value: nil},
			{Topic: topic, Timestamp: time.UnixMilli(t0 + 5), Key: []byte{}, Value: []byte{}},
			{Topic: topic, Timestamp: time.UnixMilli(t0 + 3), Key: []byte{0, 255}, Value: []byte("{bad json"),
				Headers: []kgo.RecordHeader{{Key: "h", Value: nil}, {Key: "h", Value: []byte("x")}}},
		}
		b.Produce(t, in...)
		got, err := open(t, b, sampler.Options{}).Peek(t.Context(), topic, 3)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got.Records {
			w := in[i]
			if (r.Key == nil) != (w.Key == nil) || (r.Value == nil) != (w.Value == nil) || string(r.Key) != string(w.Key) ||
				string(r.Value) != string(w.Value) || r.Time != w.Timestamp.UnixMilli() || len(r.Headers) != len(w.Headers) || r.Offset != int64(i) || got.Appended[i] {
				t.Errorf("row %d is %+v, want %+v", i, r, w)
			}
		}
		if h := got.Records[2].Headers; h[0].Value != nil || string(h[1].Value) != "x" {
			t.Errorf("headers %v", h)
		}
	})
}

// Aborted rows are not seen, rows of an open transaction wait, and markers do not make a sample short.
func TestOnlyCommittedRows(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "committed", 1)
		cl := b.Client(t, kgo.TransactionalID(b.Name("txn")), kgo.RecordPartitioner(kgo.ManualPartitioner()))
		transact := func(i int, end kgo.TransactionEndTry) {
			t.Helper()
			if err := cl.BeginTransaction(); err != nil {
				t.Fatal(err)
			}
			if err := cl.ProduceSync(t.Context(), row(topic, 0, int64(i), fmt.Sprint(i))).FirstErr(); err != nil {
				t.Fatal(err)
			}
			if err := cl.EndTransaction(t.Context(), end); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 40 {
			transact(i, kgo.TransactionEndTry(i%4 != 3))
		}
		if err := cl.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		if err := cl.ProduceSync(t.Context(), row(topic, 0, 99, "open")).FirstErr(); err != nil {
			t.Fatal(err)
		}
		got, err := open(t, b, sampler.Options{}).Resample(t.Context(), sampler.Last(20), topic)
		if err != nil {
			t.Fatal(err)
		}
		vs := values(got, topic)
		if len(vs) < 20 || vs[len(vs)-1] != "38" || slices.Contains(vs, "39") || slices.Contains(vs, "35") {
			t.Errorf("rows %v, want 20 or more up to 38, without 35 and 39", vs)
		}
		if err := cl.EndTransaction(t.Context(), kgo.TryAbort); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSampleIsPinned(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "pinned", 2)
		b.Produce(t, steady(topic, 2, 100, 10)...)
		opts := sampler.Options{Pins: filepath.Join(t.TempDir(), "samples")}
		ctx := t.Context()
		first, fresh, err := open(t, b, opts).Sample(ctx, sampler.Last(10), topic)
		if err != nil || !fresh {
			t.Fatalf("first: fresh %v, %v", fresh, err)
		}
		b.Produce(t, row(topic, 0, 5000, "later"))
		restarted := open(t, b, opts)
		for _, spec := range []sampler.Spec{sampler.Last(10), {}} {
			again, fresh, err := restarted.Sample(ctx, spec, topic)
			if err != nil || fresh {
				t.Fatalf("%s: fresh %v, %v; want the pin", spec, fresh, err)
			}
			if diff := cmp.Diff(first, again); diff != "" {
				t.Errorf("%s: (-first +again):\n%s", spec, diff)
			}
		}
		other, fresh, err := restarted.Sample(ctx, sampler.Last(20), topic)
		if err != nil || !fresh || other.Fingerprint == first.Fingerprint {
			t.Errorf("another spec: fresh %v, %v", fresh, err)
		}
		if vs := values(other, topic); !slices.Contains(vs, "later") {
			t.Errorf("read anew: %v, want the later row", vs)
		}
		pins, err := sampler.Pins{Dir: opts.Pins}.List()
		if err != nil || len(pins) != 1 || pins[0].Fingerprint != other.Fingerprint || pins[0].Spec != "last 20" {
			t.Errorf("pins %+v, %v", pins, err)
		}
		if err := (sampler.Pins{Dir: opts.Pins}).Remove(restarted.ClusterID(), topic); err != nil {
			t.Error(err)
		}
		if _, err := (sampler.Pins{Dir: opts.Pins}).Load(restarted.ClusterID(), topic); !errors.Is(err, sampler.ErrNotPinned) {
			t.Errorf("removed: %v, want ErrNotPinned", err)
		}
	})
}

// The rows of a topic that is looked at later are those of the time of the pinned ones, however much came since.
func TestSecondTopicJoinsThePinnedSpan(t *testing.T) {
	b := kafkatest.Fake(t, "fast:2", "slow:2")
	b.Produce(t, steady("fast", 2, 1000, 10)...)
	b.Produce(t, steady("slow", 2, 10, 1000)...)
	s := open(t, b, sampler.Options{Pins: t.TempDir()})
	if _, _, err := s.Sample(t.Context(), sampler.Last(400), "fast"); err != nil {
		t.Fatal(err)
	}
	b.Produce(t, row("slow", 0, 12_000, "later"), row("fast", 0, 12_000, "later"))
	both, fresh, err := s.Sample(t.Context(), sampler.Last(400), "fast", "slow")
	if err != nil || !fresh {
		t.Fatalf("fresh %v, %v", fresh, err)
	}
	if diff := cmp.Diff(want(600, 1000, 2), values(both, "fast")); diff != "" {
		t.Errorf("fast (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want(6, 10, 2), values(both, "slow")); diff != "" {
		t.Errorf("slow (-want +got):\n%s", diff)
	}
	again, fresh, err := s.Sample(t.Context(), sampler.Spec{}, "slow", "fast")
	if err != nil || fresh || again.Fingerprint != both.Fingerprint {
		t.Errorf("again: fresh %v, %v, fingerprint %s; want %s", fresh, err, again.Fingerprint.Short(), both.Fingerprint.Short())
	}
}

func TestAnotherClusterIsToldApart(t *testing.T) {
	opts := sampler.Options{Pins: t.TempDir()}
	first, second := fakeCluster(t, "one"), fakeCluster(t, "two/../x")
	for _, b := range []*kafkatest.Broker{first, second} {
		b.Produce(t, steady("cars", 1, 10, 10)...)
	}
	if _, _, err := open(t, first, opts).Sample(t.Context(), sampler.Last(5), "cars"); err != nil {
		t.Fatal(err)
	}
	s := open(t, second, opts)
	_, _, err := s.Sample(t.Context(), sampler.Last(5), "cars")
	if !errors.Is(err, sampler.ErrOtherCluster) || !strings.Contains(err.Error(), "Resample") {
		t.Fatalf("error %v, want ErrOtherCluster", err)
	}
	if _, err := s.Resample(t.Context(), sampler.Last(5), "cars"); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*kafkatest.Broker{first, second} {
		if _, fresh, err := open(t, b, opts).Sample(t.Context(), sampler.Last(5), "cars"); err != nil || fresh {
			t.Errorf("pin of its own: fresh %v, %v", fresh, err)
		}
	}
}

func TestBrokenPinIsAnError(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 10, 10)...)
	dir := t.TempDir()
	s := open(t, b, sampler.Options{Pins: dir})
	if _, _, err := s.Sample(t.Context(), sampler.Last(5), "cars"); err != nil {
		t.Fatal(err)
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "*", "cars.sample"))
	if len(paths) != 1 {
		t.Fatalf("pins %v", paths)
	}
	if err := os.Truncate(paths[0], 100); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Sample(t.Context(), sampler.Last(5), "cars"); !errors.Is(err, file.ErrTruncated) {
		t.Errorf("error %v, want ErrTruncated", err)
	}
	if _, err := (sampler.Pins{Dir: dir}).List(); !errors.Is(err, file.ErrTruncated) {
		t.Errorf("List: %v, want ErrTruncated", err)
	}
}

// A reading that fails leaves the pin that was there.
func TestFailedReadingKeepsThePin(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 100, 10)...)
	dir := t.TempDir()
	s := open(t, b, sampler.Options{Pins: dir, Limits: sampler.Limits{Bytes: 50}})
	kept, _, err := s.Sample(t.Context(), sampler.Last(5), "cars")
	if err != nil {
		t.Fatal(err)
	}
	for spec, want := range map[sampler.Spec]error{
		sampler.Last(90): file.ErrTooLarge,
		sampler.Between(time.UnixMilli(t0+1_000_000), time.Second): sampler.ErrEmpty,
	} {
		if _, _, err := s.Sample(t.Context(), spec, "cars"); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", spec, err, want)
		}
	}
	again, fresh, err := s.Sample(t.Context(), sampler.Spec{}, "cars")
	if err != nil || fresh || again.Fingerprint != kept.Fingerprint {
		t.Errorf("fresh %v, %v; want what was pinned", fresh, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", ".*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestNoGroupIsTouched(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "quiet", 2)
		b.Produce(t, steady(topic, 2, 100, 10)...)
		before := groups(t, b)
		s := open(t, b, sampler.Options{Pins: t.TempDir()})
		for _, spec := range []sampler.Spec{sampler.First(10), sampler.Last(10), sampler.Between(time.UnixMilli(t0), time.Second)} {
			if _, _, err := s.Sample(t.Context(), spec, topic); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(before, groups(t, b)); diff != "" {
			t.Errorf("groups of the broker (-before +after):\n%s", diff)
		}
	})
}

func groups(t *testing.T, b *kafkatest.Broker) []string {
	t.Helper()
	listed, err := b.Admin(t).ListGroups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return listed.Groups()
}

func TestProgress(t *testing.T) {
	b := kafkatest.Fake(t, "cars:2")
	b.Produce(t, steady("cars", 2, 100, 10)...)
	var last sampler.Progress
	s := open(t, b, sampler.Options{Progress: func(p sampler.Progress) { last = p }})
	if _, err := s.Resample(context.Background(), sampler.Last(40), "cars"); err != nil {
		t.Fatal(err)
	}
	if last.Rows != 40 || last.Of != 40 || last.Bytes == 0 {
		t.Errorf("progress %+v, want 40 of 40", last)
	}
}
