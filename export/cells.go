package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/interp/slice"
	"github.com/riffle-stream/riffle/interp/source"
)

// cells says which line of which cell a line of pipeline.go was. Of a line that stands in two places nothing is said.
func cells(p *slice.Program) ([]byte, error) {
	pieces := slices.Concat(p.Decls, p.Body)
	if p.ResultAt.Line > 0 {
		pieces = append(pieces, slice.Piece{At: p.ResultAt, Text: "return " + p.Result})
	}
	places := map[string]source.Position{}
	for _, piece := range pieces {
		_, text := remarked(piece.Text)
		for i, line := range strings.Split(text, "\n") {
			key, at := plan.Bare(line), source.Position{Cell: piece.At.Cell, Line: piece.At.Line + i}
			if was, twice := places[key]; twice && was != at {
				at = source.Position{}
			}
			places[key] = at
		}
	}
	out := plan.Cells{}
	for line, at := range places {
		if at.Cell > 0 && calls(line) {
			out[line] = fmt.Sprintf("cell %d line %d", at.Cell, at.Line)
		}
	}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("export: cells.json: %w", err)
	}
	return append(b, '\n'), nil
}

// calls says whether a line may be one that makes a step.
func calls(line string) bool {
	return !strings.HasPrefix(line, "//") && (strings.Contains(line, "(") || strings.HasSuffix(line, "."))
}
