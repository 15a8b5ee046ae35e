package row

// Batch is a run of rows of one source, in order, under one schema.
//
// Beside the columns each row carries its event time, its mark and its place:
// the mark is the watermark of the source when the row was given, so that what
// is late depends on the row alone and not on where a batch was cut; mark,
// source and place together order the rows of several sources the same way
// whatever the interleaving.
type Batch struct {
	Schema *Schema
	Cols   []Vec
	Source int     // which source of the task gave the rows
	Time   []int64 // event time, µs since 1970
	Mark   []int64 // µs since 1970, never falling within a source
	Seq    []int64 // place within the source, rising
	Key    Vec     // String: the key of the stream that each row belongs to
	// Origin is the record that each row was decoded from, by its place in
	// Records; -1 for a row that an operator made, and nil if all are.
	Origin  []int32
	Records []Record
}

// Len is the number of rows.
func (b *Batch) Len() int { return len(b.Time) }

// Col is the column of that name, or nil.
func (b *Batch) Col(name string) *Vec {
	if i := b.Schema.Index(name); i >= 0 {
		return &b.Cols[i]
	}
	return nil
}

// Record is the record that row i was decoded from, or nil.
func (b *Batch) Record(i int) *Record {
	if b.Origin == nil || b.Origin[i] < 0 {
		return nil
	}
	return &b.Records[b.Origin[i]]
}

// Gather is a batch of the rows named by sel, in that order; the records are shared.
func (b *Batch) Gather(sel []int32) *Batch {
	out := &Batch{Schema: b.Schema, Source: b.Source, Records: b.Records}
	out.Cols = make([]Vec, len(b.Cols))
	for i := range b.Cols {
		out.Cols[i] = b.Cols[i].Gather(sel)
	}
	out.Time, out.Mark = pick(b.Time, sel), pick(b.Mark, sel)
	out.Key = b.Key.Gather(sel)
	if b.Seq != nil { // rows of a table have none
		out.Seq = pick(b.Seq, sel)
	}
	if b.Origin != nil {
		out.Origin = pick(b.Origin, sel)
	}
	return out
}

func pick[T any](src []T, sel []int32) []T {
	dst := make([]T, len(sel))
	gather(dst, src, sel)
	return dst
}

// WithCols is the same rows under another schema; everything beside the columns is shared.
func (b *Batch) WithCols(schema *Schema, cols []Vec) *Batch {
	out := *b
	out.Schema, out.Cols = schema, cols
	return &out
}
