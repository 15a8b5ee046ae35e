package plan

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Unknown is the error for a column that is not there: what there is, and what was perhaps meant.
func Unknown(name string, s *row.Schema) error {
	return fmt.Errorf("no column %q (have %s%s)", name, list(s.Names()), near.Hint(name, s.Names()))
}

// listed is how many names an error shows.
const listed = 12

func list(names []string) string {
	if len(names) <= listed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:listed], ", "), len(names)-listed)
}
