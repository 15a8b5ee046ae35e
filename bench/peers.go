package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// peers are the other ways of doing the jobs that can be measured in the same run: bench/peers holds their programs. What they need is
// fetched into .cache/peers once.
var peers = map[string]func(ctx context.Context, cache string) (func(job string) program, error){
	"streams": kafkaStreams,
	"quix":    quixStreams,
	"goka":    goka,
}

// addPeers adds the programs of peers to those of the jobs.
func addPeers(ctx context.Context, names string, chosen []job, to map[string][]program) error {
	for name := range strings.SplitSeq(names, ",") {
		if name == "" {
			continue
		}
		build := peers[name]
		if build == nil {
			return fmt.Errorf("no peer %q, want streams, quix or goka", name)
		}
		of, err := build(ctx, filepath.Join(".cache", "peers"))
		if err != nil {
			return fmt.Errorf("peer %s: %w", name, err)
		}
		for _, j := range chosen {
			p := of(j.name)
			p.who = name
			to[j.name] = append(to[j.name], p)
		}
	}
	return nil
}

// kafkaStreams compiles the jobs on Kafka Streams.
func kafkaStreams(ctx context.Context, cache string) (func(string) program, error) {
	source := filepath.Join("bench", "peers", "streams")
	lib, err := cached(cache, "streams", filepath.Join(source, "pom.xml"), func(folder string) error {
		pom, err := os.ReadFile(filepath.Join(source, "pom.xml"))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "pom.xml"), pom, 0o644)
		}
		if err != nil {
			return err
		}
		return command(ctx, folder, "mvn", "--quiet", "--batch-mode", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
			"-DincludeScope=runtime", "-DoutputDirectory=lib")
	})
	if err != nil {
		return nil, err
	}
	jars, classes := filepath.Join(lib, "lib", "*"), filepath.Join(lib, "classes")
	err = command(ctx, ".", "javac", "-nowarn", "-cp", jars, "-d", classes, filepath.Join(source, "Jobs.java"))
	return func(job string) program {
		return program{binary: "java", args: []string{"-cp", jars + string(filepath.ListSeparator) + classes, "Jobs", job}}
	}, err
}

// quixStreams makes the Python environment of the jobs on Quix Streams.
func quixStreams(ctx context.Context, cache string) (func(string) program, error) {
	source := filepath.Join("bench", "peers", "quix")
	wants := filepath.Join(source, "requirements.txt")
	env, err := cached(cache, "quix", wants, func(folder string) error {
		if err := command(ctx, ".", "python3", "-m", "venv", folder); err != nil {
			return err
		}
		return command(ctx, ".", filepath.Join(folder, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wants)
	})
	return func(job string) program {
		return program{binary: filepath.Join(env, "bin", "python"), args: []string{filepath.Join(source, "jobs.py"), job}, slow: true}
	}, err
}

// goka builds the jobs on goka, a module of its own: Riffle needs nothing of it.
func goka(ctx context.Context, cache string) (func(string) program, error) {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(cache, "goka")
	err = command(ctx, filepath.Join("bench", "peers", "goka"), "go", "build", "-o", binary, ".")
	return func(job string) program { return program{binary: binary, args: []string{job}, slow: true} }, err
}

// cached is the folder of what a file asks for; fill makes it, if no run before did. It is named by the file's content.
func cached(cache, name, file string, fill func(folder string) error) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	folder, err := filepath.Abs(filepath.Join(cache, fmt.Sprintf("%s-%x", name, sha256.Sum256(text))[:len(name)+13]))
	if err != nil {
		return "", err
	}
	done := filepath.Join(folder, "done")
	if _, err := os.Stat(done); err == nil {
		return folder, nil
	}
	if err = os.RemoveAll(folder); err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = fill(folder)
	}
	if err == nil {
		err = os.WriteFile(done, nil, 0o644)
	}
	return folder, err
}

func command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}
