package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is one way of doing a job.
type program struct {
	who    string // "hand" or "riffle"
	binary string
}

// command runs the program: the ones by hand are configured by their environment, exports by their flags.
func (p program) command(brokers, out, group, state string) *exec.Cmd {
	if p.who == "riffle" {
		return exec.Command(p.binary, "--brokers", brokers, "--group", group, "--instance", "0", "--state-dir", state)
	}
	cmd := exec.Command(p.binary)
	cmd.Env = append(os.Environ(), "BOOTSTRAP="+brokers, "IN="+input, "OUT="+out, "GROUP="+group)
	return cmd
}

// build makes the programs of the jobs in a folder. Those of Riffle are what users get: each notebook of bench/jobs is
// exported by riffle export, over a sample of the workload, and built by go build.
func build(ctx context.Context, folder string, only []string, brokers string) (map[string][]program, error) {
	riffle := filepath.Join(folder, "riffle")
	if err := goBuild(ctx, ".", riffle, "./cmd/riffle"); err != nil {
		return nil, err
	}
	out := map[string][]program{}
	for _, name := range only {
		hand := program{"hand", filepath.Join(folder, "hand-"+name)}
		if err := goBuild(ctx, ".", hand.binary, "./bench/hand/"+name); err != nil {
			return nil, err
		}
		exported := program{"riffle", filepath.Join(folder, "riffle-"+name)}
		if err := exported.export(ctx, riffle, name, brokers); err != nil {
			return nil, err
		}
		out[name] = []program{hand, exported}
	}
	return out, nil
}

// export makes the program of a notebook. The notebook is copied, because its sample is pinned beside it.
func (p program) export(ctx context.Context, riffle, name, brokers string) error {
	folder := filepath.Dir(p.binary)
	notebook := filepath.Join(folder, name+".ipynb")
	content, err := os.ReadFile(filepath.Join("bench", "jobs", name+".ipynb"))
	if err == nil {
		err = os.WriteFile(notebook, content, 0o644)
	}
	if err != nil {
		return err
	}
	module := filepath.Join(folder, name)
	cmd := exec.CommandContext(ctx, riffle, "export", notebook, "--frame", "out", "--out", module)
	cmd.Env = append(os.Environ(), "KAFKA_BROKERS="+brokers)
	if msg, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("export of %s: %w\n%s", name, err, msg)
	}
	return goBuild(ctx, module, p.binary, ".")
}

func goBuild(ctx context.Context, dir, binary, source string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, source)
	cmd.Dir = dir
	if msg, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", strings.TrimPrefix(source, "./"), err, msg)
	}
	return nil
}
