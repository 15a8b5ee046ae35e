package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A jupyter that sees what a test says, and keeps its runtime files where a test says.
func fakeJupyter(t *testing.T, list, runtime string) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\nif [ \"$1\" = --runtime-dir ]; then echo '" + runtime + "'; else " + list + "; fi\n"
	if err := os.WriteFile(filepath.Join(dir, "jupyter"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/bin:/usr/bin")
}

func TestJupyterFindings(t *testing.T) {
	riffle := filepath.Join(t.TempDir(), "riffle")
	if err := os.WriteFile(riffle, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	spec := func(program string) string {
		return `echo '{"kernelspecs": {"riffle": {"resource_dir": "/k/riffle", "spec": {"argv": ["` + program + `", "kernel"]}}}}'`
	}
	for name, c := range map[string]struct {
		list  string
		state State
		seen  string
	}{
		"ours":     {spec(riffle), OK, "/k/riffle"},
		"another":  {spec("/bin/sh"), Note, "starts another program than this one: /bin/sh"},
		"gone":     {spec("/gone/riffle"), Missing, "/gone/riffle, which is not there any more"},
		"unknown":  {`echo '{"kernelspecs": {}}'`, Missing, "does not see the kernel riffle"},
		"no list":  {"echo 'no such command' >&2; exit 1", Missing, "exit status 1: no such command"},
		"nonsense": {"echo 7", Missing, "kernelspec list: json"},
	} {
		t.Run(name, func(t *testing.T) {
			fakeJupyter(t, c.list, t.TempDir())
			found := Jupyter(t.Context(), riffle)
			if len(found) != 3 || found[0].State != OK || found[2].State != OK {
				t.Fatalf("%+v", found)
			}
			f := found[1]
			if f.State != c.state || !strings.Contains(f.Seen, c.seen) || (f.Do == "") != (f.State == OK) {
				t.Errorf("%+v, want %s and %q", f, c.state, c.seen)
			}
		})
	}
}

func TestJupyterWithoutAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	fakeJupyter(t, "echo '{}'", filepath.Join(file, "runtime"))
	if f := Jupyter(t.Context(), "")[2]; f.State != Missing || !strings.Contains(f.Seen, file) {
		t.Errorf("%+v", f)
	}
}

func TestNoJupyter(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if found := Jupyter(t.Context(), ""); len(found) != 1 || found[0].State != Missing {
		t.Errorf("%+v", found)
	}
}
