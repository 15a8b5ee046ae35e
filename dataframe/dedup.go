package dataframe

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Dedup leaves out the rows that have the values of an earlier one in these
// columns, as long as that is remembered: Dedup("order", Within("1h")). Of rows
// that are alike the first is kept, and again the first that comes when time
// has gone on by Within since. Rows with a null among the columns go.
//
// If the rows lie by one of the columns already nothing moves; else they move
// to the partition of the columns.
func (f Frame) Dedup(columnsAndWithin ...any) Frame {
	j, columns := &joining{op: "Dedup"}, []string{}
	for _, x := range columnsAndWithin {
		switch x := x.(type) {
		case string:
			columns = append(columns, x)
		case JoinOption:
			if err := x.apply(j); err != nil {
				return f.failed(err)
			}
		default:
			return f.fail("Dedup", "", fmt.Errorf("takes columns and how long a row is remembered, such as Dedup(\"order\", Within(\"1h\")), not %T", x))
		}
	}
	switch {
	case len(columns) == 0:
		return f.fail("Dedup", "", fmt.Errorf("names no column, want such as Dedup(\"order\", Within(\"1h\"))"))
	case j.within == nil:
		return f.fail("Dedup", "", fmt.Errorf("does not say how long a row is remembered, want such as Within(\"1h\")"))
	}
	return f.then(&plan.KeyBy{Columns: columns, Method: "Dedup", Stay: true}).then(&plan.Dedup{Columns: columns, Within: *j.within})
}
