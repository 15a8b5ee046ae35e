package notebooks

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// The demo on a real Kafka: topics are fed, the tour is executed, its program is exported and gives the notebook's rows from three
// processes. Then that program, started once more, must have written each row of the notebook to the topic, once.
func TestTheWholeLoopOnARealKafka(t *testing.T) {
	l := open(t)
	kafka := kafkatest.Real(t)
	folder := t.TempDir()
	demo := l.command(l.python, "demo.py", folder)
	demo.Env = append(l.env, "KAFKA_BROKERS="+strings.Join(kafka.Addrs, ","), "RIFFLE="+l.riffle)
	t.Log(must(t, demo))
	proof := map[string][]byte{}
	for _, way := range []string{"notebook", "live", "program"} {
		rows, err := os.ReadFile(filepath.Join(folder, ".riffle", "proof", "car-speed", way+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		if d := replay.Diff(proof["notebook"], rows); d != "" && way != "notebook" {
			t.Errorf("the notebook's rows and those of the %s: %s", way, d)
		}
		proof[way] = rows
	}
	want := uncut(t, proof["notebook"])
	if len(want) < 1000 {
		t.Fatalf("the notebook has %d rows of whole windows, want 1000 and more", len(want))
	}
	restart(t, kafka, filepath.Join(folder, "car-speed"), want)
}

// window is what identifies a row of the tour's program.
type window struct {
	Car   string
	Start int64 `json:"window_start"`
}

func windowOf(t *testing.T, row []byte) window {
	t.Helper()
	var w window
	if err := json.Unmarshal(row, &w); err != nil {
		t.Fatalf("%v in %s", err, row)
	}
	return w
}

// uncut are the notebook's rows whose windows do not reach back before the sample.
func uncut(t *testing.T, proof []byte) map[window]string {
	t.Helper()
	rows := map[window]string{}
	first := int64(math.MaxInt64)
	for line := range bytes.Lines(proof) {
		var r struct{ Row json.RawMessage }
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		w := windowOf(t, r.Row)
		rows[w] = string(r.Row)
		first = min(first, w.Start)
	}
	const size, disorder = 10_000, 5_000 // ms
	maps.DeleteFunc(rows, func(w window, _ string) bool { return w.Start < first+size+disorder })
	return rows
}

// restart runs the exported program, which the demo had stopped, until the topic has the rows that are wanted, and stops it. Each row of
// the topic must be there once.
func restart(t *testing.T, kafka *kafkatest.Broker, folder string, want map[window]string) {
	t.Helper()
	var said bytes.Buffer
	program := exec.CommandContext(t.Context(), "./car-speed", "--brokers", strings.Join(kafka.Addrs, ","))
	program.Dir, program.Stdout, program.Stderr = folder, &said, &said
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	var lacks map[window]string
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(200 * time.Millisecond) {
		if lacks = lacking(t, kafka, want); len(lacks) == 0 {
			break
		}
	}
	program.Process.Signal(syscall.SIGTERM)
	if err := program.Wait(); err != nil {
		t.Errorf("the program ended with %v:\n%s", err, &said)
	}
	if len(lacks) > 0 {
		t.Errorf("the topic lacks %d of %d rows of the notebook after a minute: %v\n%s", len(lacks), len(want), slices.Collect(maps.Values(lacks))[0], &said)
	}
	lacking(t, kafka, want) // what the last transaction wrote, too
}

// lacking are the wanted rows that the program's topic does not have yet. A row that is there twice, or is another one, fails the test.
func lacking(t *testing.T, kafka *kafkatest.Broker, want map[window]string) map[window]string {
	t.Helper()
	lacks := maps.Clone(want)
	seen := map[window]bool{}
	for _, r := range kafka.Read(t, "car-speed") {
		w := windowOf(t, r.Value)
		if seen[w] {
			t.Fatalf("the topic has two rows of %+v", w)
		}
		seen[w] = true
		if row, ok := want[w]; ok && row != string(r.Value) {
			t.Fatalf("the program wrote %s, the notebook shows %s", r.Value, row)
		}
		delete(lacks, w)
	}
	return lacks
}
