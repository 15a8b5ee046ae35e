package lint

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFaultsNameTestsThatExist reads the page of faults: a test that is named there is in the project.
func TestFaultsNameTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := exec.Command("git", "ls-files", "../../*_test.go").Output()
	if err != nil {
		t.Skipf("skipped because this is no clone: %v", err)
	}
	have := map[string]bool{}
	for file := range strings.Lines(string(files)) {
		text, err := os.ReadFile(filepath.Clean(strings.TrimSpace(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			have[m[1]] = true
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(page), -1)
	for _, m := range named {
		if !have[m[1]] {
			t.Errorf("docs/faults.md names %s, which is not there", m[1])
		}
	}
	if len(named) < 60 {
		t.Errorf("docs/faults.md names %d tests, want 60 and more", len(named))
	}
}
