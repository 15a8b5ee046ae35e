package session

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

var update = flag.Bool("update", false, "write what the cells of testdata show into their files")

// TestCorpus runs the notebooks of testdata. A file has the sections "cell 1", "shows 1" and "error 1" and so on; what
// a cell shows, streams and displays, is given as plain text. Before the first cell "topic NAME PARTITIONS" may make
// a topic of lines (see lines); the topics of telemetry are always there. "restart" between cells starts a new session
// in the same folder.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata has %d notebooks, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			want, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: want.Comment, Files: play(t, want.Files)}
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(txtar.Format(want)), string(txtar.Format(got))); d != "" {
				t.Errorf("%s (-want +got; -update writes it anew):\n%s", file, d)
			}
		})
	}
}

// play runs the cells of a notebook and gives its sections with what they show now.
func play(t *testing.T, sections []txtar.File) (out []txtar.File) {
	b := race(t)
	dir := t.TempDir()
	n := open(t, dir, b)
	for _, s := range sections {
		word := strings.Fields(s.Name)
		switch word[0] {
		case "topic":
			makeTopic(t, b, word[1], word[2], string(s.Data))
			out = append(out, s)
		case "restart":
			count := n.count
			n.Close()
			n = open(t, dir, b)
			n.count = count
			out = append(out, s)
		case "cell":
			shows, failed := n.run(strings.TrimSuffix(string(s.Data), "\n"))
			s.Name = fmt.Sprintf("cell %d", n.count)
			out = append(out, s)
			if shows != "" {
				out = append(out, txtar.File{Name: fmt.Sprintf("shows %d", n.count), Data: []byte(shows + "\n")})
			}
			if failed != "" {
				out = append(out, txtar.File{Name: fmt.Sprintf("error %d", n.count), Data: []byte(failed + "\n")})
			}
		case "shows", "error": // made anew
		default:
			t.Fatalf("no section %q", s.Name)
		}
	}
	return out
}

func makeTopic(t *testing.T, b *kafkatest.Broker, name, partitions, text string) {
	t.Helper()
	var n int32
	if _, err := fmt.Sscan(partitions, &n); err != nil {
		t.Fatal(err)
	}
	if err := b.Fake.CreateTopic(name, n, nil); err != nil {
		t.Fatal(err)
	}
	b.Produce(t, lines(t, name, text)...)
}
