package plan

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Unknown is the error for a column that is not there: what there is, and what was perhaps meant.
func Unknown(name string, s *row.Schema) error {
	hint := ""
	if near := Nearest(name, s.Names()); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("no column %q (have %s%s)", name, list(s.Names()), hint)
}

// listed is how many names an error shows.
const listed = 12

func list(names []string) string {
	if len(names) <= listed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:listed], ", "), len(names)-listed)
}

// Nearest is the name closest to want by edits, or "" if none is close.
func Nearest(want string, names []string) string {
	best, at := "", 1+len(want)/3
	for _, n := range names {
		if d := edits(strings.ToLower(want), strings.ToLower(n)); d <= at && (best == "" || d < at) {
			best, at = n, d
		}
	}
	return best
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := last[0]
		last[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diag
			if a[i-1] != b[j-1] {
				cost++
			}
			diag = last[j]
			last[j] = min(cost, last[j]+1, last[j-1]+1)
		}
	}
	return last[len(b)]
}
