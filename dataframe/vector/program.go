package vector

import "github.com/riffle-stream/riffle/dataframe/row"

// Program computes a function for batches of one schema. It keeps buffers, so
// it serves one task and is not safe for concurrent use.
type Program struct {
	steps   []*step // in order
	outputs []output
	faults  []byte
}

// output is a column that the program gives.
type output struct {
	value  *step
	null   *step // where it is null; nil: nowhere
	copies bool  // others read the value
	out    row.Vec
}

// Eval computes every row of the batch.
func (p *Program) Eval(b *row.Batch) {
	p.faults = p.faults[:0]
	for _, s := range p.steps {
		s.eval(b)
	}
}

// Faults has a 1 for each row of the last batch for which the function must be
// called instead; it is empty if there is none.
func (p *Program) Faults() []byte { return p.faults }

// fault notes row i of n.
func (p *Program) fault(i, n int) {
	if len(p.faults) == 0 {
		if cap(p.faults) < n {
			p.faults = make([]byte, n, n+n/4)
		}
		p.faults = p.faults[:n]
		clear(p.faults)
	}
	p.faults[i] = 1
}

// Column is output k over n rows: what the function gives, or the column of
// the k-th field that it may set. The caller may change it; it holds until the
// next Eval.
func (p *Program) Column(k, n int) row.Vec {
	o := &p.outputs[k]
	v := o.value.vec.Head(n)
	v.Valid = nil
	if o.copies {
		v = o.copied(v, n)
	}
	if o.null != nil {
		for i, null := range o.null.vec.Bools[:n] {
			if null != 0 {
				v.SetNull(i)
			}
		}
	}
	return v
}

// copied is a column that the output owns.
func (o *output) copied(v row.Vec, n int) row.Vec {
	o.out.Kind = v.Kind
	o.out.Resize(n)
	copy(o.out.Bools, v.Bools)
	copy(o.out.Ints, v.Ints)
	copy(o.out.Floats, v.Floats)
	copy(o.out.Strs, v.Strs)
	return o.out
}
