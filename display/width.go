package display

import (
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// What fits into one display.
const (
	maxText  = 64 << 10 // bytes of plain text
	maxWidth = 160      // columns of text that a table may take
)

// terminal measures text as a terminal draws it, whatever the locale of this process.
func terminal() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// width is the number of terminal columns that s takes.
func width(s string) int { return terminal().StringWidth(s) }

// cut shortens s to n columns, the last of them "…".
func cut(s string, n int) string {
	// A cell of megabytes is not measured to its end: what is kept is within its first bytes,
	// unless they are marks without width, which nobody misses.
	if most := 64 * n; len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return terminal().Truncate(s, n, "…")
}

// pad fills s with spaces to n columns, on the left if right is true.
func pad(s string, n int, right bool) string {
	fill := strings.Repeat(" ", max(0, n-width(s)))
	if right {
		return fill + s
	}
	return s + fill
}

// cutText shortens a text to what one display holds, with a note.
func cutText(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "\n… cut, " + group(int64(len(s))) + " bytes in all"
}

// group is n with commas between thousands.
func group(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
