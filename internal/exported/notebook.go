package exported

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Riffle builds cmd/riffle into a folder.
func Riffle(ctx context.Context, folder string) (binary string, err error) {
	binary = filepath.Join(folder, "riffle")
	return binary, Build(ctx, ".", binary, "./cmd/riffle")
}

// Notebook exports a frame of a notebook, whose sample it takes from these brokers, as a module below folder. The notebook is
// copied there, because its sample is pinned beside it.
func Notebook(ctx context.Context, riffle, notebook, frame, folder string, brokers []string) (module string, err error) {
	content, err := os.ReadFile(notebook)
	if err != nil {
		return "", err
	}
	beside := filepath.Join(folder, filepath.Base(notebook))
	if err := os.WriteFile(beside, content, 0o644); err != nil {
		return "", err
	}
	module = strings.TrimSuffix(beside, ".ipynb")
	cmd := exec.CommandContext(ctx, riffle, "export", beside, "--frame", frame, "--out", module)
	cmd.Env = append(os.Environ(), "KAFKA_BROKERS="+strings.Join(brokers, ","))
	if msg, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("export of %s: %w\n%s", notebook, err, msg)
	}
	return module, nil
}

// Build compiles a package below dir; further flags are those of go build.
func Build(ctx context.Context, dir, binary, source string, flags ...string) error {
	cmd := exec.CommandContext(ctx, "go", append(append([]string{"build", "-trimpath", "-o", binary}, flags...), source)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if msg, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", strings.TrimPrefix(source, "./"), err, msg)
	}
	return nil
}
