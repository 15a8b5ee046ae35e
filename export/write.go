package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Proof is what an exported program must give for its sample, and what names it.
type Proof struct {
	Name        string // of the program
	Plan        string // hash
	Code        string // hash
	Fingerprint string // of the sample
	Sample      string // its file
	Rows        []byte // as package replay writes them
	Sum         string // SHA-256 of Rows, in hex
}

// Write writes the module of an exported program to a folder: new, empty, or of
// an earlier export that nobody changed. It builds wherever there is Go, without
// a network. The proof is for Verify.
func (w *Workshop) Write(ctx context.Context, dir string, p Program, progress func(string)) (*Proof, error) {
	if progress == nil {
		progress = func(string) {}
	}
	name, err := nameOf(dir)
	if err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	imports := make([]string, len(p.Slice.Imports))
	for i, imp := range p.Slice.Imports {
		imports[i] = imp.Path
	}
	pg := page{Plan: p.Plan}
	for _, f := range pg.optional() {
		imports = append(imports, Module+"/"+f)
	}
	b, err := w.ready(ctx, imports, progress)
	if err != nil {
		return nil, err
	}
	if w.tool.IsStandard(name) {
		return nil, fmt.Errorf("export: folder %q: %w: a package of Go has it", name, ErrName)
	}
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	defer f.root.Close()
	progress("running the sample")
	proof, files, err := w.program(ctx, b, name, p)
	if err != nil {
		return nil, err
	}
	all, err := w.carry(b, name, files)
	if err != nil {
		return nil, err
	}
	progress("writing " + name)
	files, engine := Files{}, Files{}
	for n, text := range all {
		if strings.HasPrefix(n, "riffle/") {
			engine[n] = text
		} else {
			files[n] = text
		}
	}
	if err := f.write(files, engine, b.library.vendor(), filepath.Base(b.library.dir)); err != nil {
		return nil, err
	}
	proof.Sample = filepath.Join(dir, "testdata", "sample.riffle")
	return proof, nil
}

// program is the program's own files, and what they must give.
func (w *Workshop) program(ctx context.Context, b *bench, name string, p Program) (*Proof, Files, error) {
	code, err := w.CodeHash(p)
	if err != nil {
		return nil, nil, err
	}
	proof := &Proof{Name: name, Plan: p.Plan.Hash(), Code: code}
	if proof.Rows, err = p.rows(ctx); err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(proof.Rows)
	proof.Sum = hex.EncodeToString(sum[:])
	files := Files{"testdata/rows.jsonl": proof.Rows}
	pg := p.page(name, code)
	if files["testdata/sample.riffle"], err = p.sampleFile(&pg); err != nil {
		return nil, nil, err
	}
	proof.Fingerprint = pg.Fingerprint
	if pg.Go, err = goVersion(w.mod); err != nil {
		return nil, nil, err
	}
	pg.Rows, pg.RowsSum, pg.Spec = strings.Count(string(proof.Rows), "\n"), proof.Sum, p.Sample.Spec
	pg.Modules = b.paths()
	pg.Machine = runtime.GOOS + "/" + runtime.GOARCH
	if files["facts.json"], err = p.facts(); err != nil {
		return nil, nil, err
	}
	if files["cells.json"], err = cells(p.Slice); err != nil {
		return nil, nil, err
	}
	if files["pipeline.go"], err = pipeline(&p, name); err != nil {
		return nil, nil, err
	}
	if len(pg.Loops()) > 0 {
		if files["callers.go"], err = render("callers.go.tmpl", pg); err != nil {
			return nil, nil, err
		}
	}
	for to, from := range templated {
		if files[to], err = render(from, pg); err != nil {
			return nil, nil, err
		}
	}
	return proof, files, nil
}

// templated are the files that come from templates.
var templated = map[string]string{
	"main.go":                         "main.go.tmpl",
	"pipeline_test.go":                "pipeline_test.go.tmpl",
	"README.md":                       "README.md.tmpl",
	"Dockerfile":                      "Dockerfile.tmpl",
	".dockerignore":                   "dockerignore.tmpl",
	".gitignore":                      "gitignore.tmpl",
	".vscode/launch.json":             "launch.json.tmpl",
	".devcontainer/devcontainer.json": "devcontainer.json.tmpl",
}

// sampleFile is the bytes of the sample's file, and what the page says of it.
func (p *Program) sampleFile(pg *page) ([]byte, error) {
	tmp, err := os.MkdirTemp("", "riffle-sample-")
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	defer os.RemoveAll(tmp)
	path := filepath.Join(tmp, "sample.riffle")
	f, n, err := p.sample(path)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	pg.Fingerprint, pg.SampleRows = f.String(), n
	return os.ReadFile(path)
}

// carry adds the packages of the engine that the program's files import, and the modules that it has beside it.
func (w *Workshop) carry(b *bench, name string, files Files) (Files, error) {
	imports, err := files.imports()
	if err != nil {
		return nil, err
	}
	engine, err := carried(w.sources, imports)
	if err != nil {
		return nil, err
	}
	all, err := w.module(b, name, engine)
	if err != nil {
		return nil, err
	}
	for n, text := range files {
		all[n] = text
	}
	return all, nil
}
