package replay

import (
	"bytes"
	"fmt"
)

// Diff says where two texts of rows part: the number of the line and the line of both sides; "" if they are equal.
func Diff(want, got []byte) string {
	if bytes.Equal(want, got) {
		return ""
	}
	w, g := bytes.Split(want, []byte{'\n'}), bytes.Split(got, []byte{'\n'})
	for i := 0; ; i++ {
		a, b := at(w, i), at(g, i)
		if !bytes.Equal(a, b) || i >= len(w) && i >= len(g) {
			return fmt.Sprintf("row %d differs (%d rows wanted, %d rows given)\n  want %s\n  got  %s", i+1, count(want), count(got), shown(a), shown(b))
		}
	}
}

func at(lines [][]byte, i int) []byte {
	if i < len(lines) {
		return lines[i]
	}
	return nil
}

func count(text []byte) int { return bytes.Count(text, []byte{'\n'}) }

// maxShown is how much of a row a difference shows, in bytes.
const maxShown = 2000

func shown(line []byte) string {
	if len(line) == 0 {
		return "(no row)"
	}
	if len(line) > maxShown {
		return string(line[:maxShown]) + "..."
	}
	return string(line)
}
