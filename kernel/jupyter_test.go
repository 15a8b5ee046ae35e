package kernel_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/riffle-stream/riffle/kernel/internal/echo" // what the kernel under test is built of, so that a
	_ "github.com/riffle-stream/riffle/kernel/pipe"          // change of it makes a cached result of this test void
)

// TestJupyter drives a whole kernel, front and worker, with the real Python clients: the files test_*.py
// in testdata. They run in a private environment in .venv at the top of the repository, which is made if
// it is missing.
func TestJupyter(t *testing.T) {
	if testing.Short() {
		t.Skip("driving the kernel with Python clients takes half a minute: skipped because of -short")
	}
	readAll(t, "testdata/*")
	readAll(t, "internal/echokernel/*")
	python := environment(t)
	dir := t.TempDir()
	kernel := filepath.Join(dir, "echokernel")
	output(t, exec.Command("go", "build", "-o", kernel, "./internal/echokernel"))
	writeSpec(t, filepath.Join(dir, "kernels", "echo"), kernel)
	cmd := exec.Command(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=5", "testdata")
	cmd.Env = append(os.Environ(), "ECHOKERNEL="+kernel, "JUPYTER_PATH="+dir, "JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"), "PYTHONDONTWRITEBYTECODE=1")
	t.Logf("%s", output(t, cmd))
}

// readAll reads files that others use on our behalf: go test then knows that the result depends on them.
func readAll(t *testing.T, pattern string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			if _, err := os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func writeSpec(t *testing.T, dir, kernel string) {
	t.Helper()
	spec, err := json.Marshal(map[string]any{"argv": []string{kernel, "-connection-file", "{connection_file}"},
		"display_name": "Echo", "language": "go", "interrupt_mode": "message"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), spec, 0o644); err != nil {
		t.Fatal(err)
	}
}

// environment gives the Python of .venv with what the tests need.
func environment(t *testing.T) string {
	t.Helper()
	root := strings.TrimSpace(output(t, exec.Command("go", "list", "-m", "-f", "{{.Dir}}")))
	python := filepath.Join(root, ".venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		if out, err := exec.Command("python3", "-m", "venv", filepath.Join(root, ".venv")).CombinedOutput(); err != nil {
			missing(t, "Python 3 with venv cannot be had: %v\n%s", err, out)
		}
	}
	if exec.Command(python, "-c", "import jupyter_kernel_test, nbclient, pytest, zmq").Run() == nil {
		return python
	}
	t.Log("installing testdata/requirements.txt into .venv")
	if out, err := exec.Command(python, "-m", "pip", "install", "-q", "-r", "testdata/requirements.txt").CombinedOutput(); err != nil {
		missing(t, "pip cannot install testdata/requirements.txt: %v\n%s", err, out)
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

func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return string(out)
}
