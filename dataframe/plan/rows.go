package plan

import "github.com/riffle-stream/riffle/dataframe/row"

// FlatMap calls a Go function for each row; the rows it gives back take the row's place.
type FlatMap struct {
	Func func(row.Row) []row.Row
	Adds []row.Field // the columns that the function sets
}

// Text is the op as a cell writes it.
func (f *FlatMap) Text() string { return "flatmap(func(Row) []Row" + adds(f.Adds) + ")" }

// Schema has the added columns.
func (f *FlatMap) Schema(in []*row.Schema) (*row.Schema, error) { return in[0].With(f.Adds...), nil }

// Do calls a Go function for each row, for what it does outside; the row goes on as it is.
type Do struct{ Func func(row.Row) }

// Text is the op as a cell writes it.
func (d *Do) Text() string { return "do(func(Row))" }

// Schema is unchanged.
func (d *Do) Schema(in []*row.Schema) (*row.Schema, error) { return in[0], nil }
