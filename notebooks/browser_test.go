package notebooks

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A person opens the tour in JupyterLab, runs all cells, and sees the live chart move.
func TestTheLiveChartMovesInJupyterLab(t *testing.T) {
	l := open(t)
	chromium, node := browser(t)
	folder := t.TempDir()
	tour, err := os.ReadFile("tour.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "tour.ipynb"), tour, 0o644); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(folder, "lab.png")
	if keep := os.Getenv("RIFFLE_PICTURE"); keep != "" {
		picture = keep
	}
	url := l.serve(t, folder, "tour.ipynb")
	out := must(t, l.command(node, "browser/tour.mjs", url, chromium, picture))
	var seen struct{ Pictures, Errors int }
	if err := json.Unmarshal([]byte(out), &seen); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if seen.Pictures < 5 {
		t.Errorf("the live chart showed %d pictures in nine seconds, want 5 and more", seen.Pictures)
	}
	if info, err := os.Stat(picture); err != nil || info.Size() < 20_000 {
		t.Errorf("the screen was not kept: %v, %v", info, err)
	}
}

// browser is Chromium and the node that drives it.
func browser(t *testing.T) (chromium, node string) {
	t.Helper()
	if _, err := os.Stat("browser/node_modules/playwright-core"); err != nil {
		missing(t, "playwright-core is not in notebooks/browser: make test installs it, if npm is there")
	}
	return tool(t, "chromium"), tool(t, "node")
}

func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name+" is not installed: the notebook cannot be opened in a browser")
	}
	return path
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S*token=\w+`)

// serve starts JupyterLab in a folder and gives the address that opens a notebook there. It ends with the test.
func (l *lab) serve(t *testing.T, folder, notebook string) string {
	t.Helper()
	cmd := l.command(l.python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1",
		"--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--ServerApp.root_dir="+folder)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Process.Signal(os.Interrupt) // the second one needs no answer
		done := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		defer done.Stop()
		cmd.Wait()
	})
	lines := bufio.NewScanner(said)
	var log strings.Builder
	for lines.Scan() {
		log.WriteString(lines.Text() + "\n")
		if at := address.FindString(lines.Text()); at != "" {
			go func() {
				for lines.Scan() { // a full pipe would stop the server
				}
			}()
			return strings.Replace(at, "/lab?", "/lab/tree/"+notebook+"?", 1)
		}
	}
	t.Fatalf("JupyterLab did not say where it is:\n%s", log.String())
	return ""
}
