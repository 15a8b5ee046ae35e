package avro

import (
	"strings"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// step reads one piece of a record, into columns or past it.
type step func(d *decoder)

// compiler makes the steps by which records of a writer's schema fill the columns that are wanted.
type compiler struct {
	want  *row.Schema
	o     codec.Options
	depth int
	found map[int]bool // the columns that get a value or null from what was compiled so far
}

// compile is a writer's record, read as the reader's; reader nil: as it is.
func compile(w, r *node, want *row.Schema, o codec.Options) step {
	c := &compiler{want: want, o: o, depth: o.Limits.Depth, found: map[int]bool{}}
	return c.record(w, r, "")
}

// record compiles a record whose columns begin with a prefix. All of them are set by it.
func (c *compiler) record(w, r *node, prefix string) step {
	before := c.found
	c.found = map[int]bool{}
	var steps []step
	if r != nil && r.kind != "record" {
		r = nil
	}
	for _, f := range w.fields {
		name, as := f.name, f.node
		if to := r.field(f.name); to != nil {
			name, as = to.name, to.node
		}
		steps = append(steps, c.at(prefix+name, f.node, as))
	}
	if r != nil {
		for _, f := range r.fields {
			if f.has {
				steps = append(steps, c.standard(prefix+f.name, f.node, f.node.standard(f.missing))...)
			}
		}
	}
	steps = append(steps, c.nulls(prefix, c.found))
	for i := range c.found {
		before[i] = true
	}
	c.found = before
	return func(d *decoder) {
		for _, s := range steps {
			if s(d); d.in.err != nil {
				return
			}
		}
	}
}

// at compiles the value of a path.
func (c *compiler) at(path string, w, r *node) step {
	column := c.want.Index(path)
	if column >= 0 && c.found[column] {
		column = -1 // a name that came twice: the first counts
	}
	inner := c.within(path+".") && w.optional().kind == "record"
	switch {
	case column >= 0 && inner:
		c.found[column] = true
		put, descend := c.put(column, w, r), c.descend(path, w, r)
		return func(d *decoder) {
			at, items := d.in.at, d.in.items
			put(d)
			if d.in.err == nil {
				d.in.at, d.in.items = at, items
				descend(d)
			}
		}
	case column >= 0:
		c.found[column] = true
		return c.put(column, w, r)
	case inner:
		return c.descend(path, w, r)
	}
	return c.skip(w)
}

func (c *compiler) skip(w *node) step {
	depth := c.depth
	return func(d *decoder) { d.in.skip(w, depth) }
}

// within says whether a wanted column's path begins so.
func (c *compiler) within(prefix string) bool {
	for _, f := range c.want.Fields() {
		if strings.HasPrefix(f.Name, prefix) {
			return true
		}
	}
	return false
}

// descend compiles a record within the record, or null in its place.
func (c *compiler) descend(path string, w, r *node) step {
	if r != nil {
		r = r.optional()
	}
	if w.kind == "record" {
		return c.record(w, r, path+".")
	}
	branches := make([]step, len(w.branches))
	for i, b := range w.branches {
		if b.kind == "record" {
			branches[i] = c.record(b, r, path+".")
			continue
		}
		branches[i] = c.nulls(path+".", nil)
	}
	return func(d *decoder) {
		if i := d.in.index(len(branches)); d.in.err == nil {
			branches[i](d)
		}
	}
}

// nulls makes the columns null that begin with a prefix, but for those that were found.
func (c *compiler) nulls(prefix string, found map[int]bool) step {
	var columns []int
	for i, f := range c.want.Fields() {
		if strings.HasPrefix(f.Name, prefix) && !found[i] {
			columns = append(columns, i)
		}
	}
	return func(d *decoder) {
		for _, i := range columns {
			d.columns.Null(i)
		}
	}
}

// standard compiles the default of a field that the writer does not have.
func (c *compiler) standard(path string, n *node, value any) []step {
	var steps []step
	if column := c.want.Index(path); column >= 0 && !c.found[column] {
		c.found[column] = true
		steps = append(steps, func(d *decoder) { d.assign(column, value) })
	}
	o, ok := value.(row.Object)
	if n = n.optional(); !ok || n.kind != "record" || !c.within(path+".") {
		return steps
	}
	for _, m := range o {
		if f := n.field(m.Name); f != nil {
			steps = append(steps, c.standard(path+"."+m.Name, f.node, m.Value)...)
		}
	}
	return steps
}

// put compiles a value into a column.
func (c *compiler) put(column int, w, r *node) step {
	if r == nil {
		r = w
	}
	if w.kind == "union" {
		return c.putBranch(column, w, r)
	}
	if r.kind == "union" {
		if r = r.branch(w); r == nil {
			r = w
		}
	}
	if s := c.quick(column, w, r); s != nil {
		return s
	}
	as, depth := r.as(c.want.At(column).Kind), c.depth
	return func(d *decoder) {
		v := d.in.value(w, as, depth)
		if d.in.err == nil {
			d.assign(column, v)
		}
	}
}

func (c *compiler) putBranch(column int, w, r *node) step {
	branches := make([]step, len(w.branches))
	for i, b := range w.branches {
		if b.kind == "null" {
			branches[i] = func(d *decoder) { d.columns.Null(column) }
			continue
		}
		branches[i] = c.put(column, b, r.branch(b))
	}
	return func(d *decoder) {
		if i := d.in.index(len(branches)); d.in.err == nil {
			branches[i](d)
		}
	}
}

// as is the type as a column of a kind wants its values, where several are possible.
func (n *node) as(k row.Kind) *node {
	out := *n
	switch {
	case n.logical == "decimal" && k == row.Float:
		out.digits = 0
	case n.logical == "decimal" && k == row.String:
		out.digits = codec.Exact + 1
	case k == row.Bytes && (n.kind == "bytes" || n.kind == "fixed" || n.kind == "string"):
		out.kind, out.logical = "bytes", ""
	case k == row.String && n.kind == "bytes" && n.logical == "":
		out.kind = "string"
	case k == row.Int && n.logical != "" && (n.kind == "int" || n.kind == "long"):
		out.logical = "" // the number as it is stored
	default:
		return n
	}
	return &out
}
