package expr

import "github.com/riffle-stream/riffle/dataframe/row"

// dynamic is a function over arguments of kind any: for each row the kinds of
// its values choose the form, so that the semantics are those of typed columns.
type dynamic struct {
	f     *function
	out   row.Kind
	cells []*step // one value of each argument, for the form
	forms map[[maxArgs]row.Kind]*linked
	meter *meter
}

// maxArgs is how many arguments a function with several forms has at most.
const maxArgs = 4

// linked computes rows from the cells; nil steps: the kinds do not fit.
type linked struct {
	cells  []*step
	steps  []*step
	result *step
}

// dynamic adds the step.
func (c *compiler) dynamic(f *function, out row.Kind, args []*step) *step {
	d := &dynamic{f: f, out: out, forms: map[[maxArgs]row.Kind]*linked{}, meter: c.meter}
	return c.add(&step{kind: out, args: args, kernel: d.run, lenient: true}, false)
}

func (d *dynamic) run(s *step, n int) {
	form := d.uniform(s, n)
	for i := range n {
		var v any
		if form != nil {
			v = form.result.vec.Value(i)
		} else {
			v = d.value(s, i)
		}
		if v == nil || s.own.Set(i, v) != nil { // a form gives the kind of the step, or the step is of any kind
			s.null(i, n)
		}
	}
}

// uniform computes all rows at once by one form, if each argument has values
// of one kind only; else nil. The result is that of row by row.
func (d *dynamic) uniform(s *step, n int) *linked {
	var kinds [maxArgs]row.Kind
	for k, a := range s.args {
		if kinds[k] = onlyKind(a.vec); kinds[k] == row.Null {
			return nil
		}
	}
	form := d.form(s, kinds)
	if form.result == nil {
		return nil
	}
	for k, cell := range form.cells {
		switch a := s.args[k]; {
		case cell.one:
		case a.kind == row.Any:
			cell.fill(a.vec.Anys)
		default:
			cell.vec = a.vec
		}
	}
	for _, s := range form.steps {
		s.run(n)
	}
	return form
}

// onlyKind is the kind of all values that are not null, or Null if there are several or none.
func onlyKind(v *row.Vec) row.Kind {
	if v.Kind != row.Any {
		return v.Kind
	}
	only := row.Null
	for _, x := range v.Anys {
		k := row.KindOf(x)
		if k == row.Null || k == only {
			continue
		}
		if only != row.Null {
			return row.Null
		}
		only = k
	}
	return only
}

// fill makes the step's vector of values of its kind, and nulls.
func (s *step) fill(values []any) {
	s.own.Resize(len(values))
	s.vec = &s.own
	for i, v := range values {
		if v == nil {
			s.null(i, len(values))
			continue
		}
		_ = s.own.Set(i, v) // of the kind that was asked for
	}
	s.clean()
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
	form := d.form(s, kinds)
	if form.result == nil {
		return d.unfit()
	}
	return form.compute(vals[:len(s.args)])
}

// form is that for values of these kinds, linked once.
func (d *dynamic) form(s *step, kinds [maxArgs]row.Kind) *linked {
	form, ok := d.forms[kinds]
	if !ok {
		form = d.link(s, kinds)
		d.forms[kinds] = form
	}
	return form
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
func (d *dynamic) link(s *step, kinds [maxArgs]row.Kind) *linked {
	c := &compiler{lib: library(), turned: map[conversion]*step{}, meter: d.meter}
	form := &linked{}
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

func (f *linked) compute(vals []any) any {
	for k, c := range f.cells {
		if !c.one {
			c.fill(vals[k : k+1])
		}
	}
	for _, s := range f.steps {
		s.run(1)
	}
	return f.result.vec.Value(0)
}
