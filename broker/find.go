package broker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// ErrNotRunning is returned by [Find] when this user has no broker.
var ErrNotRunning = errors.New("broker: none runs; start one with riffle broker, or set KAFKA_BROKERS")

const (
	answerLimit = 2 * time.Second
	startTries  = 3
	logFile     = "broker.log"
	maxLogTail  = 2000
)

// Find returns the address of this user's broker after it has answered, or [ErrNotRunning]. What a dead broker left behind is
// removed.
func Find(ctx context.Context) (Address, error) {
	dir, err := folder()
	if err != nil {
		return Address{}, err
	}
	if free, err := removeStale(dir); free || err != nil {
		return Address{}, errors.Join(ErrNotRunning, err)
	}
	a, err := readAddress(dir)
	if err != nil {
		return Address{}, err
	}
	if err := a.answers(ctx); err != nil {
		return Address{}, fmt.Errorf("%w (the one at %s, process %d, does not answer: %w)", ErrNotRunning, a.Addr, a.PID, err)
	}
	return a, nil
}

// FindOrStart returns the address of this user's broker. If there is none it runs the command, which must call [Run], as a process
// that outlives this one, and waits until it answers. Any number of processes may ask at once: one broker is started.
func FindOrStart(ctx context.Context, exe string, args ...string) (Address, error) {
	if a, err := Find(ctx); !errors.Is(err, ErrNotRunning) {
		return a, err
	}
	dir, err := folder()
	if err != nil {
		return Address{}, err
	}
	starting, err := waitLock(ctx, dir, startLock)
	if err != nil {
		return Address{}, err
	}
	defer starting.unlock()
	for range startTries {
		a, err := startAndWait(ctx, dir, exe, args)
		if !errors.Is(err, errEnded) {
			return a, err
		}
	}
	return Address{}, fmt.Errorf("broker: %s ended %d times without an answer%s", exe, startTries, logTail(dir))
}

// errEnded says that the process that was started is gone. One that lost a race against a broker started by hand ends, too.
var errEnded = errors.New("broker: process ended")

func startAndWait(ctx context.Context, dir, exe string, args []string) (Address, error) {
	ended := make(chan struct{})
	close(ended) // nothing was started yet
	started := false
	for {
		a, err := Find(ctx)
		if !errors.Is(err, ErrNotRunning) {
			return a, err
		}
		select {
		case <-ended:
			if started {
				return Address{}, errEnded
			}
			// One that is about to end still holds the lock: wait for it.
			if alive(dir) {
				break
			}
			if ended, err = detach(dir, exe, args); err != nil {
				return Address{}, err
			}
			started = true
		default:
		}
		if err := pause(ctx); err != nil {
			return Address{}, fmt.Errorf("broker: waiting for %s to answer: %w%s", exe, err, logTail(dir))
		}
	}
}

// detach starts a process in a session of its own, with its output in the runtime folder.
func detach(dir, exe string, args []string) (ended chan struct{}, err error) {
	log, err := os.OpenFile(filepath.Join(dir, logFile), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("broker log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("broker: start: %w", err)
	}
	ended = make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	return ended, nil
}

func logTail(dir string) string {
	f, err := os.Open(filepath.Join(dir, logFile))
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

// removeStale reports whether no broker runs; then an address is of a dead one and goes.
func removeStale(dir string) (free bool, err error) {
	life, err := tryLock(dir, lifeLock, look)
	if errors.Is(err, errLocked) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer life.unlock()
	if err := os.Remove(addressFile(dir)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return true, fmt.Errorf("broker address: %w", err)
	}
	return true, nil
}

func alive(dir string) bool {
	free, err := removeStale(dir)
	return !free && err == nil
}

// answers returns nil when a broker with the id of the address listens there.
func (a Address) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	// Without a listener the client would try again until the limit.
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", a.Addr)
	if err != nil {
		return err
	}
	conn.Close()
	cl, err := kgo.NewClient(kgo.SeedBrokers(a.Addr))
	if err != nil {
		return err
	}
	defer cl.Close()
	m, err := kadm.NewClient(cl).BrokerMetadata(ctx)
	if err != nil {
		return err
	}
	if m.Cluster != a.ClusterID {
		return fmt.Errorf("cluster id is %s, want %s", m.Cluster, a.ClusterID)
	}
	return nil
}
