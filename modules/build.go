package modules

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/riffle-stream/riffle/export"
)

const (
	tablesDir = "required"                    // the generated package, among the sources
	linkFile  = "cmd/riffle/link.go"          // where a program says what it was built with
	mainPath  = export.Module + "/cmd/riffle" // of the program
)

// build makes the program.
func (j *job) build(ctx context.Context) error {
	if err := j.fetch(ctx); err != nil {
		return err
	}
	if err := j.pack(ctx); err != nil {
		return err
	}
	if err := j.write(); err != nil {
		return err
	}
	j.say("building a Riffle with " + count(len(j.modules), "module"))
	return j.tool.Build(ctx, j.dir, mainPath, j.out(), j.env(), func(what string) { j.say(what) })
}

// write writes the engine's sources, and what links the tables and says what they are.
func (j *job) write() error {
	files := export.Files{}
	err := engineFiles(j.linked.Sources, func(name string, text []byte) error {
		files[name] = text
		return nil
	})
	if err != nil {
		return err
	}
	r, err := json.Marshal(record{j.modules, j.linked.mod, j.linked.sum})
	if err != nil {
		return fmt.Errorf("modules: %w", err)
	}
	folders, err := zipped(j.folders)
	if err != nil {
		return err
	}
	files[linkFile] = fmt.Appendf(nil, linkText, export.Module)
	files[tablesDir+"/link.go"] = fmt.Appendf(nil, recordText, tablesDir)
	files[tablesDir+"/record.json"], files[tablesDir+"/folders.zip"] = r, folders
	return files.Write(j.dir)
}

// linkText takes the place of cmd/riffle/link.go.
const linkText = `package main

import (
	"%[1]s/modules"
	"%[1]s/required"
)

// link is what the linker of modules left in this program.
func link() modules.Link {
	return modules.Link{Symbols: required.Set(), Record: required.Record, Folders: required.Folders}
}
`

// recordText is what the generated package has beside the tables.
const recordText = `package %s

import _ "embed"

// Record says what is linked.
//
//go:embed record.json
var Record []byte

// Folders are modules of the user's folders.
//
//go:embed folders.zip
var Folders []byte
`
