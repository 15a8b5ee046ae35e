package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// ReadParquet reads a Parquet file: a column of values or of lists of values is
// a column; a column within a group is one of its path, such as engine.rpm.
// Left are the columns that are left out, since they hold lists of groups or maps.
// The error wraps [ErrTable], and [ErrLimit] if the file asks for too much.
func ReadParquet(content []byte) (b *row.Batch, left []string, err error) {
	return readParquet(content, newPages(content))
}

func readParquet(content []byte, over *pages) (b *row.Batch, left []string, err error) {
	defer func() { // the library panics at some that are malformed
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: not a Parquet file: %v", ErrTable, p)
		}
	}()
	f, stored, err := open(content)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: not a Parquet file: %w", ErrTable, err)
	}
	if n := f.NumRows(); n < 0 || n > MaxRows {
		return nil, nil, fmt.Errorf("%w: it has %d rows, want at most %d", ErrLimit, n, MaxRows)
	}
	if n := len(f.Schema().Columns()); n > codec.MaxColumns {
		return nil, nil, fmt.Errorf("%w: it has %d columns, want at most %d", ErrLimit, n, codec.MaxColumns)
	}
	b = &row.Batch{}
	var fields []row.Field
	for _, path := range f.Schema().Columns() {
		leaf, _ := f.Schema().Lookup(path...)
		name, list := columnName(path, leaf)
		if leaf.MaxRepetitionLevel > 1 || leaf.MaxRepetitionLevel == 1 && !list {
			left = append(left, strings.Join(path, "."))
			continue
		}
		c := &column{leaf: leaf, list: list, rows: int(f.NumRows()), convert: conversion(leaf.Node)}
		if err := c.read(f, stored, over); err != nil {
			return nil, nil, fmt.Errorf("%w: column %s: %w", ErrTable, name, err)
		}
		fields = append(fields, row.Field{Name: name, Kind: c.out.Kind})
		b.Cols = append(b.Cols, c.out)
	}
	b.Schema = row.NewSchema(fields...)
	return b, left, nil
}

// open opens a file with no pages; stored are its row groups as they lie in the content.
func open(content []byte) (f *parquet.File, stored []format.RowGroup, err error) {
	footer, err := footerOf(content)
	if err != nil {
		return nil, nil, err
	}
	empty, err := plain(footer)
	if err != nil {
		return nil, nil, err
	}
	var m format.FileMetaData
	if _, err := decoded(footer, &m); err != nil {
		return nil, nil, err
	}
	f, err = parquet.OpenFile(bytes.NewReader(empty), int64(len(empty)), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	return f, m.RowGroups, err
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
	items   []any // of the list at hand
	over    *pages
}

// read reads the column's values from all row groups.
func (c *column) read(f *parquet.File, stored []format.RowGroup, over *pages) error {
	kind := c.convert.kind
	if c.list {
		kind = row.List
	}
	c.out = row.MakeVec(kind, 0) // it grows with what is there, not with what the file says of itself
	c.at, c.over = -1, over
	for i, g := range f.RowGroups() {
		at := c.leaf.ColumnIndex
		plain, err := over.chunk(&stored[i].Columns[at].MetaData, c.leaf, f.NumRows())
		if err != nil {
			return err
		}
		m := &f.Metadata().RowGroups[i].Columns[at].MetaData
		m.DataPageOffset, m.DictionaryPageOffset, m.TotalCompressedSize = 0, 0, int64(len(plain))
		if err := c.chunk(g.ColumnChunks()[at].(*parquet.FileColumnChunk).PagesFrom(bytes.NewReader(plain))); err != nil {
			return err
		}
	}
	if c.at != c.rows-1 {
		return fmt.Errorf("it has %d rows, the file %d", c.at+1, c.rows)
	}
	return nil
}

func (c *column) chunk(pages parquet.Pages) error {
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
		c.items = nil
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
	x, err := c.converted(v)
	if err != nil {
		return err
	}
	return c.out.Set(c.at, x)
}

// converted is a value as ours. A text of a dictionary may come again and again, and each takes room.
func (c *column) converted(v parquet.Value) (any, error) {
	if k := v.Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
		if err := c.over.take(int64(len(v.ByteArray()))); err != nil {
			return nil, err
		}
	}
	return c.convert.value(v)
}

// item takes the next item of the list at hand. A list that is null has a lower
// level than an empty one, and that than one with an item.
func (c *column) item(v parquet.Value) error {
	full := c.leaf.MaxDefinitionLevel
	if c.leaf.Node.Optional() {
		full-- // the level of an item that is null
	}
	switch {
	case v.DefinitionLevel() >= full:
		var x any
		if !v.IsNull() {
			var err error
			if x, err = c.converted(v); err != nil {
				return err
			}
		}
		c.items = append(c.items, x)
		return c.out.Set(c.at, c.items)
	case v.DefinitionLevel() == full-1:
		return c.out.Set(c.at, []any{})
	}
	return nil
}
