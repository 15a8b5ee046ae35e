// Package slice finds what a statement or a variable of a session depends on, and writes it as a Go program. Its nouns
// are Program, the slice as text in pieces, and Root, what it is a slice of.
//
// A slice is made backwards over the statements that ran: one is kept if it writes what is needed, directly, through a
// function it calls, or through something that shares memory with it. Pieces are the user's own text, comments
// included, changed only where the program would not mean the same: a definition that repeats a name becomes an
// assignment, an earlier version of a name gets another, a name of the prelude may be qualified, a product of floats
// that is added to is rounded by a conversion, as the interpreter rounds it.
package slice

import (
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/source"
)

// A Program is a slice.
type Program struct {
	// Imports are what Decls and Body import, the prelude not among them, sorted by path.
	Imports []Import
	// Prelude is how the prelude is imported: "." when its names stand bare, its name when the slice declares one of
	// them at package level and so they stand qualified, "" when nothing of it is used.
	Prelude string
	// Decls are the declarations at package level: constants, types, variables, functions, each in the order of cells.
	Decls []Piece
	// Body are the statements in the order they ran, for the inside of one function without results.
	Body []Piece
	// Result is the value at the end of Body that the slice was made for, as an expression: the root variable, or the
	// first argument of a top-level call of a verb. "" when the root is a statement that stands whole in Body.
	Result string
	// ResultAt is where it stands, if it is an expression.
	ResultAt source.Position
	// ResultType is its type as Decls would write it.
	ResultType string

	Dropped  []Note // what ran and is not needed though it mentions what is: verbs and prints
	Warnings []Note // what may make the program differ: files, network, time, random numbers
	// Rounded counts the products of floats that are written float64(x*y) because a sum follows.
	Rounded int
	// At is where the statement stands that the slice was made for, if it was made for one.
	At source.Position
	// Values are the verbs whose value the program has a use for.
	Values []Value
	// Mapped are the types of the functions that columns are mapped with, each once.
	Mapped []Signature

	names map[string]bool
}

// An Import is an import declaration; Name is "" unless it differs from the package's own.
type Import struct{ Name, Path string }

func (i Import) String() string {
	if i.Name == "" {
		return fmt.Sprintf("import %q", i.Path)
	}
	return fmt.Sprintf("import %s %q", i.Name, i.Path)
}

// A Piece is a declaration or statement and where the user wrote it.
type Piece struct {
	At   source.Position
	Text string
}

// A Value is a call of a verb for its value: where it stands, and the statement at top level that it stands in, if it does.
type Value struct {
	Verb   string
	At, In source.Position
}

// A Note is a remark about a place.
type Note struct {
	At   source.Position
	Text string
}

// Free returns name, or a variation of it that nothing in the slice declares at package level.
func (p *Program) Free(name string) string {
	for i := 2; p.names[name]; i++ {
		name = fmt.Sprintf("%s%d", strings.TrimRight(name, "0123456789"), i)
	}
	return name
}

// apart reports whether an empty line stands between two statements: they are of two cells, and one is more than a line.
func apart(a, b Piece) bool {
	return a.At.Cell != b.At.Cell && strings.Contains(a.Text+b.Text, "\n")
}

// File renders the slice as a file of a package: the imports with extra ones, the declarations, and a function with the
// body. With a Result the function returns it.
func (p *Program) File(pkg, function, preludePath string, extra ...Import) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\n", pkg)
	for _, i := range slices.Concat(p.Imports, extra) {
		fmt.Fprintln(&b, i)
	}
	if p.Prelude != "" {
		fmt.Fprintln(&b, Import{p.Prelude, preludePath})
	}
	for _, d := range p.Decls {
		fmt.Fprintf(&b, "\n%s\n", d.Text)
	}
	fmt.Fprintf(&b, "\nfunc %s() %s {\n", function, p.ResultType)
	for i, s := range p.Body {
		if i > 0 && apart(p.Body[i-1], s) {
			b.WriteByte('\n')
		}
		fmt.Fprintln(&b, s.Text)
	}
	if p.Result != "" {
		fmt.Fprintf(&b, "return %s\n", p.Result)
	}
	b.WriteString("}\n")
	text, err := format.Source([]byte(b.String()))
	if err != nil { // not reached for a slice of cells that check; the compiler will say more
		return b.String()
	}
	return string(text)
}
