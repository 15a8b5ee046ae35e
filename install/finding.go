package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// A State says how bad a finding is.
type State string

// The states, from good to bad.
const (
	OK      State = "ok"
	Note    State = "note"    // works, with something to know
	Missing State = "missing" // something does not work
)

// A Finding is what a look at the machine found.
type Finding struct {
	About string // what was looked at, in a word or two
	State State
	Seen  string
	Do    string // what helps; empty if all is well
}

// Jupyter looks for a Jupyter, and whether it sees the kernel and starts this program, the one in executable.
func Jupyter(ctx context.Context, executable string) []Finding {
	const about = "jupyter"
	program, err := exec.LookPath(about)
	if err != nil {
		return []Finding{{about, Missing, "no jupyter in PATH", "activate the Python environment that has it, or pip install jupyterlab"}}
	}
	found := Finding{About: about, State: OK, Seen: program}
	return []Finding{found, kernelspec(ctx, program, executable), runtimeDir(ctx, program)}
}

func kernelspec(ctx context.Context, jupyter, executable string) Finding {
	f := Finding{About: "kernelspec", State: Missing, Do: "riffle install --user, or --sys-prefix in the active Python environment"}
	out, err := ask(ctx, jupyter, "kernelspec", "list", "--json")
	if err != nil {
		f.Seen, f.Do = fmt.Sprintf("%s kernelspec list: %v", jupyter, err), "pip install jupyter_client where jupyter is"
		return f
	}
	argv, dir, err := starts(out)
	switch {
	case err != nil:
		f.Seen = fmt.Sprintf("%s kernelspec list: %v", jupyter, err)
	case len(argv) == 0:
		f.Seen = jupyter + " does not see the kernel " + Name
	case !runs(argv[0]):
		f.Seen = dir + " starts " + argv[0] + ", which is not there any more"
	case !same(argv[0], executable):
		f.State, f.Seen = Note, dir+" starts another program than this one: "+argv[0]
	default:
		return Finding{About: f.About, State: OK, Seen: dir}
	}
	return f
}

// starts reads what jupyter kernelspec list says of our kernel; no argv if it does not know it.
func starts(list string) (argv []string, dir string, err error) {
	var known struct {
		Kernelspecs map[string]struct {
			Dir  string `json:"resource_dir"`
			Spec struct {
				Argv []string `json:"argv"`
			} `json:"spec"`
		} `json:"kernelspecs"`
	}
	err = json.Unmarshal([]byte(list), &known)
	ours := known.Kernelspecs[Name]
	return ours.Spec.Argv, ours.Dir, err
}

func runs(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func same(a, b string) bool {
	first, err := os.Stat(a)
	second, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(first, second)
}

// runtimeDir looks whether connection files can be written: without them no kernel starts.
func runtimeDir(ctx context.Context, jupyter string) Finding {
	f := Finding{About: "runtime folder"}
	dir, err := ask(ctx, jupyter, "--runtime-dir")
	if err == nil {
		f.Seen, err = dir, Writable(dir)
	}
	if err != nil {
		f.State, f.Seen, f.Do = Missing, err.Error(), "make the folder yours, or name another in JUPYTER_RUNTIME_DIR"
		return f
	}
	f.State = OK
	return f
}

// Writable tells why files cannot be made in a folder, which is made if it is not there.
func Writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".riffle-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// ask runs a program and gives what it prints; the error has the last line of what it complains.
func ask(ctx context.Context, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		lines := strings.Split(strings.TrimSpace(string(exit.Stderr)), "\n")
		err = fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	return strings.TrimSpace(string(out)), err
}
