package codec

import "github.com/riffle-stream/riffle/dataframe/row"

// Columns are the vectors that a decoder of another package fills again and again, row by row.
type Columns struct {
	columns
	unit places // of times that stand as numbers
}

// NewColumns are the columns of a schema.
func NewColumns(s *row.Schema, o Options) *Columns {
	return &Columns{newColumns(s, o), placesOf(o.TimeUnit)}
}

// Start makes room for n rows.
func (c *Columns) Start(n int) { c.start(n) }

// Keep makes the filled row, of the record at index, part of the batch.
func (c *Columns) Keep(index int) { c.keep(index) }

// Finish hands the rows over.
func (c *Columns) Finish(recs []row.Record, b *row.Batch) { c.finish(recs, b) }

// Null makes the value of column i null in the row being filled.
func (c *Columns) Null(i int) { c.null(i) }

// Set says that column i has a value in the row being filled, and gives its vector and the row's place in it.
func (c *Columns) Set(i int) (*row.Vec, int) { return c.set(i), c.at }

// Timeless gives the error for a filled row that has no event time.
func (c *Columns) Timeless() error { return c.timeless() }

// columns are the vectors that a decoder fills again and again, row by row.
type columns struct {
	schema *row.Schema
	vecs   []row.Vec
	valid  [][]byte // memory for the vectors' Valid
	origin []int32
	at     int // the row that is being filled
	time   int // the column that may not be null, or -1
}

func newColumns(s *row.Schema, o Options) columns {
	c := columns{schema: s, time: s.Index(o.TimeColumn), vecs: make([]row.Vec, s.Len()), valid: make([][]byte, s.Len())}
	for i := range c.vecs {
		c.vecs[i].Kind = s.At(i).Kind
	}
	return c
}

// start makes room for n rows.
func (c *columns) start(n int) {
	c.at = 0
	c.origin = c.origin[:0]
	for i := range c.vecs {
		c.vecs[i].Resize(n)
	}
}

// keep makes the filled row, of the record at index, part of the batch.
func (c *columns) keep(index int) {
	c.origin = append(c.origin, int32(index))
	c.at++
}

// timeless gives the error for a row that has no event time.
func (c *columns) timeless() error {
	if c.time < 0 || !c.vecs[c.time].IsNull(c.at) {
		return nil
	}
	return &kindError{c.schema.At(c.time).Name, "null", "the row's time"}
}

// finish hands the rows over.
func (c *columns) finish(recs []row.Record, b *row.Batch) {
	b.Schema, b.Records, b.Origin = c.schema, recs, c.origin
	b.Cols = b.Cols[:0]
	for i := range c.vecs {
		b.Cols = append(b.Cols, c.vecs[i].Head(c.at))
	}
}

// null makes the value of column i null in the row being filled.
func (c *columns) null(i int) {
	v := &c.vecs[i]
	if v.Valid == nil {
		v.Valid = c.ones(i, v.Len())
	}
	v.SetNull(c.at)
}

func (c *columns) ones(i, n int) []byte {
	if cap(c.valid[i]) < n {
		c.valid[i] = make([]byte, n, n+n/4)
	}
	b := c.valid[i][:n]
	for j := range b {
		b[j] = 1
	}
	return b
}

// set says that column i has a value in the row being filled, and gives its vector.
func (c *columns) set(i int) *row.Vec {
	v := &c.vecs[i]
	if v.Valid != nil {
		v.Valid[c.at] = 1
	}
	return v
}
