package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// dynamic is a function over arguments of kind any: for each row the kinds of
// its values choose the form, so that the semantics are those of typed columns.
type dynamic struct {
	f     *function
	out   row.Kind
	cells []*step // one value of each argument, for the form
	forms map[[maxArgs]row.Kind]*form1
	meter *meter
}

// maxArgs is how many arguments a function with several forms has at most.
const maxArgs = 4

// form1 computes one row from the cells; nil steps: the kinds do not fit.
type form1 struct {
	cells  []*step
	steps  []*step
	result *step
}

// dynamic adds the step.
func (c *compiler) dynamic(f *function, out row.Kind, args []*step) *step {
	d := &dynamic{f: f, out: out, forms: map[[maxArgs]row.Kind]*form1{}, meter: c.meter}
	return c.add(&step{kind: out, args: args, kernel: d.run, lenient: true}, false)
}

func (d *dynamic) run(s *step, n int) {
	for i := range n {
		v := d.value(s, i)
		if v == nil {
			s.null(i, n)
			continue
		}
		if s.own.Set(i, v) != nil { // a form gives the kind of the step, or the step is of any kind
			s.null(i, n)
		}
	}
}

// value is the result for row i, or nil.
func (d *dynamic) value(s *step, i int) any {
	var kinds [maxArgs]row.Kind
	var vals [maxArgs]any
	for k, a := range s.args {
		at := i
		if a.one {
			at = 0
		}
		vals[k] = a.vec.Value(at)
		kinds[k] = row.KindOf(vals[k])
		if vals[k] == nil {
			return nil
		}
	}
	form, ok := d.forms[kinds]
	if !ok {
		form = d.link(s, kinds)
		d.forms[kinds] = form
	}
	if form.result == nil {
		return d.unfit()
	}
	return form.compute(vals[:len(s.args)])
}

// unfit is what values give whose kinds do not go together: they are not
// equal; everything else is null and counted.
func (d *dynamic) unfit() any {
	switch d.f.name {
	case "==":
		return false
	case "!=":
		return true
	}
	d.meter.misfits++
	return nil
}

// link compiles the function for values of these kinds; constants stay constants.
func (d *dynamic) link(s *step, kinds [maxArgs]row.Kind) *form1 {
	c := &compiler{lib: library(), turned: map[conversion]*step{}, meter: d.meter}
	form := &form1{}
	for k, a := range s.args {
		cell := &step{kind: kinds[k], one: a.one, meter: d.meter}
		cell.own = row.MakeVec(kinds[k], 1)
		cell.vec = &cell.own
		if a.one {
			_ = cell.own.Set(0, a.vec.Value(0)) // its own kind fits
		}
		form.cells = append(form.cells, cell)
	}
	args := append([]*step(nil), form.cells...)
	result, err := c.apply(d.f, args)
	if err != nil {
		return form
	}
	form.steps, form.result = c.steps, result
	return form
}

func (f *form1) compute(vals []any) any {
	for k, c := range f.cells {
		if !c.one {
			_ = c.own.Set(0, vals[k]) // linked for this kind
		}
	}
	for _, s := range f.steps {
		s.run(1)
	}
	return f.result.vec.Value(0)
}
