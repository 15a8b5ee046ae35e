package expr

import (
	"slices"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// What is offered in place of a name of pandas is there.
func TestWhatIsOfferedIsThere(t *testing.T) {
	known := newCompiler(row.NewSchema(), &meter{}).known()
	for word, meant := range renamed {
		if !slices.Contains(known, meant) && !controls[meant] {
			t.Errorf("%s: there is no function %s", word, meant)
		}
	}
	for word, operator := range operators {
		if _, err := Parse("a " + operator + " b"); err != nil {
			t.Errorf("%s: %v", word, err)
		}
	}
}

// controls are read by the compiler itself.
var controls = words("if coalesce has null")
