package broker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"

	"github.com/riffle-stream/riffle/broker/embedded"
)

const (
	startTries = 3
	maxLogTail = 2000
)

// FindOrStart returns the address of this user's broker. If there is none it runs the command, which must call [Run], as a process
// that outlives this one, and waits until it answers. Any number of processes may ask at once: one broker is started.
func FindOrStart(ctx context.Context, exe string, args ...string) (embedded.Address, error) {
	home, err := embedded.Open()
	if err != nil {
		return embedded.Address{}, err
	}
	if a, err := home.Find(ctx); !errors.Is(err, embedded.ErrNotRunning) {
		return a, err
	}
	starting, err := home.Lock(ctx, embedded.Start)
	if err != nil {
		return embedded.Address{}, err
	}
	defer starting.Unlock()
	for range startTries {
		a, err := startAndWait(ctx, home, exe, args)
		if !errors.Is(err, errEnded) {
			return a, err
		}
	}
	return embedded.Address{}, fmt.Errorf("broker: %s ended %d times without an answer%s", exe, startTries, logTail(home.Log()))
}

// errEnded says that the process that was started is gone. One that lost a race against a broker started by hand ends, too.
var errEnded = errors.New("broker: process ended")

func startAndWait(ctx context.Context, home embedded.Home, exe string, args []string) (embedded.Address, error) {
	ended := make(chan struct{})
	close(ended) // nothing was started yet
	started := false
	for {
		a, err := home.Find(ctx)
		if !errors.Is(err, embedded.ErrNotRunning) {
			return a, err
		}
		select {
		case <-ended:
			if started {
				return embedded.Address{}, errEnded
			}
			// One that is about to end still holds the lock: wait for it.
			if home.Alive() {
				break
			}
			if ended, err = detach(home, exe, args); err != nil {
				return embedded.Address{}, err
			}
			started = true
		default:
		}
		if err := embedded.Pause(ctx); err != nil {
			return embedded.Address{}, fmt.Errorf("broker: waiting for %s to answer: %w%s", exe, err, logTail(home.Log()))
		}
	}
}

// detach starts a process in a session of its own, with its output in the runtime folder.
func detach(home embedded.Home, exe string, args []string) (ended chan struct{}, err error) {
	log, err := os.OpenFile(home.Log(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("broker log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(exe, args...)
	cmd.Dir = string(home)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("broker: start: %w", err)
	}
	ended = make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	return ended, nil
}

func logTail(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > maxLogTail {
		f.Seek(-maxLogTail, io.SeekEnd)
	}
	b, _ := io.ReadAll(io.LimitReader(f, maxLogTail))
	if len(b) == 0 {
		return ""
	}
	return "; its log ends: " + string(b)
}
