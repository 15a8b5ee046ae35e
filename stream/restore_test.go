//go:build synctests

package stream

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/riffle-stream/riffle/internal/ledger"
)

// TestSilentChangelogIsNoEnd has the leader of a changelog answer nothing useful for a while: what it holds is waited
// for. To take the silence for the end would be to begin with a part of the state.
func TestSilentChangelogIsNoEnd(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		if err := w.runFor(10*time.Second, in1(dir)); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		silent := func(kmsg.Request) bool { return time.Since(began) < 5*time.Second }
		w.brokers.ControlKey(int16(kmsg.Fetch), func(r kmsg.Request) (kmsg.Response, error, bool) {
			w.brokers.KeepControl()
			if silent(r) { // or the client would ask without end
				w.brokers.SleepControl(func() { time.Sleep(100 * time.Millisecond) })
			}
			return nil, nil, false
		})
		refused := w.brokers.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Fetch}, Topic: anewChangelog, Err: kerr.NotLeaderForPartition, Count: -1, When: silent})
		records := map[TaskID]int{}
		if err := w.runFor(time.Minute, func(c *Config) {
			c.StateDir = t.TempDir()
			c.Events.Assigned = func(r Restored) { records[r.Task] += r.Records }
		}); err != nil {
			t.Fatal(err)
		}
		if refused.Hits() == 0 || records[TaskID{1, 0}]+records[TaskID{1, 1}] == 0 {
			t.Errorf("%d reads were refused; restored were %v", refused.Hits(), records)
		}
	})
}

// TestAThirdProcessLeavesTheOthersAlone has a process join two that run, and restore slowly what it is given. What stays
// where it is keeps its state, reads nothing again, and goes on meanwhile.
func TestAThirdProcessLeavesTheOthersAlone(t *testing.T) {
	inWorld(t, 1, ledger.Shape{Partitions: 6, Cars: 12, Rows: 3000}, func(w *world) {
		var mu sync.Mutex
		var joined, restored time.Time
		lost, again, meanwhile := map[TaskID]bool{}, map[TaskID]int{}, 0
		old := func(cfg *Config) {
			cfg.Events.Revoked = func(id TaskID) { mu.Lock(); lost[id] = true; mu.Unlock() }
			cfg.Events.Assigned = func(r Restored) {
				mu.Lock()
				defer mu.Unlock()
				if !joined.IsZero() {
					again[r.Task] += r.Records
				}
			}
			cfg.Events.Committed = func(c Committed) {
				mu.Lock()
				defer mu.Unlock()
				if !joined.IsZero() && restored.IsZero() && c.Rows > 0 {
					meanwhile++
				}
			}
		}
		young := func(cfg *Config) {
			left := 20
			cfg.Failpoint = func(point string) {
				if point == "mid-restore" && left > 0 {
					mu.Lock()
					if left--; joined.IsZero() {
						joined = time.Now()
					}
					mu.Unlock()
					time.Sleep(time.Second)
				}
			}
			cfg.Events.Assigned = func(Restored) { mu.Lock(); restored = time.Now(); mu.Unlock() }
		}
		ctx, cancel := context.WithCancel(w.t.Context())
		var running sync.WaitGroup
		w.fill()
		running.Go(func() { w.feed(w.rows()) })
		for i := range 3 {
			cfg := w.config(i)
			cfg.Failpoint, cfg.StateDir = nil, filepath.Join(w.t.TempDir(), cfg.Instance)
			if old(&cfg); i == 2 {
				cfg = w.config(i)
				young(&cfg)
				time.Sleep(20 * time.Second)
			}
			running.Go(func() {
				if err := Run(ctx, w.plan, cfg); err != nil {
					w.t.Errorf("worker %d: %v", i, err)
				}
			})
		}
		time.Sleep(5 * time.Minute)
		cancel()
		running.Wait()
		if joined.IsZero() || len(lost) == 0 || meanwhile < 10 || restored.Sub(joined) < 15*time.Second {
			w.t.Errorf("the third restored for %v; %d tasks went to it, and the others committed rows %d times meanwhile", restored.Sub(joined), len(lost), meanwhile)
		}
		for id, records := range again {
			if records > 0 {
				w.t.Errorf("task %v stayed and read %d records of its changelog again", id, records)
			}
		}
		if report := w.check(kgo.ReadCommitted()); !report.OK() {
			w.t.Error(report)
		}
	})
}

// TestHeartbeatsGoOnWhileRestoring has a restore that takes several times as long as the group waits for a silent
// process: it is taken for alive, keeps its tasks, and reads each changelog once.
func TestHeartbeatsGoOnWhileRestoring(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		if err := w.runFor(10*time.Second, in1(dir)); err != nil {
			t.Fatal(err)
		}
		given, revoked := map[TaskID]int{}, 0
		var took time.Duration
		if err := w.runFor(3*time.Minute, func(c *Config) {
			c.StateDir = t.TempDir()
			c.Failpoint = func(point string) {
				if point == "mid-restore" {
					time.Sleep(8 * time.Second)
				}
			}
			c.Events.Revoked = func(TaskID) { revoked++ }
			c.Events.Assigned = func(r Restored) { given[r.Task]++; took = max(took, r.Took) }
		}); err != nil {
			t.Fatal(err)
		}
		if took < 30*time.Second || revoked > 0 {
			t.Errorf("the restore took %v, want several times the 10s that the group waits; %d tasks were taken away", took, revoked)
		}
		for id, n := range given {
			if n != 1 {
				t.Errorf("task %v was restored %d times", id, n)
			}
		}
	})
}

// TestUnusableStateFolder names one below a file.
func TestUnusableStateFolder(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		file := filepath.Join(dir, "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		ends(t, w.runFor(time.Minute, in1(filepath.Join(file, "state"))), ErrConfig, "state folder "+file, "--state-dir")
	})
}

// TestFlagsOfOtherSteps are refused before anything runs.
func TestFlagsOfOtherSteps(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		ends(t, w.runFor(time.Minute, func(c *Config) { c.Adopt = []string{"apply:car#1"} }), ErrConfig, "--adopt 'apply:car#1'", "apply:id#1")
		ends(t, w.runFor(time.Minute, func(c *Config) { c.Reset = []string{"applystate"} }), ErrConfig, "--reset-state 'applystate'", "apply:id#1")
		if err := w.runFor(time.Minute, func(c *Config) { c.Reset = []string{"apply:car#1"} }); err != nil {
			t.Errorf("a step that the program may have had before: %v", err)
		}
	})
}
