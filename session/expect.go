package session

import (
	"errors"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/kernel"
)

// expectedRows is how many of the rows that are not as expected an error shows.
const expectedRows = 5

// unexpected is the error for rows for which a condition does not hold.
type unexpected struct {
	condition string
	wrong, of int
	rows      string // the first of them, as a table
}

// Error says how many rows there are of them.
func (e *unexpected) Error() string {
	return fmt.Sprintf("%s does not hold for %s of %s", e.condition, number(e.wrong), count(e.of, "row"))
}

// expect fails the cell if a condition does not hold for each row of a frame. Where it is null it does not hold. Rows of windows that
// the sample cut are not judged: they lack what their windows would have held.
func (s *Session) expect(f cells.Frame, condition string) {
	if s.quiet { // it held before
		return
	}
	c := s.current()
	_, err := s.samples.bind(c.ctx, f)
	s.must(err)
	_, err = s.samples.bind(c.ctx, f.Where(condition))
	s.must(blamed("Expect", err))
	name, _, err := expr.ParseColumn(condition)
	s.must(err)
	o, err := s.rows(c.ctx, f.With(condition))
	s.must(err)
	rows, judged := o.tables[0].Batch(), 0
	holds, partial := rows.Col(name), o.partial(0)
	var wrong []int32
	for i := range rows.Len() {
		if partial != nil && partial[i] {
			continue
		}
		if judged++; holds.IsNull(i) || holds.Bools[i] == 0 {
			wrong = append(wrong, int32(i))
		}
	}
	if len(wrong) > 0 {
		all := row.NewTable(rows.Schema)
		all.Add(rows.Gather(wrong))
		s.must(&unexpected{condition, len(wrong), judged, part(display.Table{}, all, expectedRows, 0).Bundle().Plain()})
	}
	said := append([]string{fmt.Sprintf("%s holds for %s", condition, count(judged, "row"))}, o.badNotes()...)
	c.out.Stream(kernel.Stdout, strings.Join(said, "\n")+"\n")
}

// blamed is the error of the Where that a verb made, as the verb's.
func blamed(verb string, err error) error {
	var p *plan.Error
	if !errors.As(err, &p) || p.Op != "Where" {
		return err
	}
	own := *p
	own.Op = verb
	return &own
}

// placeUnexpected shows the condition and the first rows for which it does not hold.
func (s *Session) placeUnexpected(out *display.Failure, at origin, e *unexpected) {
	out.Name = "Expect"
	if c, l, ok := s.find(at, func(value string) bool { return value == e.condition }); ok {
		c.mark(out, words{l, 0, len(l.Value)})
	}
	out.Notes = append(out.Notes, e.rows)
}
