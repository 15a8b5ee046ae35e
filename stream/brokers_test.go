package stream

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/embedded"
)

// A program that was told no brokers looks where notebooks do, and says what it found.
func TestProgramsFindTheEmbeddedBroker(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- broker.Run(ctx, broker.Config{}) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	var at embedded.Address
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		var err error
		if at, err = embedded.Find(ctx); err == nil {
			break
		}
		if !errors.Is(err, embedded.ErrNotRunning) || time.Since(began) > 30*time.Second {
			t.Fatal(err)
		}
	}
	_, _, say := call(t, program(t, 3), nil, "--retries", "0") // it ends because there are no topics
	if !strings.Contains(say, "the embedded broker of this user was found") || !strings.Contains(say, at.Addr) || !strings.Contains(say, "topic") {
		t.Errorf("the program did not reach the broker at %s, or does not say so:\n%s", at.Addr, say)
	}
}
