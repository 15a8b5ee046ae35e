package export

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// ErrToolchain is in every error that says that programs cannot be built because Go is missing or too old.
var ErrToolchain = errors.New("no Go toolchain to build programs with")

// Toolchain is the go command.
type Toolchain struct {
	Path    string
	Root    string // GOROOT
	Version string // such as "go1.26.8"
}

// FindToolchain finds a go command that builds what has this go.mod.
func FindToolchain(ctx context.Context, mod []byte) (Toolchain, error) {
	version, err := goVersion(mod)
	if err != nil {
		return Toolchain{}, err
	}
	return findToolchain(ctx, version, candidates())
}

// findToolchain finds, at these places, a go command of at least a version such as "1.26.8".
func findToolchain(ctx context.Context, want string, places []string) (Toolchain, error) {
	var seen []string
	for _, path := range places {
		out, err := exec.CommandContext(ctx, path, "env", "GOVERSION", "GOROOT").Output()
		lines := strings.Fields(string(out))
		if err != nil || len(lines) != 2 {
			continue
		}
		if version.Compare(lines[0], "go"+want) >= 0 {
			return Toolchain{path, lines[1], lines[0]}, nil
		}
		seen = append(seen, fmt.Sprintf("%s is %s", path, lines[0]))
	}
	found := "no go command in PATH"
	if len(seen) > 0 {
		found = strings.Join(seen, ", ")
	}
	return Toolchain{}, fmt.Errorf("%w: %s, want Go %s or newer: install it from https://go.dev/dl/ and start the notebook again", ErrToolchain, found, want)
}

// candidates are the places where a go command may be.
func candidates() []string {
	name := "go"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	var out []string
	if p, err := exec.LookPath(name); err == nil {
		out = append(out, p)
	}
	for _, root := range []string{os.Getenv("GOROOT"), "/usr/local/go", "/usr/lib/go", "/opt/homebrew/opt/go/libexec"} {
		p := filepath.Join(root, "bin", name)
		if info, err := os.Stat(p); root != "" && err == nil && !info.IsDir() {
			out = append(out, p)
		}
	}
	return out
}

// IsStandard reports whether a module of this name would stand in the place of a package of the standard library.
func (t Toolchain) IsStandard(name string) bool {
	_, err := os.Stat(filepath.Join(t.Root, "src", name))
	return err == nil
}

// environment is that of go commands which need nothing from outside the folder.
func environment(dir string) []string {
	return append(CleanEnv(os.Environ()), "GOWORK="+filepath.Join(dir, "go.work"), "GOFLAGS=-mod=vendor", "GOPROXY=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
}

// CleanEnv leaves out what would change how programs are built. What says where modules come from, and how they are
// checked, stays.
func CleanEnv(env []string) []string {
	var out []string
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "GOFLAGS", "GOWORK", "GOOS", "GOARCH", "GO111MODULE", "GOEXPERIMENT", "GOTOOLCHAIN", "CGO_ENABLED":
		default:
			out = append(out, kv)
		}
	}
	return out
}
