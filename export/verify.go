package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/riffle-stream/riffle/export/replay"
)

// ErrDiffers is in errors that say that a program gives something else than the notebook.
var ErrDiffers = errors.New("the program differs from the notebook")

// Compile builds the program in an export's folder, to the file there that a go
// build in it would make, too.
func (w *Workshop) Compile(ctx context.Context, dir string, progress func(string)) (binary string, err error) {
	if progress == nil {
		progress = func(string) {}
	}
	if err := w.take(ctx, progress); err != nil { // what is being compiled is of use here
		return "", err
	}
	w.leave()
	tool, err := FindToolchain(ctx, w.mod)
	if err != nil {
		return "", err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("export: %w", err)
	}
	name, err := nameOf(dir)
	if err != nil {
		return "", err
	}
	binary = filepath.Join(dir, name)
	return binary, build{tool: tool, dir: dir, pkg: ".", out: binary, progress: progress}.run(ctx)
}

// Verify runs a binary over the proof's sample. It must build the same plan and
// give the same rows, byte for byte; else the error wraps [ErrDiffers] and shows
// the first row of both sides that differs.
func Verify(ctx context.Context, binary string, proof *Proof) error {
	text, err := output(ctx, binary, "--describe")
	if err != nil {
		return err
	}
	if got := described(text, "plan"); got != proof.Plan {
		return fmt.Errorf("%w: its statements build plan %s, the notebook has plan %s: something that they depend on is not in them, such as a file, the environment or the time, or a variable that a later cell changed", ErrDiffers, got, proof.Plan)
	}
	rows, err := os.CreateTemp("", "riffle-rows-")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	rows.Close()
	defer os.Remove(rows.Name())
	if _, err := output(ctx, binary, "--sample", proof.Sample, "--rows", rows.Name()); err != nil {
		return err
	}
	got, err := os.ReadFile(rows.Name())
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if d := replay.Diff(proof.Rows, got); d != "" {
		return fmt.Errorf("%w: over the sample %s, %s", ErrDiffers, proof.Fingerprint[:12], d)
	}
	return nil
}

// output is what the program prints. Its environment holds no settings of programs.
func output(ctx context.Context, binary string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "RIFFLE_") && !strings.HasPrefix(kv, "KAFKA_") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("export: %w", ctx.Err())
		}
		return nil, fmt.Errorf("%w: it ends with %w: %s", ErrDiffers, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// described is the value behind a word at the beginning of a line.
func described(text []byte, word string) string {
	for _, line := range strings.Split(string(text), "\n") {
		if f := strings.Fields(line); len(f) == 2 && f[0] == word {
			return f[1]
		}
	}
	return ""
}
