package export

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// BuildError says why a program does not compile.
type BuildError struct {
	Problems []Problem // in the user's cells, or in files of the program
	Output   string    // all that the compiler said
}

// Problem is one error of the compiler.
type Problem struct {
	At   source.Position // in a cell; zero if the place is not one of a cell
	File string          // and line, if it is not in a cell
	Text string
}

// String is the problem with its place.
func (p Problem) String() string {
	at := p.File
	if p.At.Line > 0 {
		at = p.At.String()
	}
	return at + ": " + p.Text
}

// Error lists the problems.
func (e *BuildError) Error() string {
	if len(e.Problems) == 0 {
		return "the program does not build:\n" + strings.TrimSpace(e.Output)
	}
	lines := []string{"the program does not compile:"}
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// cellFile is how a line of a cell stands in a program: in the compiler's
// errors, and in the stack of a function that panics.
const cellFile = "/cell/%d"

var (
	cellPlace    = regexp.MustCompile(`/cell/(\d+):(\d+)(?::(\d+))?`)
	compilerLine = regexp.MustCompile(`^(\S+:\d+(?::\d+)?): (.*)$`)
)

// CellOf finds the first place of a cell in a text such as the stack of a
// function that panicked in a live program.
func CellOf(text string) (source.Position, bool) {
	m := cellPlace.FindStringSubmatch(text)
	if m == nil {
		return source.Position{}, false
	}
	return source.Position{Cell: number(m[1]), Line: number(m[2]), Column: number(m[3])}, true
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil { // none, or more than a place can have
		return 0
	}
	return n
}

// diagnose finds the places in what the compiler says.
func diagnose(said string) *BuildError {
	e := &BuildError{Output: said}
	for _, line := range strings.Split(said, "\n") {
		m := compilerLine.FindStringSubmatch(line)
		switch {
		case m == nil && strings.HasPrefix(line, "\t") && len(e.Problems) > 0:
			e.Problems[len(e.Problems)-1].Text += "\n" + line
		case m != nil:
			p := Problem{File: m[1], Text: m[2]}
			if at, ok := CellOf(m[1]); ok {
				p.At, p.File = at, ""
			}
			e.Problems = append(e.Problems, p)
		}
	}
	return e
}

// mark is a directive that says where in the user's cells the next line stands.
func mark(at source.Position) string {
	return fmt.Sprintf("//line "+cellFile+":%d\n", at.Cell, at.Line)
}
