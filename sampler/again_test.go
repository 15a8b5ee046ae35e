package sampler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler"
)

// keyed are rows from one place on, a key after the other.
func keyed(topic string, from, n int) []*kgo.Record {
	rs := steady(topic, 1, from+n, 10)[from:]
	for i, r := range rs {
		r.Key = fmt.Append(nil, (from+i)%3)
	}
	return rs
}

// Whatever was asked for, the second reading is asked the same, of the topic as it is then.
func TestAgainAsksWhatWasAskedBefore(t *testing.T) {
	b := kafkatest.Fake(t)
	at := func(i int) time.Time { return time.UnixMilli(t0 + int64(i)*10) }
	for i, test := range []struct {
		spec        sampler.Spec
		before, now []string
	}{
		{sampler.Last(2), []string{"18", "19"}, []string{"28", "29"}},
		{sampler.First(2), []string{"0", "1"}, []string{"0", "1"}},
		{sampler.Since(at(17)), []string{"17", "18", "19"}, []string{"17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29"}},
		{sampler.Between(at(18), 40*time.Millisecond), []string{"18", "19"}, []string{"18", "19", "20", "21"}},
		{sampler.EveryNth(9), []string{"0", "9", "18"}, []string{"0", "9", "18", "27"}},
		{sampler.PerKey(1, "of each", byKey{}), []string{"17", "18", "19"}, []string{"27", "28", "29"}},
		{sampler.For(25 * time.Millisecond), []string{"17", "18", "19"}, []string{"27", "28", "29"}},
	} {
		topic := b.Topic(t, fmt.Sprintf("again-%d", i), 1)
		b.Produce(t, keyed(topic, 0, 20)...)
		s := open(t, b, sampler.Options{Pins: t.TempDir()})
		before, _, err := s.Sample(t.Context(), test.spec, topic)
		if err != nil {
			t.Fatalf("%s: %v", test.spec, err)
		}
		b.Produce(t, keyed(topic, 20, 10)...)
		asked := ""
		now, err := s.Again(t.Context(), func(column string) sampler.Keys { asked = column; return byKey{} }, topic)
		if err != nil {
			t.Fatalf("%s again: %v", test.spec, err)
		}
		if diff := cmp.Diff([][]string{test.before, test.now}, [][]string{values(before, topic), values(now, topic)}); diff != "" || now.Spec != test.spec.String() {
			t.Errorf("%s, then %s (-want +got):\n%s", test.spec, now.Spec, diff)
		}
		if asked != "" && asked != "of each" {
			t.Errorf("keys of column %q", asked)
		}
		if pins := s.Pinned(topic); len(pins) != 1 || pins[0].Fingerprint != now.Fingerprint {
			t.Errorf("%s: what was read again is not pinned", test.spec)
		}
	}
}

// Topics that were asked for differently are asked so again, and one that was read beside a thinned one is read beside it again.
func TestAgainOfSeveralTopics(t *testing.T) {
	b := kafkatest.Fake(t)
	thin, whole, other := b.Topic(t, "thin", 1), b.Topic(t, "beside", 1), b.Topic(t, "other", 1)
	b.Produce(t, keyed(thin, 0, 20)...)
	b.Produce(t, keyed(whole, 0, 20)...)
	b.Produce(t, keyed(other, 0, 20)...)
	s := open(t, b, sampler.Options{Pins: t.TempDir()})
	if _, _, err := s.Sample(t.Context(), sampler.EveryNth(10), thin); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Sample(t.Context(), sampler.Spec{}, thin, whole); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Sample(t.Context(), sampler.Last(3), other); err != nil {
		t.Fatal(err)
	}
	for _, topic := range []string{thin, whole, other} {
		b.Produce(t, keyed(topic, 20, 10)...)
	}
	now, err := s.Again(t.Context(), nil, thin, whole, other)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0", "10", "20"}, values(now, thin)); diff != "" {
		t.Errorf("the thinned (-want +got):\n%s", diff)
	}
	if got := values(now, whole); len(got) != 30 {
		t.Errorf("beside it are %d rows, want all 30", len(got))
	}
	if diff := cmp.Diff([]string{"27", "28", "29"}, values(now, other)); diff != "" {
		t.Errorf("the other (-want +got):\n%s", diff)
	}
	if alone, err := s.Again(t.Context(), nil, whole); err != nil || len(alone.Records) != 30 || alone.Thinned {
		t.Errorf("alone: %v, %d rows", err, len(alone.Records))
	}
}

// Of what is not pinned the last rows are read.
func TestAgainOfWhatIsNotPinned(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, keyed("cars", 0, 5)...)
	got, err := open(t, b, sampler.Options{Pins: t.TempDir()}).Again(t.Context(), nil, "cars")
	if err != nil || got.Spec != "last 10000" || len(got.Records) != 5 {
		t.Errorf("%v, %+v", err, got)
	}
}
