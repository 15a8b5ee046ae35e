package plan

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Dedup leaves out rows whose values in the columns a row before them had.
type Dedup struct {
	Columns []string
	Within  time.Duration // how long a row is remembered
}

// Text is the op as a cell writes it.
func (d *Dedup) Text() string {
	return fmt.Sprintf("dedup(%s, within(%s))", quoted(d.Columns), d.Within)
}

// Schema is unchanged.
func (d *Dedup) Schema(in []*row.Schema) (*row.Schema, error) {
	for _, c := range d.Columns {
		if _, ok := in[0].Kind(c); !ok {
			return nil, wrong("Dedup", c, Unknown(c, in[0]))
		}
	}
	if d.Within <= 0 {
		return nil, wrongf("Dedup", "", "within is %s, want how long a row is remembered, such as Within(\"1h\")", d.Within)
	}
	return in[0], nil
}
