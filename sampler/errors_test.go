package sampler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// fakeCluster has an id and the topic cars.
func fakeCluster(t *testing.T, id string) *kafkatest.Broker {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.ClusterID(id), kfake.SeedTopics(1, "cars"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &kafkatest.Broker{Addrs: c.ListenAddrs(), Fake: c}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		topic, empty := b.Topic(t, "car-telemetry", 2), b.Topic(t, "void", 2)
		b.Produce(t, steady(topic, 2, 100, 10)...)
		s := open(t, b, sampler.Options{})
		for _, test := range []struct {
			name  string
			spec  sampler.Spec
			topic string
			want  error
			text  string
		}{
			{"misspelt", sampler.Last(1), strings.Replace(topic, "telemetry", "telemtry", 1), sampler.ErrNoTopic, "did you mean " + topic + "?"},
			{"far off", sampler.Last(1), "zzzzzzzzzzzzzzzzzzzzzzzz", sampler.ErrNoTopic, "(have "},
			{"illegal", sampler.Last(1), "../../etc/passwd", sampler.ErrNoTopic, "letters"},
			{"no name", sampler.Last(1), "", sampler.ErrNoTopic, "letters"},
			{"empty", sampler.Last(1), empty, sampler.ErrEmpty, empty},
			{"none then", sampler.Between(time.UnixMilli(t0+5000), time.Second), topic, sampler.ErrEmpty, "has rows from 2023-11-14T22:13:20Z to 2023-11-14T22:13:20.99Z"},
			{"no rows", sampler.Last(0), topic, sampler.ErrSpec, "want 1 to 1000000"},
			{"too many", sampler.First(1_000_001), topic, sampler.ErrSpec, "want 1 to 1000000"},
			{"backwards", sampler.Between(time.UnixMilli(t0), -1), topic, sampler.ErrSpec, "end after the begin"},
		} {
			t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
				_, _, err := s.Sample(t.Context(), test.spec, test.topic)
				if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
					t.Errorf("error %v\nwant %q with %q", err, test.want, test.text)
				}
			})
		}
	})
}

func TestNoTopicAtAll(t *testing.T) {
	s := open(t, kafkatest.Fake(t), sampler.Options{})
	if _, _, err := s.Sample(t.Context(), sampler.Spec{}, "cars"); !errors.Is(err, sampler.ErrNoTopic) || !strings.Contains(err.Error(), "has none") {
		t.Errorf("error %v", err)
	}
	if _, _, err := s.Sample(t.Context(), sampler.Spec{}); !errors.Is(err, sampler.ErrSpec) {
		t.Errorf("error %v, want ErrSpec", err)
	}
	if topics, err := s.Topics(t.Context()); err != nil || len(topics) != 0 {
		t.Errorf("topics %v, %v", topics, err)
	}
	if groups, err := s.Groups(t.Context()); err != nil || len(groups) != 0 {
		t.Errorf("groups %v, %v", groups, err)
	}
}

func TestLimits(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 100, 10)...)
	for _, test := range []struct {
		name   string
		limits sampler.Limits
		want   error
		text   string
	}{
		{"rows", sampler.Limits{Rows: 40}, file.ErrTooLarge, "more than 40 rows of about 100"},
		{"bytes", sampler.Limits{Bytes: 30}, file.ErrTooLarge, "ask for fewer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, b, sampler.Options{Limits: test.limits})
			_, err := s.Resample(t.Context(), sampler.Between(time.UnixMilli(t0), time.Hour), "cars")
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %v, want %v with %q", err, test.want, test.text)
			}
		})
	}
}

// A broker that accepts and then says nothing must not hang a cell.
func TestTimeLimit(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 100, 10)...)
	s := open(t, b, sampler.Options{Limits: sampler.Limits{Time: 300 * time.Millisecond}})
	b.Fake.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		b.Fake.KeepControl()
		b.Fake.SleepControl(func() { time.Sleep(time.Second) })
		return nil, nil, false
	})
	begin := time.Now()
	_, err := s.Resample(t.Context(), sampler.Last(10), "cars")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "allow more time") {
		t.Errorf("error %v, want that it takes too long", err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestCancelledReading(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 100, 10)...)
	s := open(t, b, sampler.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Resample(ctx, sampler.Last(10), "cars"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want Canceled", err)
	}
}

func TestNobodyThere(t *testing.T) {
	b := kafkatest.Fake(t)
	b.Fake.Close()
	if _, err := sampler.Open(t.Context(), cluster.Config{Brokers: b.Addrs}, sampler.Options{}); !errors.Is(err, cluster.ErrUnreachable) {
		t.Errorf("error %v, want ErrUnreachable", err)
	}
}

// The broker dies between a look at the topic and the reading.
func TestBrokerDiesWhileItIsRead(t *testing.T) {
	b := kafkatest.Fake(t, "cars")
	b.Produce(t, steady("cars", 1, 100, 10)...)
	s := open(t, b, sampler.Options{})
	b.Fake.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		go b.Fake.Close()
		return nil, errors.New("gone"), true
	})
	if _, err := s.Resample(t.Context(), sampler.Last(10), "cars"); !errors.Is(err, cluster.ErrUnreachable) {
		t.Errorf("error %v, want ErrUnreachable", err)
	}
}
