package broker_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

func TestLinesBecomeRecords(t *testing.T) {
	b := kafkatest.Fake(t)
	l := broker.Lines{Topic: "flights", Key: "origin", Time: "ts"}
	text := `{"origin":"JFK","ts":1000}` + "\n" + `{"origin":7,"ts":"1970-01-01T01:00:02+01:00","x":null}` + "\n"
	n, err := l.Run(context.Background(), strings.NewReader(text), kgo.SeedBrokers(b.Addrs...))
	if n != 2 || err != nil {
		t.Fatalf("%d lines, %v; want 2", n, err)
	}
	want := []row.Record{
		{Topic: "flights", Offset: 0, Key: []byte("JFK"), Value: []byte(`{"origin":"JFK","ts":1000}`), Time: 1000},
		{Topic: "flights", Offset: 1, Key: []byte("7"), Value: []byte(`{"origin":7,"ts":"1970-01-01T01:00:02+01:00","x":null}`), Time: 2000},
	}
	if diff := cmp.Diff(want, consume(t, b, "flights", 0, 2)); diff != "" {
		t.Errorf("(-lines +consumed):\n%s", diff)
	}
}

func TestLinesThatAreNoRecords(t *testing.T) {
	b := kafkatest.Fake(t)
	for _, text := range []string{"{}\nnot JSON", "{}\n" + `{"ts":"noon"}`, "{}\n{}"} {
		l := broker.Lines{Topic: "t", Time: "ts"}
		_, err := l.Run(context.Background(), strings.NewReader(strings.Replace(text, "{}", `{"ts":1}`, 1)), kgo.SeedBrokers(b.Addrs...))
		if !errors.Is(err, broker.ErrLine) || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: error %v, want one about line 2", text, err)
		}
	}
}
