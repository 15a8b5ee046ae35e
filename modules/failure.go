package modules

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// ErrOffline is in errors about modules that are not on this machine and could not be downloaded.
var ErrOffline = errors.New("it is not in the module cache of this machine, and could not be downloaded")

var (
	offline = regexp.MustCompile(`module lookup disabled|dial tcp|no such host|connection refused|i/o timeout|network is unreachable|TLS handshake|proxyconnect`)
	unknown = regexp.MustCompile(`40[34] (Forbidden|Not Found)|410 Gone|unrecognized import path|[Rr]epository not found|could not read Username|unknown revision|invalid version|no matching versions`)
	newerGo = regexp.MustCompile(`requires go >= (\S+)`)
)

// unfit says what go get means by what it said of a request.
func (j *job) unfit(ctx context.Context, r Request, said string) error {
	last := verdict(said)
	switch {
	case newerGo.MatchString(said):
		return fmt.Errorf("%s: needs Go %s, and here is %s: install a newer Go from https://go.dev/dl/, or ask for an older version of the module", r, strings.TrimSuffix(newerGo.FindStringSubmatch(said)[1], ";"), strings.TrimPrefix(j.tool.Version, "go"))
	case strings.Contains(said, "SECURITY ERROR") || strings.Contains(said, "checksum mismatch"):
		return fmt.Errorf("%s: its checksum is not the one that is known, so it is not used: %s", r, last)
	case offline.MatchString(said):
		return fmt.Errorf("%s: %w%s: %s", r, ErrOffline, j.cached(ctx, r), last)
	case unknown.MatchString(said):
		if have := j.versions(ctx, r); have != "" && r.Version != "latest" {
			return fmt.Errorf("%s: there is no version %s: it has %s", r.Path, r.Version, have)
		}
		return fmt.Errorf("%s: no module has this path, or it cannot be seen from here (GOPROXY and GOPRIVATE of the environment say where go looks): %s", r.Path, last)
	}
	return fmt.Errorf("%s: %s", r, last)
}

// verdict is the line of what the go command said that says what is wrong.
func verdict(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	lines = slices.DeleteFunc(lines, func(s string) bool {
		return strings.HasPrefix(s, "go: downloading ") || strings.HasPrefix(s, "go: added ") || s == ""
	})
	if len(lines) == 0 {
		return "go get says nothing"
	}
	return strings.TrimSpace(strings.TrimPrefix(strings.Join(lines[:min(3, len(lines))], " "), "go: "))
}

// versions are the newest of a module's, as far as they can be learned at once.
func (j *job) versions(ctx context.Context, r Request) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for path := r.Path; strings.Contains(path, "/"); path = path[:strings.LastIndexByte(path, '/')] {
		var out bytes.Buffer
		cmd := j.command(ctx, "list", "-m", "-versions", "--", path)
		cmd.Stdout = &out
		if cmd.Run() != nil {
			continue
		}
		if f := strings.Fields(out.String()); len(f) > 1 {
			return strings.Join(f[max(1, len(f)-5):], ", ")
		}
	}
	return ""
}

// cached says which versions of a module this machine has.
func (j *job) cached(ctx context.Context, r Request) string {
	out, err := j.command(ctx, "env", "GOMODCACHE").Output()
	if err != nil {
		return ""
	}
	for path := r.Path; strings.Contains(path, "/"); path = path[:strings.LastIndexByte(path, '/')] {
		escaped, err := module.EscapePath(path)
		if err != nil {
			return ""
		}
		zips, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "cache", "download", escaped, "@v", "*.zip"))
		var have []string
		for _, z := range zips {
			have = append(have, strings.TrimSuffix(filepath.Base(z), ".zip"))
		}
		if semver.Sort(have); len(have) > 0 {
			return fmt.Sprintf(" (the cache has %s %s: ask for one of these)", path, strings.Join(have, ", "))
		}
	}
	return ""
}

// broken is what compiling the packages ended with, as their user reads it.
func (j *job) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("modules: %w", ctx.Err())
	}
	text := strings.ReplaceAll(err.Error(), j.dir+string(os.PathSeparator), "")
	for i, m := range j.modules {
		if m.Dir != "" {
			text = strings.ReplaceAll(text, "./"+folderOf(i), m.Dir)
			text = strings.ReplaceAll(text, folderOf(i)+"/", m.Dir+"/")
		}
	}
	if newerGo.MatchString(text) {
		return fmt.Errorf("a module needs Go %s, and here is %s: %s", newerGo.FindStringSubmatch(text)[1], strings.TrimPrefix(j.tool.Version, "go"), text)
	}
	if offline.MatchString(text) {
		return fmt.Errorf("what the modules need in turn: %w: %s", ErrOffline, text)
	}
	return fmt.Errorf("the modules do not compile: %s", text)
}
