package sampler_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// byKey counts rows by their record's key.
type byKey struct{ err error }

func (k byKey) Of(_ context.Context, s *file.Sample) ([]string, error) {
	var out []string
	for _, r := range s.Records {
		out = append(out, string(r.Key))
	}
	return out, k.err
}

func TestEveryNthGoesByOffset(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "thin", 3)
		rows := steady(topic, 3, 100, 10)
		b.Produce(t, rows...)
		s := open(t, b, sampler.Options{Pins: t.TempDir()})
		got, _, err := s.Sample(t.Context(), sampler.EveryNth(10), topic)
		if err != nil {
			t.Fatal(err)
		}
		// Row i is at offset i/3 of partition i%3.
		want := []string{"0", "30", "60", "90", "1", "31", "61", "91", "2", "32", "62", "92"}
		if diff := cmp.Diff(want, values(got, topic)); diff != "" || !got.Thinned {
			t.Errorf("thinned: %v; rows (-want +got):\n%s", got.Thinned, diff)
		}
		again, err := s.Resample(t.Context(), sampler.EveryNth(10), topic)
		if err != nil || again.Fingerprint != got.Fingerprint {
			t.Errorf("read again: %v, fingerprint %s, want %s", err, again.Fingerprint.Short(), got.Fingerprint.Short())
		}
		// A topic that joins the span has all of its rows.
		other := b.Topic(t, "thin-other", 1)
		b.Produce(t, steady(other, 1, 20, 10)...)
		both, _, err := s.Sample(t.Context(), sampler.Spec{}, topic, other)
		if err != nil || !both.Thinned || len(values(both, other)) != 20 {
			t.Errorf("with another: %v, thinned %v, %d rows of the other", err, both.Thinned, len(values(both, other)))
		}
	})
}

func TestPerKeyTakesTheNewestOfEach(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic := b.Topic(t, "per-key", 2)
		put := func(key string, p int32, ms int64) *kgo.Record {
			r := row(topic, p, ms, fmt.Sprintf("%s@%d", key, ms))
			r.Key = []byte(key)
			return r
		}
		b.Produce(t, put("a", 0, 10), put("a", 1, 40), put("b", 0, 20), put("a", 0, 30), put("c", 1, 5), put("a", 0, 25), put("b", 1, 20), put("b", 0, 20))
		dir := t.TempDir()
		s := open(t, b, sampler.Options{Pins: dir})
		got, _, err := s.Sample(t.Context(), sampler.PerKey(2, "car", byKey{}), topic)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"a@30", "b@20", "a@40", "c@5", "b@20"}
		if diff := cmp.Diff(want, values(got, topic)); diff != "" || !got.Thinned || got.Spec != "last 2 of each car" {
			t.Errorf("thinned: %v, spec %q; rows (-want +got):\n%s", got.Thinned, got.Spec, diff)
		}
		b.Produce(t, put("c", 0, 99))
		pinned, fresh, err := s.Sample(t.Context(), sampler.Spec{}, topic)
		if err != nil || fresh || pinned.Fingerprint != got.Fingerprint {
			t.Errorf("pinned: %v, fresh %v", err, fresh)
		}
		sorry := errors.New("sorry")
		if _, err := s.Resample(t.Context(), sampler.PerKey(2, "car", byKey{sorry}), topic); !errors.Is(err, sorry) {
			t.Errorf("error %v, want that of the keys", err)
		}
		if again, _, err := s.Sample(t.Context(), sampler.Spec{}, topic); err != nil || again.Fingerprint != got.Fingerprint {
			t.Errorf("a failed reading changed the pin: %v", err)
		}
	})
}

func TestSinceUntilNow(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 100, 10)...)
	s := open(t, b, sampler.Options{})
	got, err := s.Resample(t.Context(), sampler.Since(time.UnixMilli(t0+900)), "cars")
	if err != nil || got.From != t0+900 || got.To != t0+991 {
		t.Errorf("since: %v, from %d to %d", err, got.From-t0, got.To-t0)
	}
	if _, err := s.Resample(t.Context(), sampler.Since(time.UnixMilli(t0+5000)), "cars"); !errors.Is(err, sampler.ErrEmpty) {
		t.Errorf("since then: %v, want ErrEmpty", err)
	}
}
