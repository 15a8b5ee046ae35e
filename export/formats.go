package export

import (
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Packages of the engine that only programs of some formats need.
const (
	avroPackage     = "codec/avro"
	protobufPackage = "codec/protobuf"
	registryPackage = "cluster/registry"
)

// optional says whether an import path is of such a package.
func optional(imp string) bool {
	return slices.Contains([]string{avroPackage, protobufPackage, registryPackage}, strings.TrimPrefix(imp, Module+"/"))
}

// encodings are the formats of the plan's topics, as [codec.Codec] names them.
func (p page) encodings() []string {
	var out []string
	for _, s := range p.Plan.Steps {
		switch op := s.Op.(type) {
		case *plan.Source:
			out = append(out, op.Encoding())
		case *plan.Sink:
			out = append(out, op.Format)
		}
	}
	return out
}

// Formats are the packages of the plan's formats that not every program has.
func (p page) Formats() []string {
	var out []string
	for _, pkg := range []string{avroPackage, protobufPackage} {
		name := pkg[strings.LastIndexByte(pkg, '/')+1:]
		if slices.ContainsFunc(p.encodings(), func(e string) bool { return strings.HasPrefix(e, name) }) {
			out = append(out, pkg)
		}
	}
	return out
}

// Registered says whether the program needs a schema registry.
func (p page) Registered() bool {
	for _, s := range p.Plan.Steps {
		switch op := s.Op.(type) {
		case *plan.Source:
			if registered(op.Encoding()) {
				return true
			}
		case *plan.Sink:
			if registered(op.Format) || op.Format == "json-schema" {
				return true
			}
		}
	}
	return false
}

// registered says whether records of a format name schemas of a registry.
func registered(format string) bool {
	name := format
	if at := strings.IndexAny(format, ":("); at >= 0 {
		name = format[:at]
	}
	return name == "avro" || name == "protobuf"
}

// optional are all packages of the engine that the program has and not every one needs.
func (p page) optional() []string {
	out := p.Formats()
	if p.Registered() {
		out = append(out, registryPackage)
	}
	return out
}
