package export

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const engineMod = `module github.com/riffle-stream/riffle

go 1.26.8

require (
	example.com/a v1.2.3
	example.com/unused v0.1.0
)

require example.com/b/v2 v2.0.0 // indirect
`

const modulesText = `## workspace
# example.com/a v1.2.3
## explicit; go 1.20
example.com/a
example.com/a/sub
# example.com/unused v0.1.0
## explicit; go 1.20
# example.com/b/v2 v2.0.0
## explicit
example.com/b/v2/x
# github.com/riffle-stream/riffle v0.0.0 => ./riffle
`

func TestModulesWithoutPackagesAreLeftOut(t *testing.T) {
	keep := vendored([]byte(modulesText))
	if d := cmp.Diff(map[string]bool{"example.com/a": true, "example.com/b/v2": true}, keep); d != "" {
		t.Errorf("modules (-want +got):\n%s", d)
	}
	engine, err := trimmed([]byte(engineMod), keep)
	if err != nil {
		t.Fatal(err)
	}
	want := `module github.com/riffle-stream/riffle

go 1.26.8

require example.com/a v1.2.3

require example.com/b/v2 v2.0.0 // indirect
`
	if d := cmp.Diff(want, string(engine)); d != "" {
		t.Errorf("the engine's go.mod (-want +got):\n%s", d)
	}
	program, err := programMod("car-speed", engine, outside{})
	if err != nil {
		t.Fatal(err)
	}
	want = `module car-speed

go 1.26.8

require github.com/riffle-stream/riffle v0.0.0

require (
	example.com/a v1.2.3 // indirect
	example.com/b/v2 v2.0.0 // indirect
)

replace github.com/riffle-stream/riffle => ./riffle
`
	if d := cmp.Diff(want, string(program)); d != "" {
		t.Errorf("the program's go.mod (-want +got):\n%s", d)
	}
}

func TestForeignImports(t *testing.T) {
	got := foreign([]string{"fmt", "encoding/json", Module, Module + "/cells", "github.com/riffle-stream/rifflemore", "example.com/a"})
	if d := cmp.Diff([]string{"github.com/riffle-stream/rifflemore", "example.com/a"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
