package kafkatest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// User and Password open the listener of [RealLogin].
const (
	User     = "ann"
	Password = "correct-horse"
)

// startLimit bounds how long a broker may take until it answers; 3 s is usual.
const startLimit = 60 * time.Second

// Process is an Apache Kafka in a process of its own, which a test may kill and restart: address and data stay.
type Process struct {
	Broker

	login    string // address of the listener that wants User and Password
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
	dir, err := os.MkdirTemp("", "riffle-kafka-")
	if err != nil {
		return nil, err
	}
	p := &Process{lib: lib, dir: dir}
	if p.guard, err = janitor(dir); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	err = p.format()
	if err == nil {
		err = p.run()
	}
	if err != nil {
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

func (p *Process) format() error {
	broker, err := freePort()
	if err != nil {
		return err
	}
	controller, err := freePort()
	if err != nil {
		return err
	}
	login, err := freePort()
	if err != nil {
		return err
	}
	p.Addrs = []string{local(broker)}
	p.login = local(login)
	if err := os.WriteFile(p.properties(), properties(p.dir, broker, controller, login), 0o600); err != nil {
		return err
	}
	var id [16]byte
	rand.Read(id[:])
	cmd := p.command("-Xmx256m", "kafka.tools.StorageTool", "format", "--config", p.properties(), "--cluster-id", base64.RawURLEncoding.EncodeToString(id[:]))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("format: %w\n%s", err, out)
	}
	return nil
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

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func (p *Process) properties() string { return filepath.Join(p.dir, "server.properties") }

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
	cmd := p.command("-Xmx768m", "kafka.Kafka", p.properties())
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is the test's, not the broker's
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
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
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
			return fmt.Errorf("broker at %s did not answer in %s: %w", p.Addrs[0], startLimit, err)
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

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// properties configures one node: small internal topics without replicas, rows of any age, and no wait for a group's first members. A broker that was
// killed may register again only when its old session has timed out, so that is short.
func properties(dir string, broker, controller, login int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[3]d
listeners=PLAINTEXT://127.0.0.1:%[2]d,CONTROLLER://127.0.0.1:%[3]d,LOGIN://127.0.0.1:%[4]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[2]d,LOGIN://127.0.0.1:%[4]d
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_%[5]s="%[6]s";
listener.name.login.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=%[1]s/data
auto.create.topics.enable=false
num.partitions=1
log.retention.ms=-1
default.replication.factor=1
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
log.retention.ms=-1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
log.cleaner.dedupe.buffer.size=16777216
`, dir, broker, controller, login, User, Password)
	return b.Bytes()
}
