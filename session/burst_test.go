package session

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// fresh is an embedded broker that has begun to feed telemetry just now.
func fresh(t *testing.T) *kafkatest.Broker {
	t.Helper()
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- broker.Run(ctx, broker.Config{Telemetry: true}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		a, err := embedded.Find(ctx)
		if err == nil {
			return &kafkatest.Broker{Addrs: []string{a.Addr}}
		}
		if !errors.Is(err, embedded.ErrNotRunning) || time.Since(began) > 30*time.Second {
			t.Fatal(err)
		}
	}
}

// The first cell of a notebook may be run before the telemetry is there: it waits, and its sample is a whole one.
func TestTheFirstCellWaitsForTheTelemetry(t *testing.T) {
	n := open(t, t.TempDir(), fresh(t))
	shows := n.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars, Last(50_000))")
	if !strings.Contains(shows, "its first five minutes of telemetry come") || !strings.Contains(shows, "50,00") {
		t.Errorf("the cell shows\n%s\nwant that it waited, and 50,000 rows", shows)
	}
	if again := n.mustRun("Resample(cars)\ncars.Head(1)"); strings.Contains(again, "five minutes") {
		t.Errorf("a later cell waits, too:\n%s", again)
	}
}

func TestTheWaitForTelemetryIsInterrupted(t *testing.T) {
	n := open(t, t.TempDir(), fresh(t))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began := time.Now()
	if shows, failed := n.runIn(ctx, `Topic("car-gps", Time("ts")).Head(1)`); failed == "" || time.Since(began) > 3*time.Second {
		t.Errorf("after %s the cell shows %q, error %q; want an end after the interrupt", time.Since(began), shows, failed)
	}
}
