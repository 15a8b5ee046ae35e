package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// TestJupyter drives the kernel with the real Python clients over a cluster with 60,000 rows of telemetry: the files
// test_*.py in testdata. They run in the private environment .venv at the top of the repository, with what
// kernel/testdata/requirements.txt names.
func TestJupyter(t *testing.T) {
	if testing.Short() {
		t.Skip("driving the kernel with Python clients takes a minute: skipped because of -short")
	}
	python := environment(t)
	b := kafkatest.Fake(t)
	for topic, rows := range map[string][]*kgo.Record{
		telemetry.CarTopic: cars(60_000),
	} {
		if err := b.Fake.CreateTopic(topic, telemetry.Partitions, nil); err != nil {
			t.Fatal(err)
		}
		b.Produce(t, rows...)
	}
	prefix := t.TempDir()
	if stdout, stderr, code := runProgram(t, nil, "install", "--prefix", prefix); code != 0 {
		t.Fatal(stdout, stderr)
	}
	cmd := exec.Command(python, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "--durations=5", "testdata")
	cmd.Env = append(os.Environ(), "RIFFLE="+riffle, "KAFKA_BROKERS="+strings.Join(b.Addrs, ","),
		"JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"), "JUPYTER_RUNTIME_DIR="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// cars are the first n rows of a race.
func cars(n int) []*kgo.Record {
	var out []*kgo.Record
	for _, r := range telemetry.Rows(1, time.Date(2026, 5, 24, 13, 0, 0, 0, time.UTC), n) {
		out = append(out, &kgo.Record{Topic: r.Topic, Partition: r.Partition, Key: r.Key, Value: r.Value, Timestamp: time.UnixMilli(r.Time)})
	}
	return out
}

// environment is the Python of .venv with what the tests need.
func environment(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	venv := filepath.Join(root, ".venv")
	python := filepath.Join(venv, "bin", "python")
	if _, err := os.Stat(python); err != nil {
		if out, err := exec.Command("python3", "-m", "venv", venv).CombinedOutput(); err != nil {
			missing(t, "Python 3 with venv cannot be had: %v\n%s", err, out)
		}
	}
	if exec.Command(python, "-c", "import jupyter_console, jupyter_kernel_test, nbconvert, papermill, pexpect, pytest").Run() == nil {
		return python
	}
	wants := filepath.Join(root, "kernel", "testdata", "requirements.txt")
	t.Log("installing kernel/testdata/requirements.txt into .venv")
	if out, err := exec.Command(python, "-m", "pip", "install", "-q", "-r", wants).CombinedOutput(); err != nil {
		missing(t, "pip cannot install kernel/testdata/requirements.txt: %v\n%s", err, out)
	}
	return python
}

// missing skips the test on a machine that lacks a tool; in CI that is a failure.
func missing(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf("SKIPPED because "+format, args...)
}
