package corpus

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// looks are methods that compute nothing of their own.
var looks = map[string]bool{
	"Describe": true, "Explain": true, "Graph": true, "Head": true, "Tail": true, "Schema": true,
	"Name": true, "Node": true, "Err": true, "String": true, "Topics": true, "Watched": true,
	"OnLate":  true, // its rows go to a function; LateTo gives them
	"Flatten": true, // it needs objects whose members a sample taught, and becomes columns when it is bound
}

// A verb of the language that no pipeline has is held against nothing.
func TestEveryVerbIsInAPipeline(t *testing.T) {
	pipelines := ""
	for _, f := range files(t, ".") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		pipelines += string(b)
	}
	verbs := 0
	for _, f := range files(t, "../../dataframe") {
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() || looks[fn.Name.Name] {
				continue
			}
			of, ok := fn.Recv.List[0].Type.(*ast.Ident)
			if !ok || of.Name != "Frame" && of.Name != "Group" && of.Name != "Windowed" {
				continue
			}
			verbs++
			if !regexp.MustCompile(`\b` + fn.Name.Name + `\(`).MatchString(pipelines) {
				t.Errorf("no pipeline has %s.%s", of.Name, fn.Name.Name)
			}
		}
	}
	if verbs < 30 {
		t.Errorf("%d verbs found", verbs)
	}
}

func files(t *testing.T, folder string) (out []string) {
	all, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !strings.HasSuffix(f, "_test.go") {
			out = append(out, f)
		}
	}
	return out
}
