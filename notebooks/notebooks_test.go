package notebooks

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/expr"
)

func TestTourIsWhatPandasMakesOfIt(t *testing.T) {
	l := open(t)
	folder := t.TempDir()
	t.Log(l.run(t, "tour.py", "tour.ipynb", folder, l.riffle))
	proof := map[string]string{}
	for _, way := range []string{"notebook", "live", "program"} {
		rows, err := os.ReadFile(filepath.Join(folder, ".riffle", "proof", "car-speed", way+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(rows), "\n"); n < 1000 {
			t.Errorf("%s gave %d rows, want more than 1000", way, n)
		}
		proof[string(rows)] += " " + way
	}
	if len(proof) != 1 {
		t.Errorf("the ways to run the tour's program gave %d different results", len(proof))
	}
}

func TestFlightsAreWhatPandasMakesOfThem(t *testing.T) {
	l := open(t)
	t.Log(must(t, l.command(l.python, "flights.py", l.riffle)))
	t.Log(l.run(t, "flights.py", "flights.ipynb", t.TempDir(), l.riffle))
}

func TestDocumentsShowWhatTheySay(t *testing.T) {
	l := open(t)
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil || len(pages) < 5 {
		t.Fatalf("%v, %v; want the pages of the documentation", pages, err)
	}
	t.Log(l.run(t, "documents.py", append([]string{l.riffle}, pages...)...))
}

func TestEveryFunctionIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/expressions.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range slices.Concat(expr.Functions(), expr.Running()) {
		if !strings.Contains(string(page), "| `"+f.Name+"(") {
			t.Errorf("docs/expressions.md does not list %s", f.Name)
		}
	}
}

// Every word of the language stands in a cell of the documentation.
func TestEveryWordIsDocumented(t *testing.T) {
	pages, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	words := 0
	for _, folder := range []string{"../cells", "../dataframe"} {
		for _, word := range exported(t, folder) {
			words++
			if !regexp.MustCompile(`\b`+word+`\(`).Match(pages) && !internal[word] {
				t.Errorf("docs/language.md has no example of %s", word)
			}
		}
	}
	if words < 50 {
		t.Errorf("%d words found, want more than 50", words)
	}
}

// TestPagesForOthersNameWordsThatExist reads the pages for those who come from other engines: what stands in their second
// column as a call is a word of the language.
func TestPagesForOthersNameWordsThatExist(t *testing.T) {
	have := map[string]bool{}
	for _, folder := range []string{"../cells", "../dataframe", "../dataframe/row"} {
		for _, word := range exported(t, folder) {
			have[word] = true
		}
	}
	for _, path := range []string{"../docs/from-kafka-streams.md", "../docs/from-quix-streams.md", "../docs/from-pandas.md"} {
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for line := range strings.Lines(string(page)) {
			columns := strings.Split(line, " | ")
			if len(columns) < 3 {
				continue
			}
			rows++
			for _, call := range regexp.MustCompile(`\b([A-Z]\w+)\(`).FindAllStringSubmatch(columns[1], -1) {
				if !have[call[1]] {
					t.Errorf("%s: %s is no word of the language, in %s", path, call[1], line)
				}
			}
		}
		if rows < 35 {
			t.Errorf("%s has %d rows, want 35 and more", path, rows)
		}
	}
}

// internal are exported for the packages that run the language; cells do not need them.
var internal = map[string]bool{
	"Frames": true, "Roots": true, "NewRun": true, "Err": true, "Node": true, "Watched": true, "CheckTopic": true,
	"MapKnown": true, "ApplyKnown": true, "FilterKnown": true,
	"ParseDuration": true, "Name": true, "String": true, "Wait": true,
	"Still": true, "NotHere": true,
}

// exported are the functions and methods that a folder's package shows.
func exported(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() && !strings.HasSuffix(path, "_test.go") {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

// Whoever reads a notebook where it cannot run sees what it gave.
func TestNotebooksAreSavedWithTheirOutputs(t *testing.T) {
	for _, path := range []string{"tour.ipynb", "flights.ipynb"} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var nb struct {
			Cells []struct {
				Type    string            `json:"cell_type"`
				Count   *int              `json:"execution_count"`
				Outputs []json.RawMessage `json:"outputs"`
			} `json:"cells"`
		}
		if err := json.Unmarshal(b, &nb); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		outputs := 0
		for i, c := range nb.Cells {
			if c.Type == "code" && c.Count == nil {
				t.Errorf("%s: cell %d was saved without being run", path, i+1)
			}
			outputs += len(c.Outputs)
		}
		if outputs == 0 || strings.Contains(string(b), os.TempDir()+"/") {
			t.Errorf("%s has %d outputs, or names a folder of the machine that it ran on", path, outputs)
		}
	}
}
