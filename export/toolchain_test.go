package export

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeGo is a go command that says it has a version.
func fakeGo(t *testing.T, version string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "go")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho "+version+"\necho /goroot\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestToolchain(t *testing.T) {
	old, fit, newer := fakeGo(t, "go1.22.1"), fakeGo(t, "go1.26.8"), fakeGo(t, "go1.27rc1")
	broken := filepath.Join(t.TempDir(), "go")
	for _, test := range []struct {
		name   string
		places []string
		want   string // path, or part of the error
	}{
		{"first that fits", []string{old, fit, newer}, fit},
		{"newer", []string{newer}, newer},
		{"one is broken", []string{broken, fit}, fit},
		{"none", nil, "no go command in PATH, want Go 1.26.8 or newer: install it from https://go.dev/dl/"},
		{"too old", []string{old}, old + " is go1.22.1, want Go 1.26.8"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			got, err := findToolchain(t.Context(), "1.26.8", test.places)
			if err == nil && (got.Path != test.want || got.Root != "/goroot") {
				t.Errorf("toolchain %+v, want %s", got, test.want)
			}
			if err != nil && (!errors.Is(err, ErrToolchain) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func TestEnvironmentOfBuildsIsOurs(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod -race")
	t.Setenv("GOWORK", "off")
	t.Setenv("GOOS", "plan9")
	got := strings.Join(environment("/dir"), "\n") + "\n"
	for _, bad := range []string{"-race", "GOWORK=off", "plan9"} {
		if strings.Contains(got, bad) {
			t.Errorf("environment has %s", bad)
		}
	}
	for _, want := range []string{"GOWORK=/dir/go.work\n", "GOFLAGS=-mod=vendor\n", "GOPROXY=off\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("environment lacks %s", want)
		}
	}
}
