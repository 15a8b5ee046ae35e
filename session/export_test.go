package session

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// What a cell has besides Go is not in the program, what it times is, and places are those of the cell as it was written.
func TestProgramsOfCellsWithMagics(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("%keep limit\nimport (\"fmt\"; \"os\")\n!true\n%time limit := 100 + len(os.Getenv(\"NOT_SET\"))\nlimit?")
	n.mustRun("%time\n// fast is a rule.\nfast := fmt.Sprint(\"speed > \", limit)\n%vars\n%time fmt.Println(fast)\nother := 1\n")
	p := &page{}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: "%time df := Topic(\"cars\").Where(fast)\n!true\n%time riffle.Show(1)\nfast + \"\"", Count: 3}, p); err != nil {
		t.Fatal(err)
	}
	got, err := n.slice(interp.Root{Variable: "df"})
	if err != nil {
		t.Fatal(err)
	}
	var body []string
	for _, piece := range got.Body {
		body = append(body, piece.At.String()+" "+piece.Text)
	}
	if got, want := strings.Join(body, "\n"), "cell 1:4:7 limit := 100 + len(os.Getenv(\"NOT_SET\"))\ncell 2:3:1 // fast is a rule.\nfast := fmt.Sprint(\"speed > \", limit)\ncell 3:1:7 df := Topic(\"cars\").Where(fast)"; got != want {
		t.Errorf("the statements are\n%s\nwant\n%s", got, want)
	}
	var notes []string
	for _, note := range append(got.Dropped, got.Warnings...) {
		notes = append(notes, note.At.String()+" "+note.Text)
	}
	if got, want := strings.Join(notes, "\n"), "cell 2:5:7 fmt.Println(fast)\ncell 3:3:7 riffle.Show(1)\ncell 1:4:26 os.Getenv reads files or the environment"; got != want {
		t.Errorf("the notes are\n%s\nwant\n%s", got, want)
	}
}

// An export through the session has what was counted and asked as literals, and is built and compared like any other.
func TestExportOfWhatWasCountedAndAsked(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that build several programs")
	}
	n, _ := building(t)
	n.mustRun("import \"fmt\"\n!true\n%time all := Count(cars)")
	p := &asked{answers: []string{"44"}}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: "%time\ncar := Input(\"which car?\")\nword := Password(\"word?\")", Count: 8}, p); err == nil {
		t.Fatal("the second question is answered")
	}
	p.answers = []string{"44", "secret"}
	for i, code := range []string{
		"%time\ncar := Input(\"which car?\")\nword := Password(\"word?\")",
		`Export(cars.Where(fmt.Sprintf("n < %d and car == '%s'", all/2, car)).To("slow"), "slow")`,
	} {
		if _, err := n.Eval(t.Context(), kernel.Cell{Code: code, Count: 9 + i}, p); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
	}
	if got := p.String(); !strings.Contains(got, "exported to ./slow") || !strings.Contains(got, "10 rows over the sample") {
		t.Errorf("the export says %s", got)
	}
	if said, err := exec.Command(filepath.Join(n.cfg.Dir, "slow", "slow"), "--describe").CombinedOutput(); err != nil {
		t.Errorf("the program that was compared does not run: %v\n%s", err, said)
	}
	text, err := os.ReadFile(filepath.Join(n.cfg.Dir, "slow", "pipeline.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`\tall := 20 /\* Count\(cars\) in cell 2, over the sample [0-9a-f]{12} \*/\n`, `\tcar := "44" /\* Input\("which car\?"\) in cell 9 \*/\n`} {
		if !regexp.MustCompile(want).Match(text) {
			t.Errorf("pipeline.go lacks %s:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "secret") {
		t.Errorf("pipeline.go has a secret:\n%s", text)
	}
	n.mustFail(`Export(cars.Where("car == '" + word + "'").To("slow"), "secret")`, "Export: cell 11:1:1", "the statements depend on the value of Password (cell 9:3:9)")
}
