//go:build synctests

package stream

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/ledger"
)

// TestStoppedWhileCommitting is told to end at each point of a commit, with
// brokers that answer and with brokers that are gone from then on: it ends
// within ten seconds, and the next start has nothing to put right.
func TestStoppedWhileCommitting(t *testing.T) {
	for _, point := range []string{"before-produce", "after-produce", "before-end", "after-end-before-badger", "mid-badger"} {
		for name, answer := range map[string]bool{"": true, " without brokers": false} {
			t.Run(point+name, func(t *testing.T) {
				inWorld(t, 1, ledger.Shape{Partitions: 2, Cars: 5, Rows: 300}, func(w *world) { stopped(w, point, answer) })
			})
		}
	}
}

func stopped(w *world, point string, answer bool) {
	var gone atomic.Bool
	w.workerDial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if gone.Load() {
			return nil, errors.New("no route to host")
		}
		conn, err := w.dial(ctx, network, address)
		return mute{conn, &gone}, err
	}
	w.feed(w.recs)
	ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Minute)
	defer cancel()
	cfg, passed, told := w.config(0), 0, time.Time{}
	cfg.StateDir = w.t.TempDir()
	cfg.Failpoint = func(at string) {
		if at != point {
			return
		}
		if passed++; passed == 2 {
			gone.Store(!answer)
			told = time.Now()
			cancel()
		}
	}
	err := Run(ctx, w.plan, cfg)
	if took := time.Since(told); err != nil || passed < 2 || took > 10*time.Second {
		w.t.Fatalf("the point was passed %d times; it ended %v after it was told to, with %v", passed, took, err)
	}
	gone.Store(false)
	cfg.Failpoint = nil
	aborts := w.aborts.Load()
	if err := w.runFor(time.Minute, func(c *Config) { c.StateDir = cfg.StateDir }); err != nil {
		w.t.Fatal(err)
	}
	if report := w.check(kgo.ReadCommitted()); !report.OK() || w.aborts.Load() > aborts {
		w.t.Errorf("%v\n%d transactions were aborted after the start", report, w.aborts.Load()-aborts)
	}
}

// mute is a connection on which nothing comes any more once the brokers are gone.
type mute struct {
	net.Conn
	gone *atomic.Bool
}

func (m mute) Write(b []byte) (int, error) {
	if m.gone.Load() {
		return len(b), nil
	}
	return m.Conn.Write(b)
}
