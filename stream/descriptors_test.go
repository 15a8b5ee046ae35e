//go:build !synctests && unix

package stream

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// TestFewDescriptors starts a worker that may open fewer files than it needs,
// which is said at the start, and one with as many as it is said to need, which works.
func TestFewDescriptors(t *testing.T) {
	b := kafkatest.Fake(t)
	f, recs, want := newFleet(t, b, 1)
	worker := func(files int) *exec.Cmd {
		cmd := exec.Command("sh", "-c", fmt.Sprintf(`ulimit -n %d; exec "$0" "$@"`, files), os.Args[0], "--brokers", strings.Join(b.Addrs, ","),
			"--group", "ledger", "--instance", "w0", "--state-dir", filepath.Join(f.dir, "w0"))
		cmd.Env = append(os.Environ(), fmt.Sprint(envWorker, "=", f.shape.Partitions))
		return cmd
	}
	out, err := worker(fewestFiles - 1).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitUsage || !strings.Contains(string(out), "may open 63 files at once, want at least 64") || strings.Count(string(out), "\n") > 1 {
		t.Errorf("%v, want exit %d; it says %s", err, exitUsage, out)
	}
	pour(t, b, recs[:200])
	cmd := worker(fewestFiles)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(syscall.SIGTERM)
	for until := time.Now().Add(2 * time.Minute); look(t, b, want).Rows == 0; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("with %d files it wrote nothing", fewestFiles)
		}
	}
}
