package modules

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// waitDelay is how long what a go command has started may hold its output open after its end.
const waitDelay = time.Second

// pin finds the version of each module that is asked for without one.
func (j *job) pin(ctx context.Context) error {
	for i, m := range j.modules {
		if m.Dir != "" || m.pinned() {
			continue
		}
		j.say("looking for " + m.Request.String())
		j.modules[i].Asked = m.Version
		if m.Version == "" {
			m.Version = "latest"
		}
		if err := j.get(ctx, m.Request); err != nil {
			return err
		}
		_, version, err := j.provider(m.Path)
		if err != nil {
			return err
		}
		j.modules[i].Version = version
	}
	return nil
}

// fetch puts the modules into go.mod, from the module cache or, where that lacks one, from where the environment says.
func (j *job) fetch(ctx context.Context) error {
	for _, m := range j.modules {
		if m.Dir != "" {
			continue
		}
		if err := j.newEnough(m.Path, m.Version); err != nil {
			return err
		}
		if err := j.get(ctx, m.Request, "GOPROXY=off"); err == nil {
			continue
		}
		j.say("downloading " + m.Request.String())
		if err := j.get(ctx, m.Request); err != nil {
			return err
		}
	}
	if err := j.settle(); err != nil {
		return err
	}
	return j.unchanged()
}

// settle notes the versions that all modules together have come to: one may need a newer version of another.
func (j *job) settle() error {
	for i, m := range j.modules {
		if m.Dir != "" {
			continue
		}
		module, version, err := j.provider(m.Path)
		if err != nil {
			return err
		}
		switch c := semver.Compare(version, m.Version); {
		case c < 0:
			return fmt.Errorf("%s: another line asks for %s of %s, and a program has one version of a module: ask for one of them", m.Request, version, module)
		case c > 0:
			j.modules[i].Asked, j.modules[i].Version = m.Version, version
		}
	}
	return nil
}

// get runs go get.
func (j *job) get(ctx context.Context, r Request, env ...string) error {
	cmd := j.command(ctx, "get", "--", r.String())
	cmd.Env = append(cmd.Env, env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("modules: %w", ctx.Err())
		}
		return j.unfit(ctx, r, said.String())
	}
	return nil
}

func (j *job) modfile() (*modfile.File, error) {
	text, err := os.ReadFile(filepath.Join(j.dir, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("modules: %w", err)
	}
	return modfile.Parse("go.mod", text, nil)
}

// provider is the module in go.mod that a package at a path is of, and its version.
func (j *job) provider(path string) (module, version string, err error) {
	f, err := j.modfile()
	if err != nil {
		return "", "", err
	}
	for _, r := range f.Require {
		if (path == r.Mod.Path || strings.HasPrefix(path, r.Mod.Path+"/")) && len(r.Mod.Path) > len(module) {
			module, version = r.Mod.Path, r.Mod.Version
		}
	}
	if module == "" {
		return "", "", fmt.Errorf("%s: no module has it", path)
	}
	return module, version, nil
}

// unchanged refuses what would take Riffle back to an older version of what it is made of.
func (j *job) unchanged() error {
	now, err := j.modfile()
	if err != nil {
		return err
	}
	for _, r := range now.Require {
		if err := j.newEnough(r.Mod.Path, r.Mod.Version); err != nil {
			return err
		}
	}
	return nil
}

// newEnough refuses a version of a module of which Riffle itself needs a newer one.
func (j *job) newEnough(path, version string) error {
	was, err := modfile.Parse("go.mod", j.linked.mod, nil)
	if err != nil {
		return fmt.Errorf("the engine's go.mod: %w", err)
	}
	for _, r := range was.Require {
		if r.Mod.Path == path && semver.Compare(version, r.Mod.Version) < 0 {
			return fmt.Errorf("%s %s: Riffle itself needs %s: ask for that or a newer one", path, version, r.Mod.Version)
		}
	}
	return nil
}
