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

	"github.com/riffle-stream/riffle/internal/exported"
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
		if err := exported.Build(ctx, ".", hand.binary, "./bench/hand/"+j.name); err != nil {
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
	riffle, err := exported.Riffle(ctx, work)
	if err != nil {
		return err
	}
	for _, j := range chosen {
		module, err := exported.Notebook(ctx, riffle, filepath.Join("bench", "jobs", j.name+".ipynb"), "out", work, addrs)
		if err == nil {
			err = j.configure(module)
		}
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
			err = exported.Build(ctx, module, binary, ".")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// exportRows are more than a sample takes.
const exportRows = 100_000

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
