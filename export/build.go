package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// binaryName is the program in its folder of a bench.
const binaryName = "program"

// Build builds the program that consists of these files of one package, and
// gives the path of its binary. The same files are built once. progress, if not
// nil, is told what is going on. A program that does not compile gives a [*BuildError].
func (w *Workshop) Build(ctx context.Context, files Files, progress func(string)) (binary string, err error) {
	if progress == nil {
		progress = func(string) {}
	}
	imports, err := files.imports()
	if err != nil {
		return "", err
	}
	b, err := w.ready(ctx, imports, progress)
	if err != nil {
		return "", err
	}
	return w.build(ctx, b, files.digest()[:24], files, build{progress: progress})
}

// build builds files in a folder of a bench.
func (w *Workshop) build(ctx context.Context, at *bench, name string, files Files, b build) (string, error) {
	dir := filepath.Join(at.dir, "programs", name)
	binary := filepath.Join(dir, binaryName)
	if err := touch(at.dir); err != nil {
		return "", err
	}
	if _, err := os.Stat(binary); err == nil {
		return binary, touch(dir)
	}
	if err := files.Write(dir); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(dir, "new-")
	if err != nil {
		return "", fmt.Errorf("workshop: %w", err)
	}
	tmp.Close()
	defer os.Remove(tmp.Name())
	b.tool, b.dir, b.pkg, b.out = w.tool, at.dir, "./programs/"+name, tmp.Name()
	if err := b.run(ctx); err != nil {
		return "", err
	}
	if err := os.Rename(tmp.Name(), binary); err != nil {
		return "", fmt.Errorf("workshop: %w", err)
	}
	return binary, nil
}

// touch says that a folder was used, so that it is kept.
func touch(dir string) error {
	now := time.Now()
	if err := os.Chtimes(dir, now, now); err != nil {
		return fmt.Errorf("workshop: %w", err)
	}
	return nil
}

// build is one run of go build.
type build struct {
	tool     Toolchain
	dir      string // of the module
	pkg      string
	out      string
	env      []string // nil for that of folders that need nothing from outside
	gentle   bool     // let other processes go first
	progress func(string)
}

// Build compiles a package of the module in a folder, in an environment, to a file. progress is told what is going on.
func (t Toolchain) Build(ctx context.Context, dir, pkg, out string, env []string, progress func(string)) error {
	return build{tool: t, dir: dir, pkg: pkg, out: out, env: env, progress: progress}.run(ctx)
}

// run builds. What is compiled is shared between folders because of -trimpath;
// leaving out the debugger's tables saves a third of the time to link.
func (b build) run(ctx context.Context) error {
	args := []string{b.tool.Path, "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags=-w", "-o", b.out, b.pkg}
	if nice, err := exec.LookPath("nice"); b.gentle && err == nil {
		args = append([]string{nice, "-n", "10"}, args...)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = b.dir, b.env
	if b.env == nil {
		cmd.Env = environment(b.dir)
	}
	cmd.WaitDelay = time.Second
	r, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("build: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	said := b.follow(r)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("build: %w", ctx.Err())
		}
		return failed(said, err)
	}
	return nil
}

// maxLine bounds a line that go build says, in bytes.
const maxLine = 1 << 20

// follow reads what go build says, reports the packages that it compiles, and gives the rest.
func (b build) follow(r io.Reader) string {
	var rest strings.Builder
	var last time.Time
	n := 0
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	for s.Scan() {
		line := s.Text()
		if line == "" || strings.ContainsAny(line, " :\t#") {
			rest.WriteString(line + "\n")
			continue
		}
		if n++; b.progress != nil && n > 1 && time.Since(last) > 200*time.Millisecond {
			last = time.Now()
			b.progress(fmt.Sprintf("compiling the engine, which happens once: %d packages done", n))
		}
	}
	_, _ = io.Copy(io.Discard, r) // what is behind a line without end, so that the compiler is not held up
	return rest.String()
}

// failed is what go build said, as an error.
func failed(said string, err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("build: %w", err)
	}
	return diagnose(said)
}
