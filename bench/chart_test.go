package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLatestResults(t *testing.T) {
	got := latest(`# Results

## one

| J1 | riffle | 9.00 / **9.00** / 9.00 | x |
| J1 | streams | 9.00 / **9.00** / 9.00 | x |

## two

| job | program | CPU s / million rows | rows / s |
|---|---|---|---|
| J1 | hand | 0.90 / **1.00** / 1.10 | 300000 / **400000** / 500000 |
| J1 | riffle | 0.90 / **1.25** / 1.10 | x |
| J1 | streams | 4.00 / **5.00** / 6.00 | x |
| J5 | quix (other rows) | 4.00 / **40.00** / 60.00 | x |

## without peers

| J1 | riffle | 0.90 / **2.00** / 1.10 | x |
`)
	want := map[string]map[int]float64{"hand": {1: 1}, "riffle": {1: 0.8}, "streams": {1: 0.2}, "quix": {5: 0.025}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("rates (-want +got):\n%s", d)
	}
}

// The picture in the README is that of the latest results.
func TestPictureIsOfTheLatestResults(t *testing.T) {
	results, err := os.ReadFile("RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	want, err := drawn(string(results))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", picture))
	if err != nil {
		t.Fatal(err)
	}
	if want != string(got) {
		t.Errorf("%s is of other results: go run ./bench -chart", picture)
	}
}
