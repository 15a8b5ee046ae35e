package kafkatest

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// startLimit bounds how long the only broker of a cluster may take until it answers; 3 s is usual, and a minute too little for a machine that has much to do.
const startLimit = 3 * time.Minute

// Process is an Apache Kafka in a process of its own, which a test may kill and restart: address and data stay.
type Process struct {
	Broker

	doors    Doors
	behind   string        // where it listens for clients that come by a front
	heap     string        // of the JVM
	limit    time.Duration // until it must answer
	lib, dir string
	java     *exec.Cmd
	ended    chan struct{}
	guard    io.WriteCloser // the janitor's input
}

// Start runs an Apache Kafka for this test alone and stops it after the test. Prefer [Real], which is shared, unless
// the broker is to be harmed. KAFKA_BROKERS is not honoured here.
func Start(t testing.TB) *Process {
	t.Helper()
	need(t, "java", "mvn")
	p, err := start()
	if err != nil {
		t.Fatalf("real kafka: %v", err)
	}
	t.Cleanup(p.stop)
	return p
}

// Kill ends the broker as kill -9 does and returns when it is gone.
func (p *Process) Kill(t testing.TB) {
	t.Helper()
	p.kill()
}

// Restart runs the broker again on its data, after [Process.Kill], and returns when it answers.
func (p *Process) Restart(t testing.TB) {
	t.Helper()
	if err := p.run(); err != nil {
		t.Fatalf("real kafka, restarted: %v", err)
	}
}

// start tries thrice, since a port that was free may be taken before the broker has it.
func start() (p *Process, err error) {
	lib, err := jars()
	if err != nil {
		return nil, err
	}
	for range 3 {
		if p, err = startOnce(lib); err == nil {
			return p, nil
		}
	}
	return nil, err
}

func startOnce(lib string) (*Process, error) {
	at, err := alone()
	if err != nil {
		return nil, err
	}
	p, err := formatted(lib, at)
	if err != nil {
		return nil, err
	}
	if err := p.run(); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// formatted is a node that does not run yet.
func formatted(lib string, at place) (*Process, error) {
	dir, err := os.MkdirTemp("", "riffle-kafka-")
	if err != nil {
		return nil, err
	}
	p := &Process{lib: lib, dir: dir, heap: "-Xmx768m", limit: startLimit}
	if p.guard, err = janitor(dir); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := p.format(at); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// janitor is a shell that outlives the test binary, however that ends: when its input closes it kills the broker whose
// process id it read last, and removes the folder.
func janitor(dir string) (io.WriteCloser, error) {
	cmd := exec.Command("/bin/sh", "-c", `trap "" INT TERM HUP
while read -r line; do pid=$line; done
[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
rm -rf -- "$0" || { sleep 1; rm -rf -- "$0"; }`, dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("janitor: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("janitor: %w", err)
	}
	go cmd.Wait()
	return in, nil
}

func (p *Process) log() string { return filepath.Join(p.dir, "kafka.log") }

// logTail is the end of what the broker logged.
func (p *Process) logTail() []byte {
	out, err := os.ReadFile(p.log())
	if err != nil {
		return []byte(err.Error())
	}
	return out[max(0, len(out)-4000):]
}

func (p *Process) command(heap, main string, args ...string) *exec.Cmd {
	java := []string{heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", filepath.Join(p.lib, "*"), main}
	return exec.Command("java", append(java, args...)...)
}

func (p *Process) run() error {
	log, err := os.Create(p.log())
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := p.command(p.heap, "kafka.Kafka", p.properties())
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt at the terminal is the test's, not the broker's
	if err := cmd.Start(); err != nil {
		return err
	}
	fmt.Fprintln(p.guard, cmd.Process.Pid)
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	p.java, p.ended = cmd, ended
	if err := p.await(); err != nil {
		p.kill()
		return fmt.Errorf("%w\n%s", err, p.logTail())
	}
	return nil
}

// await returns when the broker answers, or why it will not.
func (p *Process) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.limit)
	defer cancel()
	for {
		err := ping(ctx, p.Addrs)
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("broker ended while it started: %s", p.java.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("broker at %s did not answer in %s: %w", p.Addrs[0], p.limit, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func ping(ctx context.Context, addrs []string) error {
	// Dialling first keeps the client's own back-off out of the start-up time.
	conn, err := net.DialTimeout("tcp", addrs[0], time.Second)
	if err != nil {
		return err
	}
	conn.Close()
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		return err
	}
	defer cl.Close()
	return cl.Ping(ctx)
}

func (p *Process) kill() {
	if p.java == nil {
		return
	}
	p.java.Process.Kill()
	<-p.ended
	fmt.Fprintln(p.guard)
	p.java = nil
}

// stop ends the broker and lets the janitor clean up.
func (p *Process) stop() {
	p.kill()
	p.guard.Close()
}

// Launch runs an Apache Kafka for a program that is no test. Stop ends it; if the program dies, its janitor does.
func Launch() (addrs []string, stop func(), err error) {
	p, err := start()
	if err != nil {
		return nil, nil, err
	}
	return p.Addrs, p.stop, nil
}

// LaunchFake runs a fake of one broker within a program that is no test. Stop ends it.
func LaunchFake() (addrs []string, stop func(), err error) {
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.BrokerConfigs(map[string]string{"log.retention.ms": "-1"}))
	if err != nil {
		return nil, nil, fmt.Errorf("fake broker: %w", err)
	}
	return c.ListenAddrs(), c.Close, nil
}
