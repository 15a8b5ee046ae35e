package expr

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// column compiles a column, a pseudo-column, or a path into a column of structs.
func (c *compiler) column(n *node) (*step, *Error) {
	if i := c.schema.Index(n.name); i >= 0 {
		return c.load(c.schema.At(i).Kind, func(b *row.Batch) *row.Vec { return &b.Cols[i] }), nil
	}
	if s := c.pseudo(n.name); s != nil {
		return s, nil
	}
	for end := strings.LastIndexByte(n.name, '.'); end > 0; end = strings.LastIndexByte(n.name[:end], '.') {
		kind, ok := c.schema.Kind(n.name[:end])
		if !ok {
			continue
		}
		if kind != row.Struct && kind != row.Any {
			return nil, fault(n, "", "%s: %s is %s and has no members", n.text(), n.name[:end], kind)
		}
		s, err := c.node(&node{form: column, name: n.name[:end]})
		for part := range strings.SplitSeq(n.name[end+1:], ".") {
			s = c.memberStep(s, part)
		}
		return s, err
	}
	return nil, c.noColumn(n)
}

// noColumn says what there is; of a path its first part may be the one that is misspelt.
func (c *compiler) noColumn(n *node) *Error {
	names := c.schema.Names()
	meant := near.Name(n.name, names)
	if head, rest, ok := strings.Cut(n.name, "."); ok {
		of, _ := c.schema.Kind(near.Name(head, names))
		switch {
		case of == row.Struct || of == row.Any:
			meant = near.Name(head, names) + "." + rest
		case near.Name(rest, names) != "": // a frame stands before it, as in df.speed
			meant = near.Name(rest, names)
		}
	}
	if hint := constants[n.name]; hint != "" {
		return fault(n, hint, "no column %q", n.name)
	}
	hint := offer(names, meant)
	if meant == "" && plainName(n.name) {
		hint += fmt.Sprintf("; a text has quotes: '%s'", n.name)
	}
	return fault(n, hint, "no column %q", n.name)
}

func (c *compiler) load(kind row.Kind, from func(b *row.Batch) *row.Vec) *step {
	s := &step{kind: kind, load: from, meter: c.meter}
	c.steps = append(c.steps, s)
	return s
}

// memberOf compiles a member of a computed value.
func (c *compiler) memberOf(n *node) (*step, *Error) {
	of, err := c.node(n.args[0])
	if err != nil {
		return nil, err
	}
	if of.kind != row.Struct && of.kind != row.Any && of.kind != row.Null {
		return nil, fault(n, "", "%s is %s and has no member %q", n.args[0].text(), of.kind, n.name)
	}
	return c.memberStep(c.convert(of, row.Any), n.name), nil
}

// memberStep is the member of each struct; what is no struct or lacks it is null.
func (c *compiler) memberStep(of *step, name string) *step {
	return c.add(&step{kind: row.Any, args: []*step{of}, kernel: func(s *step, n int) {
		a, m := arg[any](s, 0)
		for i := range n {
			o, ok := a[i&m].(row.Object)
			if ok {
				s.own.Anys[i], _ = o.Get(name)
			} else if a[i&m] != nil {
				s.misfit(i, n)
			}
			if s.own.Anys[i] == nil {
				s.null(i, n)
			}
		}
	}}, false)
}

// pseudo compiles what rows carry beside their columns, or gives nil.
func (c *compiler) pseudo(name string) *step {
	switch name {
	case "_key":
		return c.beside(row.String, keyOf)
	case "_ts":
		return c.beside(row.Time, func(s *step, b *row.Batch, n int) { copy(s.own.Ints, b.Time) })
	case "_topic":
		return c.beside(row.String, ofRecord(func(s *step, r *row.Record, i int) { s.own.Strs[i] = r.Topic }))
	case "_partition":
		return c.beside(row.Int, ofRecord(func(s *step, r *row.Record, i int) { s.own.Ints[i] = int64(r.Partition) }))
	case "_offset":
		return c.beside(row.Int, ofRecord(func(s *step, r *row.Record, i int) { s.own.Ints[i] = r.Offset }))
	}
	header, ok := strings.CutPrefix(name, "_headers.")
	if !ok {
		return nil
	}
	return c.beside(row.String, func(s *step, b *row.Batch, n int) {
		for i := range n {
			r := b.Record(i)
			if r == nil || r.Header(header) == nil {
				s.null(i, n)
				continue
			}
			s.own.Strs[i] = string(r.Header(header))
		}
	})
}

// beside is a step that is filled from the batch itself.
func (c *compiler) beside(kind row.Kind, fill func(s *step, b *row.Batch, n int)) *step {
	s := &step{kind: kind, meter: c.meter}
	s.own.Kind = kind
	s.load = func(b *row.Batch) *row.Vec {
		s.own.Resize(b.Len())
		fill(s, b, b.Len())
		s.clean()
		return &s.own
	}
	c.steps = append(c.steps, s)
	return s
}

func keyOf(s *step, b *row.Batch, n int) {
	if b.Key.Kind != row.String || b.Key.Len() < n {
		allNull(s, n)
		return
	}
	copy(s.own.Strs, b.Key.Strs)
	if b.Key.Valid != nil {
		copy(s.validity(n), b.Key.Valid)
	}
}

// ofRecord fills a column from the records that rows were decoded from; made rows are null.
func ofRecord(set func(s *step, r *row.Record, i int)) func(*step, *row.Batch, int) {
	return func(s *step, b *row.Batch, n int) {
		for i := range n {
			if r := b.Record(i); r != nil {
				set(s, r, i)
			} else {
				s.null(i, n)
			}
		}
	}
}

// nullTest compiles x == null and x != null.
func (c *compiler) nullTest(n *node) (*step, *Error) {
	of := n.args[0]
	if of.isNull() {
		of = n.args[1]
	}
	x, err := c.node(of)
	if err != nil {
		return nil, err
	}
	test := isNull
	if n.name == "!=" {
		test = hasValue
	}
	return c.add(&step{kind: row.Bool, args: []*step{x}, kernel: test, lenient: true}, false), nil
}

func hasValue(s *step, n int) {
	a := s.args[0]
	for i := range s.own.Bools {
		s.own.Bools[i] = known(a.vec, a.one, i)
	}
}

func isNull(s *step, n int) {
	hasValue(s, n)
	for i := range s.own.Bools {
		s.own.Bools[i] ^= 1
	}
}
