package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// program is one way of doing a job. It is told where to read and write by its environment.
type program struct {
	who    string // "hand", "riffle", or the name of a peer
	binary string
	args   []string
	slow   bool // it gets fewer rows
	// profile is the file for what its processor did; "" is none. Programs by hand have none.
	profile string
}

// command runs the program.
func (p program) command(brokers, in, out, group, state string) *exec.Cmd {
	cmd := exec.Command(p.binary, p.args...)
	cmd.Env = append(os.Environ(), "BOOTSTRAP="+brokers, "IN="+in, "OUT="+out, "GROUP="+group, "STATE_DIR="+state, "PROFILE="+p.profile)
	return cmd
}

// build makes the programs of the jobs in a folder: one by hand and one exported for each.
func build(ctx context.Context, folder string, chosen []job) (map[string][]program, error) {
	out := map[string][]program{}
	for _, j := range chosen {
		hand := program{who: "hand", binary: filepath.Join(folder, "hand-"+j.name)}
		if err := goBuild(ctx, ".", hand.binary, "./bench/hand/"+j.name); err != nil {
			return nil, err
		}
		out[j.name] = append(out[j.name], hand, program{who: "riffle", binary: filepath.Join(folder, j.name)})
	}
	return out, exportAll(ctx, folder, chosen, profile)
}

// exportAll makes the programs of Riffle in a folder, each with the name of its job. They are what users get: each notebook of
// bench/jobs is exported by riffle export, over a sample of the workload on a broker in this process, and built by go build, with a
// file beside if there is one.
func exportAll(ctx context.Context, folder string, chosen []job, beside []byte) error {
	addrs, stop, err := kafkatest.LaunchFake()
	if err != nil {
		return err
	}
	defer stop()
	if err := (workload{exportRows}).load(ctx, addrs, inNotebooks, topicsOf(chosen)); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	work, err := os.MkdirTemp("", "riffle-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	riffle := filepath.Join(work, "riffle")
	if err := goBuild(ctx, ".", riffle, "./cmd/riffle"); err != nil {
		return err
	}
	for _, j := range chosen {
		module, err := j.export(ctx, work, riffle, strings.Join(addrs, ","))
		if err != nil {
			return err
		}
		if len(beside) > 0 {
			if err := os.WriteFile(filepath.Join(module, "beside.go"), beside, 0o644); err != nil {
				return err
			}
		}
		binary, err := filepath.Abs(filepath.Join(folder, j.name))
		if err == nil {
			err = goBuild(ctx, module, binary, ".")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// exportRows are more than a sample takes.
const exportRows = 100_000

// export makes the module of a job's notebook. The notebook is copied, because its sample is pinned beside it.
func (j job) export(ctx context.Context, work, riffle, brokers string) (module string, err error) {
	notebook := filepath.Join(work, j.name+".ipynb")
	content, err := os.ReadFile(filepath.Join("bench", "jobs", j.name+".ipynb"))
	if err == nil {
		err = os.WriteFile(notebook, content, 0o644)
	}
	if err != nil {
		return "", err
	}
	module = filepath.Join(work, j.name)
	cmd := exec.CommandContext(ctx, riffle, "export", notebook, "--frame", "out", "--out", module)
	cmd.Env = append(os.Environ(), "KAFKA_BROKERS="+brokers)
	if msg, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("export of %s: %w\n%s", j.name, err, msg)
	}
	return module, j.configure(module)
}

//go:embed environment.go.tmpl
var environment string

// profile is for programs that are measured here, not for those that are left to others.
//
//go:embed profile.go.tmpl
var profile []byte

// configure adds the file to an export that lets it be told its topics as the other programs are.
func (j job) configure(module string) error {
	t, err := template.New("environment").Parse(environment)
	if err != nil {
		return err
	}
	type topic struct{ Name, Suffix string }
	var inputs []topic
	for _, in := range j.inputs {
		inputs = append(inputs, topic{inNotebooks + in, strings.TrimPrefix(in, j.in)})
	}
	f, err := os.Create(filepath.Join(module, "environment.go"))
	if err != nil {
		return err
	}
	defer f.Close()
	return t.Execute(f, map[string]any{"Output": inNotebooks + "-" + j.name, "Inputs": inputs})
}

func goBuild(ctx context.Context, dir, binary, source string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, source)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if msg, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", strings.TrimPrefix(source, "./"), err, msg)
	}
	return nil
}
