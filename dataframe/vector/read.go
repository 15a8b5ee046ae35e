package vector

import (
	"fmt"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// read makes a step that gives a column as the function takes it.
func (c *compiler) read(s *step, name string, as row.Kind) error {
	at := c.in.Index(name)
	if at < 0 {
		return fmt.Errorf("there is no column %q", name)
	}
	switch kind := c.in.At(at).Kind; {
	case kind == as:
		s.load = func(b *row.Batch) *row.Vec { return &b.Cols[at] }
	case kind == row.Int && as == row.Float:
		from := &step{load: func(b *row.Batch) *row.Vec { return &b.Cols[at] }}
		c.program.steps = append(c.program.steps, from)
		s.args, s.kernel = []*step{from}, each1(toFloats)
	default:
		return fmt.Errorf("column %q is %s, read as %s", name, kind, as)
	}
	return nil
}

// present makes the step of Null and Has.
func (c *compiler) present(s *step, o op) error {
	at := c.in.Index(o.text)
	switch {
	case at < 0 && o.code == has:
		s.fill = func(v *row.Vec) { clear(v.Bools) }
		return nil
	case at < 0:
		return fmt.Errorf("there is no column %q", o.text)
	case c.in.At(at).Kind.Nested():
		return fmt.Errorf("column %q is %s", o.text, c.in.At(at).Kind)
	}
	from := &step{load: func(b *row.Batch) *row.Vec { return &b.Cols[at] }}
	c.program.steps = append(c.program.steps, from)
	s.args = []*step{from}
	s.kernel = func(s *step) {
		for i := range s.own.Bools {
			s.own.Bools[i] = bit(s.args[0].vec.IsNull(i) == (o.code == null))
		}
	}
	return nil
}

// keys gives the key of the stream, "" where there is none.
func keys(s *step) kernel {
	from := &row.Vec{}
	s.load = func(b *row.Batch) *row.Vec {
		from = &b.Key
		s.own.Resize(b.Len())
		s.kernel(s)
		return &s.own
	}
	return func(s *step) {
		for i := range s.own.Strs {
			s.own.Strs[i] = ""
			if from.Kind == row.String && !from.IsNull(i) {
				s.own.Strs[i] = from.Strs[i]
			}
		}
	}
}

// clone is a function that can grow without the other.
func (f *Func) clone() *Func {
	c := *f
	c.ops, c.place = slices.Clone(f.ops), maps.Clone(f.place)
	return &c
}

// blend is a column after the function: what it sets, else what was there, if
// that is of the declared kind, else null.
func (f *Func) blend(field row.Field, in *row.Schema) (value, null Value, err error) {
	switch field.Kind {
	case row.Bool, row.Int, row.Float, row.String:
	default:
		return None, None, fmt.Errorf("column %q is %s", field.Name, field.Kind)
	}
	value, null = f.zero(field.Kind), f.Const(true)
	if k, ok := in.Kind(field.Name); ok && k == field.Kind {
		value, null = f.Column(field.Name, field.Kind), f.Null(field.Name)
	}
	for _, s := range f.Sets {
		if s.Name != field.Name {
			continue
		}
		set, nothing := s.Value, s.Null
		if set == None {
			set = f.zero(field.Kind)
		}
		if nothing == None {
			nothing = f.Const(false)
		}
		if f.Kind(set) == row.Int && field.Kind == row.Float {
			set = f.Convert(set, row.Float)
		}
		if f.Kind(set) != field.Kind {
			return None, None, fmt.Errorf("column %q is %s, set to %s", field.Name, field.Kind, f.Kind(set))
		}
		if s.When == None {
			return set, nothing, nil
		}
		return f.Choose(s.When, set, value), f.Choose(s.When, nothing, null), nil
	}
	return value, null, nil
}

func (f *Func) zero(kind row.Kind) Value {
	switch kind {
	case row.Bool:
		return f.Const(false)
	case row.Int:
		return f.Const(int64(0))
	case row.Float:
		return f.Const(0.0)
	}
	return f.Const("")
}
