package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// points are where a program that was built to be tried can kill itself.
var points = []string{"before-produce", "after-produce", "before-end", "after-end-before-badger", "mid-badger", "mid-restore", "held", "revoked"}

// anyTime is the name of all other places.
const anyTime = "any time"

// away is longer than the group waits for a worker that is silent.
const away = 50 * time.Second

// fleet is workers that are killed and started again.
type fleet struct {
	rnd     *rand.Rand
	binary  string
	dir     string
	group   string
	brokers []string
	workers []*worker

	mu     sync.Mutex
	kills  map[string]int // where
	folder int            // how often a state folder was lost with it
	gone   int            // how often one was killed and stayed away
	froze  int            // how often one was stopped, and went on when others had its tasks
	ended  map[int]int    // how often one ended by itself, by its exit code
}

// worker is a process, if it runs.
type worker struct {
	name  string
	cmd   *exec.Cmd
	done  chan struct{}
	point string    // where it may kill itself
	back  time.Time // when it comes back that stays away
}

func (f *fleet) state(w *worker) string { return filepath.Join(f.dir, w.name) }
func (f *fleet) log(w *worker) string   { return filepath.Join(f.dir, w.name+".log") }

// start runs a worker; one that is dying may kill itself at a point.
func (f *fleet) start(w *worker, dying bool) error {
	cmd := exec.Command(f.binary, "--brokers", strings.Join(f.brokers, ","), "--group", f.group, "--instance", w.name, "--idle", "off", "--http", "off", "--state-dir", f.state(w))
	w.point = ""
	if dying && f.rnd.IntN(3) > 0 {
		w.point = points[f.rnd.IntN(len(points))]
		cmd.Env = append(os.Environ(), fmt.Sprintf("RIFFLE_FAILPOINT=%s:%d", w.point, f.rnd.IntN(6)))
	}
	log, err := os.OpenFile(f.log(w), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is ours
	if err := cmd.Start(); err != nil {
		return err
	}
	w.cmd, w.done = cmd, make(chan struct{})
	go func() { _ = cmd.Wait(); close(w.done) }()
	return nil
}

// kill ends a worker as kill -9 does, and notes what ended it.
func (f *fleet) kill(w *worker) {
	if w.cmd == nil {
		return
	}
	itself := closed(w.done)
	_ = w.cmd.Process.Kill()
	<-w.done
	f.mu.Lock()
	defer f.mu.Unlock()
	switch status := w.cmd.ProcessState.Sys().(syscall.WaitStatus); {
	case !status.Signaled():
		f.ended[status.ExitStatus()]++
	case itself:
		f.kills[w.point]++
	default:
		f.kills[anyTime]++
	}
	w.cmd = nil
}

// harass kills workers and starts them again until ctx ends or it is enough. Between two kills something has moved: workers that
// are killed faster than they begin show nothing.
func (f *fleet) harass(ctx context.Context, every time.Duration, moved func() int, enough func() bool) error {
	for at := -1; ctx.Err() == nil && !enough(); {
		w, now, err := f.workers[f.rnd.IntN(len(f.workers))], moved(), error(nil)
		switch {
		case !w.back.IsZero():
			err = f.welcome(w)
		case now == at && !closed(w.done):
			pause(ctx, 10*time.Millisecond)
		default:
			at = now
			if f.spare(ctx, w, every/2+time.Duration(f.rnd.Int64N(int64(every)))) {
				err = f.strike(w)
			}
		}
		if err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return f.calm()
}

// spare lets a worker live for a while, unless it ends by itself, and says whether ctx did not end.
func (f *fleet) spare(ctx context.Context, w *worker, d time.Duration) bool {
	select {
	case <-w.done:
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err() == nil
}

// strike does something bad to a worker.
func (f *fleet) strike(w *worker) error {
	switch dice := f.rnd.IntN(300); {
	case dice == 0 && !closed(w.done):
		fmt.Printf("       worker %s is stopped for %v\n", w.name, away)
		f.froze++
		w.back = time.Now().Add(away)
		return w.cmd.Process.Signal(syscall.SIGSTOP)
	case dice == 1:
		fmt.Printf("       worker %s is killed and stays away for %v\n", w.name, away)
		f.kill(w)
		f.gone++
		w.back = time.Now().Add(away)
		return nil
	case dice < 30:
		f.kill(w)
		f.folder++
		if err := os.RemoveAll(f.state(w)); err != nil {
			return err
		}
	default:
		f.kill(w)
	}
	return f.start(w, true)
}

// welcome has a worker come back whose time has come, and gives it and others a moment.
func (f *fleet) welcome(w *worker) error {
	if time.Now().Before(w.back) {
		time.Sleep(10 * time.Millisecond)
		return nil
	}
	w.back = time.Time{}
	if w.cmd != nil {
		return w.cmd.Process.Signal(syscall.SIGCONT)
	}
	return f.start(w, false)
}

// calm has all workers run that nobody kills.
func (f *fleet) calm() error {
	for _, w := range f.workers {
		f.kill(w)
		w.back = time.Time{}
		if err := f.start(w, false); err != nil {
			return err
		}
	}
	return nil
}

// finish tells all workers to end, and fails if one does not end well.
func (f *fleet) finish() error {
	for _, w := range f.workers {
		_ = w.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-w.done:
		case <-time.After(time.Minute):
			return fmt.Errorf("worker %s was told to end, and runs on after a minute", w.name)
		}
		if code := w.cmd.ProcessState.ExitCode(); code != 0 {
			return fmt.Errorf("worker %s was told to end, and gave exit code %d", w.name, code)
		}
		w.cmd = nil
	}
	return nil
}

// tell has all workers write what each of their goroutines does into their logs, which ends them.
func (f *fleet) tell() {
	for _, w := range f.workers {
		if w.cmd != nil {
			_ = w.cmd.Process.Signal(syscall.SIGQUIT)
		}
	}
	time.Sleep(5 * time.Second)
}

// stop kills all.
func (f *fleet) stop() {
	for _, w := range f.workers {
		f.kill(w)
	}
}

// killed is how often workers were killed, and how often of these at named points.
func (f *fleet) killed() (all, named int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for where, n := range f.kills {
		if all += n; where != anyTime {
			named += n
		}
	}
	return all, named
}

// restores is how often workers took up a task, by their logs.
func (f *fleet) restores() int {
	n := 0
	for _, w := range f.workers {
		log, err := os.ReadFile(f.log(w))
		if err == nil {
			n += strings.Count(string(log), "task begins")
		}
	}
	return n
}

func closed(done chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
