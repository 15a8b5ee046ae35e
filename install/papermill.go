package install

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed papermill
var papermillFiles embed.FS

// The names below site-packages. papermill finds the module by the entry point of the distribution beside it.
const (
	papermillModule = "riffle_papermill.py"
	papermillInfo   = "riffle_papermill-1.dist-info"
)

// papermillDist is the distribution, in the form that pip can list and remove.
func papermillDist() map[string]string {
	return map[string]string{
		"METADATA":         "Metadata-Version: 2.1\nName: riffle-papermill\nVersion: 1\nSummary: Parameters in Go, for papermill\n",
		"entry_points.txt": "[papermill.engine]\nriffle = riffle_papermill:Engine\n",
		"INSTALLER":        maker + "\n",
		"RECORD": papermillModule + ",,\n" + papermillInfo + "/METADATA,,\n" + papermillInfo + "/entry_points.txt,,\n" +
			papermillInfo + "/INSTALLER,,\n" + papermillInfo + "/RECORD,,\n",
	}
}

// Papermill teaches the papermill of the Python environment in prefix to write parameters in Go, and gives the
// folders where it did. It is an error if there is no papermill.
func Papermill(prefix string) (sites []string, err error) {
	module, err := papermillFiles.ReadFile("papermill/" + papermillModule)
	if err != nil {
		return nil, err
	}
	for _, site := range sitePackages(prefix) {
		if _, err := os.Stat(filepath.Join(site, "papermill")); err != nil {
			continue
		}
		if err := teach(site, module); err != nil {
			return sites, fmt.Errorf("papermill: %w", err)
		}
		sites = append(sites, site)
	}
	if len(sites) == 0 {
		return nil, fmt.Errorf("papermill is not installed in %s: install it there first, with pip install papermill", prefix)
	}
	return sites, nil
}

func teach(site string, module []byte) error {
	info := filepath.Join(site, papermillInfo)
	if err := os.MkdirAll(info, 0o755); err != nil {
		return err
	}
	for name, text := range papermillDist() {
		if err := os.WriteFile(filepath.Join(info, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(site, papermillModule), module, 0o644)
}

// ForgetPapermill undoes Papermill, where it was done.
func ForgetPapermill(prefix string) error {
	var failed error
	for _, site := range sitePackages(prefix) {
		err := os.Remove(filepath.Join(site, papermillModule))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		failed = errors.Join(failed, err, os.RemoveAll(filepath.Join(site, papermillInfo)))
	}
	return failed
}

// sitePackages are the folders of the modules of an environment.
func sitePackages(prefix string) []string {
	var all []string
	for _, name := range []string{"site-packages", "dist-packages"} {
		found, _ := filepath.Glob(filepath.Join(prefix, "lib", "python3*", name)) // the pattern is well-formed
		all = append(all, found...)
	}
	return all
}
