// Package near finds the name that was perhaps meant by one that is not there.
package near

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Name is the name closest to want by edits of letters, whatever their case,
// or "" if none is close. A swap of neighbours counts as one edit.
func Name(want string, names []string) string {
	letters := utf8.RuneCountInString(want)
	best, at := "", min(1+letters/4, max(letters-1, 0)) // of a letter that is another one nothing is left
	for _, n := range slices.Sorted(slices.Values(names)) {
		if d := edits([]rune(strings.ToLower(want)), []rune(strings.ToLower(n))); d <= at && (best == "" || d < at) {
			best, at = n, d
		}
	}
	return best
}

// Hint is the end of an error about a name that is not there: [Meant] of the one closest to it.
func Hint(want string, names []string) string { return Meant(Name(want, names)) }

// Meant offers a name at the end of an error, as in "; did you mean speed?". It is "" for no name.
func Meant(name string) string {
	if name == "" {
		return ""
	}
	return "; did you mean " + name + "?"
}

// edits is the Levenshtein distance with swaps of neighbours.
func edits(a, b []rune) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
