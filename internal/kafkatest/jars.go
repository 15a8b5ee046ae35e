package kafkatest

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

//go:embed testdata/pom.xml
var pom []byte

const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"

// jars returns the folder that holds Kafka and its dependencies, fetching them when no run before did. Test binaries that
// run at the same time wait for one another.
func jars() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	cache := filepath.Join(root, ".cache", "kafka")
	folder := filepath.Join(cache, fmt.Sprintf("%x", sha256.Sum256(pom))[:12])
	if exists(folder) {
		return folder, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("kafka jars: %w", err)
	}
	unlock, err := lock(filepath.Join(cache, "lock"))
	if err != nil {
		return "", fmt.Errorf("kafka jars: %w", err)
	}
	defer unlock()
	if exists(folder) {
		return folder, nil
	}
	return folder, fetch(cache, folder)
}

// fetch lets Maven copy the jars into a new folder and renames it, so that a folder with the right name is whole.
func fetch(cache, folder string) error {
	work, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return fmt.Errorf("kafka jars: %w", err)
	}
	defer os.RemoveAll(work)
	if err := os.WriteFile(filepath.Join(work, "pom.xml"), pom, 0o644); err != nil {
		return fmt.Errorf("kafka jars: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	lib := filepath.Join(work, "lib")
	cmd := exec.CommandContext(ctx, "mvn", "--quiet", "--batch-mode", copyDependencies, "-DincludeScope=runtime", "-DoutputDirectory="+lib)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("kafka jars: mvn: %w\n%s", err, out)
	}
	if err := os.Rename(lib, folder); err != nil {
		return fmt.Errorf("kafka jars: %w", err)
	}
	return nil
}

// repository is the nearest folder upwards with a go.mod: tests run in the folder of their package.
func repository() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("repository: %w", err)
	}
	for !exists(filepath.Join(folder, "go.mod")) {
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("repository: no go.mod in this folder or above, where the kafka jars are kept")
		}
		folder = parent
	}
	return folder, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
