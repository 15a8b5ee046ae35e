package install

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrite(t *testing.T) {
	root := filepath.Join(t.TempDir(), "kernels")
	for _, spec := range []Spec{
		{Executable: "/old/riffle"},
		{Executable: "/opt/riffle", Args: []string{"--log", "/tmp/l"}, Env: map[string]string{"KAFKA_BROKERS": "k:9092"}},
	} {
		dir, err := Write(root, spec)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(root, "riffle"); dir != want {
			t.Errorf("directory %s, want %s", dir, want)
		}
	}
	b, err := os.ReadFile(filepath.Join(root, "riffle", "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"argv":           []any{"/opt/riffle", "kernel", "--connection-file", "{connection_file}", "--log", "/tmp/l"},
		"display_name":   "Riffle (Go)",
		"language":       "go",
		"interrupt_mode": "message",
		"env":            map[string]any{"KAFKA_BROKERS": "k:9092"},
		"metadata":       map[string]any{"made_by": "riffle install"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"riffle"}, names(t, root)); d != "" {
		t.Errorf("drafts are left behind: %s", d)
	}
	if d := cmp.Diff([]string{"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}, names(t, filepath.Join(root, "riffle"))); d != "" {
		t.Error(d)
	}
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestLogos(t *testing.T) {
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		b, err := logos.ReadFile("logo/" + name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width != size || c.Height != size {
			t.Errorf("%s: %dx%d, %v", name, c.Width, c.Height, err)
		}
	}
	svg, err := logos.Open("logo/logo-svg.svg")
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(svg); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	root := t.TempDir()
	if _, err := Write(root, Spec{Executable: "riffle"}); err == nil {
		t.Error("a relative executable was accepted: Jupyter starts kernels in the notebook's directory")
	}
	foreign := filepath.Join(root, "riffle")
	for name, content := range map[string]string{"kernel.json": `{"display_name": "another"}`, "notes.txt": ""} {
		os.RemoveAll(foreign)
		if err := errors.Join(os.Mkdir(foreign, 0o755), os.WriteFile(filepath.Join(foreign, name), []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
		_, writing := Write(root, Spec{Executable: "/riffle"})
		_, removing := Remove(root)
		if !errors.Is(writing, ErrForeign) || !errors.Is(removing, ErrForeign) {
			t.Errorf("%s: write %v, remove %v, want ErrForeign", name, writing, removing)
		}
		if _, err := os.Stat(filepath.Join(foreign, name)); err != nil {
			t.Errorf("%s is gone: %v", name, err)
		}
	}
}

func TestRemove(t *testing.T) {
	root := t.TempDir()
	if _, err := Remove(root); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("removing nothing: %v, want os.ErrNotExist", err)
	}
	if _, err := Write(root, Spec{Executable: "/riffle"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Remove(root); err != nil {
		t.Fatal(err)
	}
	if left := names(t, root); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPlaces(t *testing.T) {
	t.Setenv("HOME", "/home/ada")
	t.Setenv("XDG_DATA_HOME", "/data")
	t.Setenv("JUPYTER_DATA_DIR", "/jupyter")
	t.Setenv("VIRTUAL_ENV", "/venv")
	t.Setenv("PYTHONUSERBASE", "")
	if got, err := User(); got != (Place{"/jupyter/kernels", "/home/ada/.local"}) || err != nil {
		t.Errorf("User() = %s, %v", got, err)
	}
	if got, err := SysPrefix(t.Context()); got != (Place{"/venv/share/jupyter/kernels", "/venv"}) || err != nil {
		t.Errorf("SysPrefix() = %s, %v", got, err)
	}
	if got := Prefix("/opt"); got != (Place{"/opt/share/jupyter/kernels", "/opt"}) {
		t.Errorf("Prefix() = %s", got)
	}
}

func TestSysPrefixAsksPython(t *testing.T) {
	t.Setenv("VIRTUAL_ENV", "")
	t.Setenv("CONDA_PREFIX", "")
	t.Setenv("PATH", fakePython(t, "echo /py"))
	if got, err := SysPrefix(t.Context()); got.Kernels != "/py/share/jupyter/kernels" || err != nil {
		t.Errorf("SysPrefix() = %s, %v", got, err)
	}
	t.Setenv("PATH", fakePython(t, "exit 1"))
	if _, err := SysPrefix(t.Context()); err == nil {
		t.Error("a python3 that fails gave a prefix")
	}
}

func fakePython(t *testing.T, script string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "python3"), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPapermill(t *testing.T) {
	prefix := t.TempDir()
	site := filepath.Join(prefix, "lib", "python3.11", "site-packages")
	if _, err := Papermill(prefix); err == nil {
		t.Error("an environment without papermill was taught")
	}
	if err := os.MkdirAll(filepath.Join(site, "papermill"), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if sites, err := Papermill(prefix); err != nil || !slices.Equal(sites, []string{site}) {
			t.Fatalf("Papermill = %v, %v", sites, err)
		}
	}
	if d := cmp.Diff([]string{"papermill", "riffle_papermill-1.dist-info", "riffle_papermill.py"}, names(t, site)); d != "" {
		t.Error(d)
	}
	for range 2 {
		if err := ForgetPapermill(prefix); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]string{"papermill"}, names(t, site)); d != "" {
		t.Error(d)
	}
}
