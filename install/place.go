package install

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A Place is where something can be installed.
type Place struct {
	Kernels string // the folder of kernelspecs
	Python  string // the prefix of the Python that belongs to it: its modules lie in lib
}

// Prefix is an environment, such as a virtual environment or /usr/local.
func Prefix(dir string) Place {
	return Place{Kernels: filepath.Join(dir, "share", "jupyter", "kernels"), Python: dir}
}

// User is the home of the present user, where every Jupyter of the user looks.
func User() (Place, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Place{}, fmt.Errorf("home directory is unknown: %w; name a directory with --prefix", err)
	}
	python := cmp.Or(os.Getenv("PYTHONUSERBASE"), filepath.Join(home, ".local"))
	return Place{Kernels: filepath.Join(userData(home), "kernels"), Python: python}, nil
}

// userData is Jupyter's folder in a home.
func userData(home string) string {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter")
	}
	data := cmp.Or(os.Getenv("XDG_DATA_HOME"), filepath.Join(home, ".local", "share"))
	return filepath.Join(data, "jupyter")
}

// askTimeout bounds how long Python may take to say where it lives.
const askTimeout = 10 * time.Second

// SysPrefix is the Python environment in use: the active virtual or conda environment, else that of python3 on
// the PATH.
func SysPrefix(ctx context.Context) (Place, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if dir := os.Getenv(name); dir != "" {
			return Prefix(dir), nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, "python3", "-c", "import sys; print(sys.prefix)").Output()
	dir := strings.TrimSpace(string(out))
	if err == nil && dir == "" {
		err = errors.New("it printed nothing")
	}
	if err != nil {
		return Place{}, fmt.Errorf("python3 does not say its prefix: %w; activate an environment, or name one with --prefix", err)
	}
	return Prefix(dir), nil
}
