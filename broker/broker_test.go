package broker_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/embedded"
)

// TestMain lets this binary be the program that FindOrStart runs.
func TestMain(m *testing.M) {
	idle := os.Getenv("BROKER_TEST_IDLE")
	if len(os.Args) < 2 || os.Args[1] != "broker" {
		os.Exit(m.Run())
	}
	d, err := time.ParseDuration(idle)
	if err == nil {
		err = broker.Run(context.Background(), broker.Config{Idle: d, Telemetry: len(os.Args) > 2})
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
}

// home gives the test a runtime folder of its own, and the brokers it starts an idle time.
func home(t *testing.T, idle string) (ctx context.Context, dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("BROKER_TEST_IDLE", idle)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx, filepath.Join(dir, "riffle")
}

func find(t *testing.T, ctx context.Context, args ...string) embedded.Address {
	t.Helper()
	a, err := broker.FindOrStart(ctx, os.Args[0], append([]string{"broker"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(a.PID, syscall.SIGKILL) })
	return a
}

func TestManyStartersGetOneBroker(t *testing.T) {
	ctx, dir := home(t, "1m")
	const starters = 8
	got := make([]embedded.Address, starters)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			a, err := broker.FindOrStart(ctx, os.Args[0], "broker")
			if err != nil {
				t.Error(err)
			}
			got[i] = a
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	defer syscall.Kill(got[0].PID, syscall.SIGKILL)
	for _, a := range got {
		if diff := cmp.Diff(got[0], a); diff != "" {
			t.Errorf("another address (-first +other):\n%s", diff)
		}
	}
	if a, err := embedded.Find(ctx); err != nil || a != got[0] {
		t.Errorf("Find: %v, %v; want %v", a, err, got[0])
	}
	if !embedded.IsCluster(got[0].ClusterID) || embedded.IsCluster("RCxhsKSsytQQDx04FqHNmg") {
		t.Errorf("IsCluster is wrong about %s or about Kafka's own", got[0].ClusterID)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("runtime folder: %v, %v; want mode 0700", info.Mode(), err)
	}
	if sid, err := syscall.Getpgid(got[0].PID); err != nil || sid != got[0].PID {
		t.Errorf("process group %d, %v; want one of its own", sid, err)
	}
}

func TestRunRefusesASecondBroker(t *testing.T) {
	ctx, _ := home(t, "1m")
	find(t, ctx)
	if err := broker.Run(ctx, broker.Config{}); !errors.Is(err, broker.ErrRunning) {
		t.Errorf("second broker: %v, want ErrRunning", err)
	}
}

func TestNoBroker(t *testing.T) {
	ctx, _ := home(t, "1m")
	if a, err := embedded.Find(ctx); !errors.Is(err, embedded.ErrNotRunning) {
		t.Errorf("Find: %v, %v; want ErrNotRunning", a, err)
	}
}

func TestKilledBrokerIsReplacedByAnotherCluster(t *testing.T) {
	ctx, dir := home(t, "1m")
	first := find(t, ctx)
	syscall.Kill(first.PID, syscall.SIGKILL)
	await(t, ctx, "the removal of the stale address", func() bool {
		if a, err := embedded.Find(ctx); err == nil {
			t.Logf("found %+v while it died", a)
		}
		_, err := os.Stat(filepath.Join(dir, "broker.json"))
		return errors.Is(err, os.ErrNotExist)
	})
	if a, err := embedded.Find(ctx); !errors.Is(err, embedded.ErrNotRunning) {
		t.Errorf("Find: %v, %v; want ErrNotRunning", a, err)
	}
	if second := find(t, ctx); second.ClusterID == first.ClusterID || second.PID == first.PID {
		t.Errorf("second life %+v is like the first %+v", second, first)
	}
}

func TestBrokerStaysWhileAClientIsConnectedThenEnds(t *testing.T) {
	const idle = 400 * time.Millisecond
	ctx, dir := home(t, idle.String())
	a := find(t, ctx, "telemetry") // its own feed must not keep it alive
	cl := client(t, a)
	if err := cl.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * idle)
	if err := cl.Ping(ctx); err != nil {
		t.Fatalf("broker with a client: %v", err)
	}
	cl.Close()
	left := time.Now()
	await(t, ctx, "the end of the broker", func() bool { return syscall.Kill(a.PID, 0) != nil })
	if stayed := time.Since(left); stayed < idle {
		t.Errorf("broker ended %s after its last client, want %s", stayed, idle)
	}
	if _, err := os.Stat(filepath.Join(dir, "broker.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("address: %v, want it removed", err)
	}
}

func TestCommandThatIsNoBroker(t *testing.T) {
	ctx, _ := home(t, "nonsense")
	_, err := broker.FindOrStart(ctx, os.Args[0], "broker")
	if err == nil || !strings.Contains(err.Error(), `invalid duration "nonsense"`) {
		t.Errorf("error %v, want the end of the log", err)
	}
	if _, err := broker.FindOrStart(ctx, "/no/such/program"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that there is no program", err)
	}
}

func TestFolderOfAnotherModeIsRefused(t *testing.T) {
	ctx, dir := home(t, "1m")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Find(ctx); err == nil || !strings.Contains(err.Error(), "may enter") {
		t.Errorf("error %v, want a refusal", err)
	}
}

func TestBrokenAddressFile(t *testing.T) {
	ctx, dir := home(t, "1m")
	find(t, ctx)
	if err := os.WriteFile(filepath.Join(dir, "broker.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var syntax *json.SyntaxError
	if _, err := embedded.Find(ctx); !errors.As(err, &syntax) {
		t.Errorf("error %v, want a syntax error", err)
	}
}

// What is not Kafka must not harm the broker: each of these would make a bare fake reserve gigabytes or panic.
func TestStrangersAreTurnedAway(t *testing.T) {
	ctx, _ := home(t, "1m")
	a := find(t, ctx)
	for name, bytes := range map[string]string{
		"browser":       "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"tls":           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"unknown key":   "\x00\x00\x00\x0a\x7f\xff\x00\x00\x00\x00\x00\x00\x00\x00",
		"short":         "\x00\x00\x00\x02\x00\x03",
		"huge":          "\xff\xff\xff\xff\x00\x03\x00\x00",
		"negative key":  "\x00\x00\x00\x0a\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00",
		"bad version":   "\x00\x00\x00\x0a\x00\x03\x7f\xff\x00\x00\x00\x00\xff\xff",
		"garbled":       "\x00\x00\x00\x20\x00\x01\x00\x0b\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		"huge produce":  "\x00\x00\x00\x20\x00\x00\x00\x03\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\x7f\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		"long clientid": "\x00\x00\x00\x0a\x00\x03\x00\x01\x00\x00\x00\x00\x7f\xff",
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			conn, err := net.Dial("tcp", a.Addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := conn.Write([]byte(bytes)); err != nil {
				t.Fatal(err)
			}
			conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			if n, err := conn.Read(make([]byte, 100)); os.IsTimeout(err) {
				t.Errorf("read %d bytes, %v; want an end", n, err)
			}
			if _, err := embedded.Find(ctx); err != nil {
				t.Errorf("broker after it: %v", err)
			}
		})
	}
}

func TestTopicsAreNotMadeByNameAlone(t *testing.T) {
	ctx, _ := home(t, "1m")
	adm := kadm.NewClient(client(t, find(t, ctx)))
	topics, err := adm.ListTopics(ctx)
	if err != nil || len(topics) != 0 {
		t.Errorf("topics %v, %v; want none", topics.Names(), err)
	}
}

func client(t *testing.T, a embedded.Address, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	cl, err := kgo.NewClient(append(opts, kgo.SeedBrokers(a.Addr))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return cl
}

func await(t *testing.T, ctx context.Context, what string, done func() bool) {
	t.Helper()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("no sign of %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
