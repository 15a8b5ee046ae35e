package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// riffle is the program under test, built once.
var riffle string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "riffle")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		riffle = filepath.Join(dir, "riffle")
		build := exec.Command("go", "build", "-trimpath", "-o", riffle, ".") // as make does
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// runProgram runs the program and gives what it printed and its exit code. The environment is the test's own and env.
func runProgram(t *testing.T, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, bad bytes.Buffer
	cmd := exec.Command(riffle, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &out, &bad
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), bad.String(), cmd.ProcessState.ExitCode()
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string // on stdout if the code is 0, else on stderr
	}{
		{"", 2, "riffle needs a command; riffle help tells the commands"},
		{"help", 0, "riffle COMMAND [OPTIONS]"},
		{"--help", 0, "riffle COMMAND [OPTIONS]"},
		{"-h", 0, "riffle COMMAND [OPTIONS]"},
		{"versio", 2, `has no command "versio"; did you mean version?`},
		{"frobnicate", 2, `has no command "frobnicate" (have install,`},
		{"version", 0, "riffle "},
		{"version now", 2, `riffle version: takes no argument "now"`},
		{"version --all", 2, "riffle version: has no option --all (have none)"},
		{"install", 2, "riffle install: does not say where: give --user for every Jupyter of this user, --sys-prefix for"},
		{"install --user --sys-prefix", 2, "riffle install: names 2 places (--sys-prefix, --user), want one"},
		{"install --user --prefix x", 2, "riffle install: names 2 places (--prefix, --user), want one"},
		{"install --prefix", 2, "riffle install: gives no value to --prefix"},
		{"install --prefix=", 2, "riffle install: --prefix names no place"},
		{"install --sys-prefix=false", 2, "riffle install: --sys-prefix names no place"},
		{"install --to x", 2, "riffle install: has no option --to (have --papermill, --prefix, --sys-prefix, --user); riffle install --help tells the options"},
		{"uninstall", 2, "riffle uninstall: does not say where"},
		{"broker --idle soon", 2, `riffle broker: invalid value "soon" for --idle`},
		{"kernel", 2, "riffle kernel: has no --connection-file: Jupyter starts the kernel"},
		{"kernel --connection-file nowhere.json", 1, "nowhere.json"},
		{"worker", 1, "a worker is started by a kernel, not by hand"},
		{"worker now", 2, `riffle worker: takes no argument "now"`},
		{"produce", 2, "riffle produce: names no topic, want riffle produce [OPTIONS] TOPIC < FILE"},
		{"produce a b", 2, `riffle produce: takes no argument "b"`},
	} {
		t.Run(c.args, func(t *testing.T) {
			stdout, stderr, code := runProgram(t, nil, strings.Fields(c.args)...)
			text := stderr
			if c.code == 0 {
				text = stdout
			}
			if code != c.code || !strings.Contains(text, c.says) {
				t.Errorf("riffle %s: exit code %d, want %d\nstdout %q\nstderr %q\nwant   %q", c.args, code, c.code, stdout, stderr, c.says)
			}
			if c.code == 0 && stderr != "" || c.code != 0 && stdout != "" {
				t.Errorf("riffle %s says something at the wrong place\nstdout %q\nstderr %q", c.args, stdout, stderr)
			}
		})
	}
}

func TestHelpTellsEveryOption(t *testing.T) {
	for _, c := range commands() {
		stdout, stderr, code := runProgram(t, nil, c.name, "--help")
		if code != 0 || stderr != "" {
			t.Errorf("riffle %s --help: exit code %d, stderr %q", c.name, code, stderr)
		}
		for _, want := range append([]string{c.does + ".\n", "riffle " + c.name}, optionsOf(c.args)...) {
			if !strings.Contains(stdout, want) {
				t.Errorf("riffle %s --help has no %q:\n%s", c.name, want, stdout)
			}
		}
		_, listed, _ := strings.Cut(stdout, "\nOptions:\n")
		for line := range strings.Lines(listed) {
			if name, _, _ := strings.Cut(strings.TrimSpace(line), " "); !strings.Contains(c.args, name) {
				t.Errorf("riffle %s: option %s is not in its usage %q", c.name, name, c.args)
			}
		}
	}
}

// optionsOf are the options that a usage names, as help lists them.
func optionsOf(usage string) (names []string) {
	for _, word := range strings.Fields(strings.NewReplacer("[", "", "]", "", "|", "").Replace(usage)) {
		if strings.HasPrefix(word, "--") {
			names = append(names, "\n  "+word)
		}
	}
	return names
}

func TestInstallAndUninstall(t *testing.T) {
	dir := t.TempDir()
	stdout, stderr, code := runProgram(t, nil, "install", "--prefix", dir)
	at := filepath.Join(dir, "share", "jupyter", "kernels", "riffle")
	if code != 0 || !strings.Contains(stdout, at) {
		t.Fatalf("install: exit code %d\n%s%s", code, stdout, stderr)
	}
	spec, err := os.ReadFile(filepath.Join(at, "kernel.json"))
	if err != nil || !strings.Contains(string(spec), riffle) {
		t.Errorf("kernel.json does not start %s: %v\n%s", riffle, err, spec)
	}
	if stdout, stderr, code = runProgram(t, nil, "uninstall", "--prefix", dir); code != 0 {
		t.Errorf("uninstall: exit code %d\n%s%s", code, stdout, stderr)
	}
	if _, stderr, code = runProgram(t, nil, "uninstall", "--prefix", dir); code != 1 || !strings.Contains(stderr, at) {
		t.Errorf("uninstall of nothing: exit code %d\n%s", code, stderr)
	}
}

func TestInstallForTheActiveEnvironment(t *testing.T) {
	dir := t.TempDir()
	stdout, stderr, code := runProgram(t, []string{"VIRTUAL_ENV=" + dir}, "install", "--sys-prefix")
	if _, err := os.Stat(filepath.Join(dir, "share", "jupyter", "kernels", "riffle", "kernel.json")); err != nil || code != 0 {
		t.Errorf("exit code %d, %v\n%s%s", code, err, stdout, stderr)
	}
}

func TestBadEnvironmentIsSaid(t *testing.T) {
	_, stderr, code := runProgram(t, []string{"KAFKA_BROKERS=localhost:notaport"}, "topics")
	if code != 1 || !strings.Contains(stderr, "notaport") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}
