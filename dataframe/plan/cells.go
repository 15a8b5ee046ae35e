package plan

import (
	"io/fs"
	"strconv"
	"strings"
)

// Cells says where in a notebook the lines of a program come from, such as "cell 3 line 2", by the text of the line as
// [Bare] gives it: so a line is found wherever an edit moves it, and one that was changed is not taken for what it was.
type Cells map[string]string

// Locate notes for each step where the notebook made it. Source holds the program's files.
func (c Cells) Locate(p *Plan, source fs.FS) {
	for _, s := range p.Steps {
		s.Cell = c[Bare(lineAt(source, s.At))]
	}
}

// lineAt is the text of a place such as "pipeline.go:12"; "" if there is none.
func lineAt(source fs.FS, at string) string {
	name, number, _ := strings.Cut(at, ":")
	n, err := strconv.Atoi(number)
	if err != nil {
		return ""
	}
	text, err := fs.ReadFile(source, name)
	lines := strings.Split(string(text), "\n")
	if err != nil || n < 1 || n > len(lines) {
		return ""
	}
	return lines[n-1]
}

// Bare is a line without its spaces, which are the formatter's.
func Bare(line string) string { return strings.Join(strings.Fields(line), "") }
