package table

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// ReadParquet reads a Parquet file: a column of values or of lists of values is
// a column; a column within a group is one of its path, such as engine.rpm.
// Left are the columns that are left out, since they hold lists of groups or maps.
func ReadParquet(r io.ReaderAt, size int64) (b *row.Batch, left []string, err error) {
	defer func() { // the library panics at some that are malformed
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: not a Parquet file: %v", ErrTable, p)
		}
	}()
	f, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: not a Parquet file: %w", ErrTable, err)
	}
	if f.NumRows() > MaxRows {
		return nil, nil, fmt.Errorf("%w: more than %d rows", ErrTable, MaxRows)
	}
	b = &row.Batch{}
	var fields []row.Field
	if n := len(f.Schema().Columns()); n > maxColumns {
		return nil, nil, fmt.Errorf("%w: %d columns, want at most %d", ErrTable, n, maxColumns)
	}
	for _, path := range f.Schema().Columns() {
		leaf, _ := f.Schema().Lookup(path...)
		name, list := columnName(path, leaf)
		if leaf.MaxRepetitionLevel > 1 || leaf.MaxRepetitionLevel == 1 && !list {
			left = append(left, strings.Join(path, "."))
			continue
		}
		c := &column{leaf: leaf, list: list, rows: int(f.NumRows()), convert: conversion(leaf.Node)}
		if err := c.read(f); err != nil {
			return nil, nil, fmt.Errorf("%w: column %s: %w", ErrTable, name, err)
		}
		fields = append(fields, row.Field{Name: name, Kind: c.out.Kind})
		b.Cols = append(b.Cols, c.out)
	}
	b.Schema = row.NewSchema(fields...)
	return b, left, nil
}

// columnName is a column's path; list says that it is that of the values of one list.
func columnName(path []string, leaf parquet.LeafColumn) (name string, list bool) {
	if n := len(path); leaf.MaxRepetitionLevel == 1 {
		if n >= 3 && (path[n-2] == "list" || path[n-2] == "bag" || path[n-2] == "array") {
			return strings.Join(path[:n-2], "."), true
		}
		return strings.Join(path, "."), leaf.Node.Repeated()
	}
	return strings.Join(path, "."), false
}

// column is one that is read.
type column struct {
	leaf    parquet.LeafColumn
	list    bool
	rows    int
	convert converter
	out     row.Vec
	at      int
}

// read reads the column's values from all row groups.
func (c *column) read(f *parquet.File) error {
	kind := c.convert.kind
	if c.list {
		kind = row.List
	}
	c.out = row.MakeVec(kind, 0) // it grows with what is there, not with what the file says of itself
	c.at = -1
	for _, g := range f.RowGroups() {
		if err := c.chunk(g.ColumnChunks()[c.leaf.ColumnIndex]); err != nil {
			return err
		}
	}
	if c.at != c.rows-1 {
		return fmt.Errorf("it has %d rows, the file %d", c.at+1, c.rows)
	}
	return nil
}

func (c *column) chunk(chunk parquet.ColumnChunk) error {
	pages := chunk.Pages()
	defer pages.Close()
	values := make([]parquet.Value, 512)
	for {
		page, err := pages.ReadPage()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for reader := page.Values(); ; {
			n, err := reader.ReadValues(values)
			for _, v := range values[:n] {
				if err := c.value(v); err != nil {
					return err
				}
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
		}
		parquet.Release(page)
	}
}

// value takes the next value, or what says that there is none.
func (c *column) value(v parquet.Value) error {
	if v.RepetitionLevel() == 0 {
		if c.at++; c.at >= c.rows {
			return fmt.Errorf("more than %d rows", c.rows)
		}
		if err := c.out.Append(nil); err != nil {
			return err
		}
	}
	if c.at < 0 {
		return errors.New("a list goes on that did not begin")
	}
	if c.list {
		return c.item(v)
	}
	if v.IsNull() {
		return nil
	}
	x, err := c.convert.value(v)
	if err != nil {
		return err
	}
	return c.out.Set(c.at, x)
}

// item takes the next item of the list at hand. A list that is null has a lower
// level than an empty one, and that than one with an item.
func (c *column) item(v parquet.Value) error {
	list, _ := c.out.Value(c.at).([]any)
	full := c.leaf.MaxDefinitionLevel
	if c.leaf.Node.Optional() {
		full-- // the level of an item that is null
	}
	switch {
	case v.DefinitionLevel() >= full:
		var x any
		if !v.IsNull() {
			var err error
			if x, err = c.convert.value(v); err != nil {
				return err
			}
		}
		return c.out.Set(c.at, append(slices.Clip(list), x))
	case v.DefinitionLevel() == full-1:
		return c.out.Set(c.at, []any{})
	}
	return nil
}
