package render

import (
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/display"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	folder = flag.String("pictures", "", "a folder to write the pictures to, to look at them")
)

func TestGolden(t *testing.T) {
	for _, p := range pictures() {
		t.Run(p.name, func(t *testing.T) {
			draw := Live
			if *folder != "" {
				draw = Final // which takes longer
			}
			b, err := draw(p.spec, p.data)
			if err != nil {
				t.Fatal(err)
			}
			markup := b.Data[display.MIMESVG].(string)
			if *folder != "" {
				save(t, filepath.Join(*folder, p.name), markup, b.Data[display.MIMEPNG].(string))
			}
			if len(markup) < 20_000 { // larger ones are looked at by the other tests
				golden(t, p.name+".svg", markup)
			}
			golden(t, p.name+".txt", b.Plain()+"\n")
		})
	}
}

func save(t *testing.T, path, markup, picture string) {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(picture)
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string][]byte{path + ".svg": []byte(markup), path + ".png": data} {
		if err := os.WriteFile(name, d, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s: SVG %d bytes, PNG %d bytes", path, len(markup), len(data))
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	// One line is enough to see what has changed: all coordinates change together.
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Errorf("%s, line %d:\n got %.300s\nwant %.300s", path, i+1, b[i], a[i])
			return
		}
	}
	t.Errorf("%s: %d lines, want %d", path, len(b), len(a))
}
