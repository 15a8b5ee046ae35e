package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/interp/slice"
	"github.com/riffle-stream/riffle/interp/source"
)

// literal are the verbs whose values programs have as literals.
var literal = map[string]bool{"Count": true, "Input": true, "File": true}

// Settle gives a slice in which what verbs gave stands as literals, with the cell and the sample that they are from: a program
// sees rows as they come, and has no sample to count and nobody to ask. Given is by the statement that called the verbs, in the
// order of the calls. A value that has no literal is refused, and so is a secret.
func Settle(p *slice.Program, given map[source.Position][]Given) (*slice.Program, error) {
	for _, v := range p.Values {
		if !literal[v.Verb] {
			return nil, refused(v)
		}
	}
	out := *p
	out.Body = slices.Clone(p.Body)
	where := map[source.Position]bool{}
	for i, piece := range out.Body {
		text, uses, err := settled(piece, p.Values, given[piece.At])
		if err != nil {
			return nil, err
		}
		out.Body[i].Text, where[piece.At] = text+uses, true
	}
	if p.Result != "" {
		text, uses, err := settled(slice.Piece{At: p.At, Text: p.Result}, p.Values, given[p.At])
		if err != nil {
			return nil, err
		}
		if out.Result, where[p.At] = text, true; uses != "" {
			out.Body = append(out.Body, slice.Piece{At: p.At, Text: strings.TrimSpace(uses)})
		}
	}
	for _, v := range p.Values {
		if !where[v.In] {
			return nil, refused(v)
		}
	}
	return &out, nil
}

// settled is a text with what its calls of verbs gave, and the statements that use what they were called with.
func settled(piece slice.Piece, values []slice.Value, given []Given) (text, uses string, err error) {
	values = slices.DeleteFunc(slices.Clone(values), func(v slice.Value) bool { return v.In != piece.At })
	if len(values) == 0 {
		return piece.Text, "", nil
	}
	c, err := readCalls(piece.Text)
	if err != nil {
		return "", "", err
	}
	if len(c.calls) != len(values) || !c.gave(given) {
		return "", "", refused(values[0])
	}
	text, uses = c.settle(given, piece.At.Cell)
	return text, uses, nil
}

// refused is the error of a program that depends on a value which it cannot have.
func refused(v slice.Value) error {
	return fmt.Errorf("the statements depend on the value of %s (%s), which a program does not have: %s", v.Verb, v.At, instead(v.Verb))
}

// instead says what to do about such a value.
func instead(verb string) string {
	const alone = "it is written as a literal if the call runs once, outside of functions, blocks and other such calls: give it a statement of its own, such as "
	switch verb {
	case "Password":
		return `secrets do not belong in programs. Read it from the environment, such as os.Getenv("API_TOKEN"), here and there`
	case "Topics":
		return `which topics there are changes. Write the names that are meant, such as []string{"rides", "stations"}`
	case "Input":
		return alone + `city := Input("city?")`
	case "Count":
		return alone + "n := Count(rides)"
	}
	return "it sees rows as they come, not a sample. Write what it gave as a literal, such as limit := 287.5"
}
