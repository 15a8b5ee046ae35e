package install

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// Name is the kernelspec's directory, and what notebooks say they run on.
const Name = "riffle"

// ErrForeign is wrapped when a kernelspec of our name was not made by us.
var ErrForeign = errors.New("not made by riffle install")

//go:embed logo
var logos embed.FS

// A Spec is what the kernelspec starts.
type Spec struct {
	Executable string            // absolute path of the riffle program
	Args       []string          // further arguments of "riffle kernel"
	Env        map[string]string // further environment of the kernel
}

// file is kernel.json.
type file struct {
	Argv      []string          `json:"argv"`
	Name      string            `json:"display_name"`
	Language  string            `json:"language"`
	Interrupt string            `json:"interrupt_mode"`
	Env       map[string]string `json:"env,omitempty"`
	Metadata  metadata          `json:"metadata"`
}

type metadata struct {
	Maker string `json:"made_by"`
}

const maker = "riffle install"

func (s Spec) file() file {
	argv := append([]string{s.Executable, "kernel", "--connection-file", "{connection_file}"}, s.Args...)
	return file{Argv: argv, Name: "Riffle (Go)", Language: "go", Interrupt: "message", Env: s.Env, Metadata: metadata{Maker: maker}}
}

// Write makes the kernelspec in root, or replaces ours there, and gives its directory. A kernelspec of the
// same name that we did not make stays, with ErrForeign. Jupyter never sees half of it.
func Write(root string, s Spec) (dir string, err error) {
	dir = filepath.Join(root, Name)
	if !filepath.IsAbs(s.Executable) {
		return "", fmt.Errorf("kernelspec: executable %q is no absolute path", s.Executable)
	}
	if err := checkOurs(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	draft, err := os.MkdirTemp(root, ".riffle-*")
	if err != nil {
		return "", fmt.Errorf("kernelspec: %w; choose a directory you may write to with --user or --prefix", err)
	}
	defer os.RemoveAll(draft)
	if err := fill(draft, s); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	if err := os.Rename(draft, dir); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	return dir, nil
}

// fill writes kernel.json and the logos.
func fill(dir string, s Spec) error {
	spec, err := json.MarshalIndent(s.file(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), append(spec, '\n'), 0o644); err != nil {
		return err
	}
	entries, err := logos.ReadDir("logo")
	if err != nil {
		return err
	}
	for _, e := range entries {
		b, err := logos.ReadFile(path.Join("logo", e.Name()))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), b, 0o644); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o755)
}

// Remove takes our kernelspec out of root and gives the directory that it removed. os.ErrNotExist is
// wrapped if there is none, ErrForeign if it is not ours.
func Remove(root string) (dir string, err error) {
	dir = filepath.Join(root, Name)
	if err := checkOurs(dir); err != nil {
		return "", err
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	return dir, nil
}

// checkOurs tells whether dir holds a kernelspec that we made.
func checkOurs(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if errors.Is(err, os.ErrNotExist) {
		if entries, e := os.ReadDir(dir); e == nil && len(entries) > 0 {
			return fmt.Errorf("kernelspec %s: %w: it has no kernel.json; remove it yourself", dir, ErrForeign)
		}
	}
	if err != nil {
		return fmt.Errorf("kernelspec: %w", err)
	}
	var f file
	if json.Unmarshal(b, &f) != nil || f.Metadata.Maker != maker {
		return fmt.Errorf("kernelspec %s: %w; remove it yourself", dir, ErrForeign)
	}
	return nil
}
