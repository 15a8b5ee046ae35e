package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDoctor(t *testing.T) {
	prefix := t.TempDir()
	if stdout, stderr, code := runProgram(t, nil, "install", "--prefix", prefix); code != 0 {
		t.Fatal(stdout, stderr)
	}
	dir := t.TempDir()
	list := `{"kernelspecs": {"riffle": {"resource_dir": "` + prefix + `", "spec": {"argv": ["` + riffle + `"]}}}}`
	script := "#!/bin/sh\nif [ $1 = --runtime-dir ]; then echo " + dir + "; else echo '" + list + "'; fi\n"
	if err := os.WriteFile(filepath.Join(dir, "jupyter"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "XDG_CACHE_HOME=" + dir, "XDG_RUNTIME_DIR=" + t.TempDir(), "KAFKA_BROKERS="}
	stdout, stderr, code := runProgram(t, env, "doctor")
	for _, want := range []string{"ok       go              go1.", "note     libraries       not gathered yet", "note     engine          not compiled yet",
		"ok       kernelspec      " + prefix, "ok       runtime folder  " + dir, "ok       cache folder    " + dir, "ok       kafka           no KAFKA_BROKERS"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q", want)
		}
	}
	if code != 0 || stderr != "" || t.Failed() {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestDoctorFindsWhatIsMissing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + t.TempDir(), "XDG_CACHE_HOME=" + filepath.Join(file, "cache"), "KAFKA_BROKERS=127.0.0.1:1"}
	stdout, stderr, code := runProgram(t, env, "doctor")
	for _, want := range []string{"missing  jupyter         no jupyter in PATH", "-> activate the Python", "missing  cache folder", "missing  kafka           127.0.0.1:1: a broker does not answer"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q", want)
		}
	}
	if code != 1 || !strings.Contains(stderr, "doctor: 3 of") || t.Failed() {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}
