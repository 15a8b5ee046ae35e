package modules

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/export"
	"golang.org/x/mod/modfile"
)

// A job builds one program, in a folder of its own that holds the module of the engine.
type job struct {
	linked  *Linked
	tool    export.Toolchain
	dir     string
	say     func(string)
	modules []Module     // what the program will have
	folders export.Files // the modules in folders, as they lie among the sources
}

// open writes the engine's go.mod with what is known of the modules.
func (j *job) open(wanted []Request) error {
	wanted, err := followed(wanted)
	if err != nil {
		return err
	}
	slices.SortFunc(wanted, func(a, b Request) int { return strings.Compare(a.Path, b.Path) })
	f, err := modfile.Parse("go.mod", j.linked.mod, nil)
	if err != nil {
		return fmt.Errorf("the engine's go.mod: %w", err)
	}
	j.folders = export.Files{}
	for i, r := range wanted {
		m := Module{Request: r}
		if r.Dir != "" {
			if m.Sum, err = j.place(f, i, r); err != nil {
				return err
			}
		}
		j.modules = append(j.modules, m)
	}
	mod, err := f.Format()
	if err != nil {
		return fmt.Errorf("the engine's go.mod: %w", err)
	}
	files := export.Files{"go.mod": mod, "go.sum": j.linked.sum}
	for name, text := range j.folders {
		files[name] = text
	}
	return files.Write(j.dir)
}

// place takes the module in a folder among the sources, as number i, and gives the sum of its files.
func (j *job) place(f *modfile.File, i int, r Request) (sum string, err error) {
	if j.tool.IsStandard(r.Path) {
		return "", fmt.Errorf("%s: a package of Go has that name: give the module another in its go.mod", r.Path)
	}
	files, err := folderFiles(r.Dir)
	if err != nil {
		return "", err
	}
	if err := f.AddRequire(r.Path, folderVersion); err != nil {
		return "", fmt.Errorf("%s: %w", r.Path, err)
	}
	if err := f.AddReplace(r.Path, "", "./"+folderOf(i), ""); err != nil {
		return "", fmt.Errorf("%s: %w", r.Path, err)
	}
	for name, text := range placed(i, files) {
		j.folders[name] = text
	}
	return digest(files), nil
}

// folderVersion stands for that of a module in a folder, which has none.
const folderVersion = "v0.0.0"

// command is a go command in the job's folder. Where modules come from and how they are checked is as the environment says.
func (j *job) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, j.tool.Path, args...)
	cmd.Dir, cmd.Env = j.dir, j.env()
	cmd.WaitDelay = waitDelay
	return cmd
}

func (j *job) env() []string {
	return append(export.CleanEnv(os.Environ()), "GOWORK=off", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
}

// out is the file of the program.
func (j *job) out() string { return filepath.Join(j.dir, "program") }
