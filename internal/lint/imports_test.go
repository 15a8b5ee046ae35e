// Package lint holds the rules of the project's structure, as tests.
package lint

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/riffle-stream/riffle/"

// allowed says which of our packages a folder and all below it may import.
// What a folder holds may always import what is in the same folder.
var allowed = map[string][]string{
	"dataframe/row":         {"dataframe/near"},
	"dataframe/near":        {},
	"dataframe/window":      {},
	"display":               {},
	"state":                 {},
	"cluster":               {"dataframe/row"},
	"cluster/registry":      {"cluster", "codec"},
	"dataframe/expr":        {"dataframe/row", "dataframe/near"},
	"codec":                 {"dataframe/row"},
	"chart":                 {"dataframe/near", "dataframe/row"},
	"chart/render":          {"chart", "display"},
	"dataframe/vector":      {"dataframe/row"},
	"dataframe/plan":        {"dataframe/vector", "dataframe/near", "dataframe/expr", "dataframe/row", "dataframe/window"},
	"dataframe/exec":        {"dataframe/plan", "dataframe/vector", "dataframe/expr", "dataframe/row", "dataframe/window", "codec", "state", "sampler/file"},
	"dataframe/survey":      {"dataframe/plan", "dataframe/exec", "dataframe/row", "codec", "sampler/file"},
	"dataframe":             {"dataframe/plan", "dataframe/expr", "dataframe/row", "dataframe/window"},
	"sampler":               {"dataframe/near", "cluster", "codec", "dataframe/row"},
	"broker":                {"cluster", "dataframe/row"},
	"broker/embedded":       {},
	"stream":                {"dataframe/near", "dataframe/exec", "dataframe/plan", "dataframe/row", "codec", "state", "sampler/file", "cluster", "broker/embedded", "export/replay", "stream/machine"},
	"stream/machine":        {},
	"stream/letters":        {"dataframe/exec", "cluster"},
	"cells":                 {"dataframe", "dataframe/expr", "dataframe/row", "dataframe/plan", "chart", "display"},
	"interp":                {"display", "dataframe/row", "dataframe/vector"},
	"interp/symbols/riffle": {"interp/symbols", "cells", "dataframe", "dataframe/vector", "dataframe/expr", "dataframe/plan", "dataframe/row", "dataframe/window"},
	"export":                {"codec", "dataframe/exec", "dataframe/plan", "sampler/file", "interp/slice", "interp/source"},
	"export/replay":         {"dataframe/exec", "dataframe/plan", "dataframe/row", "codec", "sampler/file"},
	"export/child":          {"export/replay", "codec", "dataframe/exec", "dataframe/plan", "cluster", "stream/live"},
	"kernel":                {"display"},
	"modules":               {"export", "interp/symbols"},
	"install":               {},
}

// owners says which folders alone may import a library.
var owners = map[string][]string{
	"github.com/twmb/franz-go":         {"sampler", "stream", "broker", "cluster", "bench", "verify", "internal"},
	"github.com/dgraph-io/badger":      {"state"},
	"github.com/twmb/avro":             {"codec/avro"},
	"github.com/traefik/yaegi":         {"interp"},
	"github.com/go-zeromq/zmq4":        {"kernel"},
	"github.com/DataDog/sketches-go":   {"dataframe/exec"},
	"github.com/axiomhq/hyperloglog":   {"dataframe/exec"},
	"github.com/expr-lang/expr":        {"dataframe/expr"},
	"gonum.org/v1/plot":                {"chart"},
	"github.com/parquet-go/parquet-go": {"codec/table"},
	"google.golang.org/protobuf":       {"codec/protobuf"},
	"github.com/bufbuild":              {"codec/protobuf"},
}

// pkg is what go list says of a package.
type pkg struct {
	ImportPath string
	Imports    []string
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	for _, p := range packages(t) {
		folder := strings.TrimPrefix(p.ImportPath, module)
		rule, ok := longest(folder)
		for _, imp := range p.Imports {
			if of := strings.TrimPrefix(imp, module); of != imp && ok && !within(of, append(allowed[rule], rule)) {
				t.Errorf("%s imports %s: packages under %s may import %v", folder, of, rule, allowed[rule])
			}
			for lib, homes := range owners {
				if strings.HasPrefix(imp, lib) && !within(folder, homes) {
					t.Errorf("%s imports %s, which only %v may", folder, imp, homes)
				}
			}
		}
	}
}

func TestOperatorsDoNotKnowWhoRunsThem(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath != module+"dataframe/exec" {
			continue
		}
		for _, imp := range p.Imports {
			if imp == "os" || imp == "net" || imp == "math/rand/v2" {
				t.Errorf("dataframe/exec imports %s: what a task gives may depend on its rows alone", imp)
			}
		}
	}
}

// longest is the most specific rule for a folder.
func longest(folder string) (string, bool) {
	best := ""
	for rule := range allowed {
		if within(folder, []string{rule}) && len(rule) > len(best) {
			best = rule
		}
	}
	return best, best != ""
}

// within says whether a folder is one of these, or below one that has no rule of its own in between.
func within(folder string, of []string) bool {
	return slices.ContainsFunc(of, func(o string) bool { return folder == o || strings.HasPrefix(folder, o+"/") })
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
