package notebooks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostile is what would run in a browser if it were taken for HTML, in each of the ways that has been tried on notebooks.
var hostile = []string{
	`<script>window.hacked=1</script>`,
	`<img src=x onerror="window.hacked=2">`,
	`"><svg onload="window.hacked=3">`,
	`</text><script>window.hacked=4</script>`,
	`</style></script><iframe srcdoc="<script>parent.hacked=5</script>">`,
	`<a href="javascript:window.hacked=6" id=trap>x</a>`,
	"[x](javascript:window.hacked=7) <b onclick=window.hacked=8>y</b>",
	"\x1b[31m\u202e<details open ontoggle=window.hacked=9>",
}

// TestHostileRowsDoNotRun looks at rows whose keys, values and names of columns are made to run, in JupyterLab, in each
// way in which rows are shown.
func TestHostileRowsDoNotRun(t *testing.T) {
	l := open(t)
	chromium, node := browser(t)
	var lines strings.Builder
	for i, text := range hostile {
		line, err := json.Marshal(map[string]any{"k": text, "v": i, "ts": 1_700_000_000_000 + i*1000, text: text, "list": []string{text}, "nested": map[string]string{text: text}})
		if err != nil {
			t.Fatal(err)
		}
		lines.WriteString(string(line) + "\n")
	}
	produce := l.command(l.riffle, "produce", "--key", "k", "--time", "ts", "hostile")
	produce.Stdin = strings.NewReader(lines.String())
	must(t, produce)
	evil, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	writeNotebook(t, filepath.Join(folder, "hostile.ipynb"),
		"h := Topic(\"hostile\", Time(\"ts\"))\nh",
		"Display(h.Describe()); Display(h.Schema()); Display(h.Graph()); h.Explain()",
		"Show(h, By(\"-v\"))\nValueCounts(h, \"k\")\nPeek(\"hostile\")",
		"Line(h, \"ts\", \"v\", \"k\").Titled(`"+hostile[3]+"`)",
		"h.With(\"kk = k\").GroupBy(\"kk\").Tumbling(\"1s\").Agg(\"n = count()\", \"last(k)\")",
		"StateOf(h.GroupBy(\"k\").ApplyState(func(r Row, s *State) Row { s.Set(r.Str(\"k\"), r.Str(\"k\")); return r }))",
		"import (\"encoding/json\"; \"errors\"; \"fmt\")\ntype T struct{ Name string; More map[string]string }\nevil := []string{}\njson.Unmarshal([]byte("+quoted(string(evil))+"), &evil)",
		"rows := []T{}\nfor _, e := range evil { rows = append(rows, T{e, map[string]string{e: e}}); fmt.Println(e) }\nDisplay(rows); Display(evil); Display(rows[0]); ShowJSON(rows)",
		"for range Progress(2, evil[1]) { }\nerrors.New(evil[0])",
		"h.Where(\"k == 'x' and nothere > 1\")",
		"panic(evil[0] + evil[1])",
		"h.Map(\"x\", func(k string) int { panic(k) }, \"k\")",
	)
	out := must(t, l.command(node, "browser/hostile.mjs", l.serve(t, folder, "hostile.ipynb"), chromium, filepath.Join(folder, "screen.png")))
	var seen struct {
		Hacked  any
		Outputs int
		Texts   int
	}
	if err := json.Unmarshal([]byte(out), &seen); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if seen.Hacked != nil {
		t.Errorf("hostile text ran: %v", seen.Hacked)
	}
	if seen.Outputs < 20 || seen.Texts < 20 {
		t.Errorf("%d outputs were shown with %d hostile texts, want 20 and 20: the test shows nothing", seen.Outputs, seen.Texts)
	}
	if keep := os.Getenv("RIFFLE_PICTURE"); keep != "" {
		picture, _ := os.ReadFile(filepath.Join(folder, "screen.png"))
		os.WriteFile(keep, picture, 0o644)
	}
}

func quoted(s string) string { return "`" + strings.ReplaceAll(s, "`", "`+\"`\"+`") + "`" }

// writeNotebook writes a notebook of these cells, of which those that fail do not stop the others.
func writeNotebook(t *testing.T, path string, cells ...string) {
	t.Helper()
	type cell map[string]any
	var list []cell
	for _, text := range cells {
		list = append(list, cell{"cell_type": "code", "source": text, "outputs": []any{}, "execution_count": nil, "metadata": cell{"tags": []string{"raises-exception"}}})
	}
	b, err := json.Marshal(cell{"nbformat": 4, "nbformat_minor": 4, "cells": list, "metadata": cell{"kernelspec": cell{"name": "riffle", "display_name": "Riffle (Go)", "language": "go"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
