package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/slice"
)

// leftOut tells of the statements that ran and are not in the program, in a line; pipeline.go has them in full.
func leftOut(dropped []slice.Note) string {
	var cells []string
	for _, d := range dropped {
		if n := fmt.Sprint(d.At.Cell); !slices.Contains(cells, n) {
			cells = append(cells, n)
		}
	}
	switch {
	case len(dropped) == 0:
		return ""
	case len(dropped) == 1:
		return fmt.Sprintf("\nleft out, as the graph does not need it: cell %s: %s", cells[0], short(strings.ReplaceAll(dropped[0].Text, "\n", " "), 60))
	case len(cells) == 1:
		return fmt.Sprintf("\nleft out, as the graph does not need them: %d statements of cell %s", len(dropped), cells[0])
	}
	return fmt.Sprintf("\nleft out, as the graph does not need them: %d statements of cells %s", len(dropped), strings.Join(cells, ", "))
}
