package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/internal/ledger"
)

var (
	rows = flag.Int("rows", 20_000, "rows of each trial")
	seed = flag.Uint64("seed", uint64(time.Now().Unix()), "of the trials")
)

// TestKilledProcesses has programs that are exported from a notebook killed while they work, on a fake Kafka and on a real
// one, whose brokers are killed too. make verify is more of it.
func TestKilledProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that kill processes")
	}
	t.Chdir("..") // where the notebook is, and cmd/riffle
	dir := t.TempDir()
	binary, err := build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("says the same as the ledger", func(t *testing.T) { samePlan(t, binary) })
	for name, o := range map[string]options{
		"on a fake":  {brokers: 0, harm: 3 * time.Second},
		"on a Kafka": {brokers: 3, harm: 8 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			for _, command := range []string{"java", "mvn"} {
				if _, err := exec.LookPath(command); err != nil && o.brokers > 0 && os.Getenv("CI") == "" {
					t.Skipf("skipped because %s is not installed: the real Kafka needs a Java 17 runtime and Maven", command)
				}
			}
			o.rows, o.seed, o.workers, o.every = *rows, *seed, 3, time.Second
			o.kills, o.harms = 25, 2 // and no more: a machine that is slow would never be through
			o.pace = 2000            // so that rows flow while workers are killed
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
			defer cancel()
			h := &harms{}
			k, err := launch(o.brokers, rand.New(rand.NewPCG(o.seed, 2)), h)
			if err != nil {
				t.Fatal(err)
			}
			defer k.stop()
			if err := try(ctx, o, k, h, binary, filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
		})
	}
}

// samePlan fails if the notebook is another program than the one whose rows the ledger computes.
func samePlan(t *testing.T, binary string) {
	p, err := ledger.Pipeline(partitions)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(binary, "--describe").CombinedOutput()
	if err != nil || !strings.Contains(string(out), p.Hash()) {
		t.Errorf("%v: want plan %s, it is\n%s", err, p.Hash(), out)
	}
}
