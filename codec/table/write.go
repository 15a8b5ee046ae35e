package table

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Write writes rows in the form that a file's name ends in: .csv with a header,
// .jsonl or .ndjson, or .parquet. The unit is that of times, as package codec has it.
func Write(w io.Writer, name string, b *row.Batch, unit string) error {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv", ".tsv":
		return writeCSV(w, ext == ".tsv", b, unit)
	case ".jsonl", ".ndjson":
		return writeLines(w, codec.JSON().Encoder(b.Schema, codec.Options{TimeUnit: unit}), b)
	case ".parquet":
		return writeParquet(w, b)
	default:
		return fmt.Errorf("file %q ends in %q, want .csv, .tsv, .jsonl or .parquet", name, ext)
	}
}

func writeCSV(w io.Writer, tabs bool, b *row.Batch, unit string) error {
	comma := byte(',')
	if tabs {
		comma = '\t'
	}
	names := b.Schema.Names()
	header := row.Batch{}
	var fields []row.Field
	for i, n := range names {
		fields = append(fields, row.Field{Name: fmt.Sprint(i), Kind: row.String})
		header.Cols = append(header.Cols, row.MakeVec(row.String, 1))
		header.Cols[i].Strs[0] = n
	}
	header.Schema = row.NewSchema(fields...)
	header.Time = make([]int64, 1)
	if err := writeLines(w, codec.Separated(comma, header.Schema.Names()...).Encoder(header.Schema, codec.Options{}), &header); err != nil {
		return err
	}
	return writeLines(w, codec.Separated(comma, names...).Encoder(b.Schema, codec.Options{TimeUnit: unit}), b)
}

func writeLines(w io.Writer, e codec.Encoder, b *row.Batch) error {
	out := bufio.NewWriter(w)
	var line []byte
	for i := range b.Len() {
		var err error
		if line, err = e.Append(line[:0], b, i); err != nil {
			return err
		}
		out.Write(append(line, '\n')) // a failure stays and comes back from Flush
	}
	return out.Flush()
}

// writeParquet writes a column for each, all of which may be null. Times are
// timestamps in µs, durations whole numbers of µs, and lists, structs and
// values of any kind JSON.
func writeParquet(w io.Writer, b *row.Batch) error {
	var fields []reflect.StructField
	for i, f := range b.Schema.Fields() {
		if strings.ContainsAny(f.Name, ",\"`") {
			return fmt.Errorf("column %q has a character that a Parquet file of ours does not: rename it", f.Name)
		}
		kind, tag := parquetType(f.Kind)
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", f.Name+",optional,zstd"+tag))})
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	out := parquet.NewWriter(w, schema)
	rows := make([]parquet.Row, 1)
	for i := range b.Len() {
		rows[0] = rows[0][:0]
		for c := range b.Cols {
			v, err := parquetValue(&b.Cols[c], i)
			if err != nil {
				return fmt.Errorf("column %q: %w", b.Schema.At(c).Name, err)
			}
			level := 1
			if v.IsNull() {
				level = 0
			}
			rows[0] = append(rows[0], v.Level(0, level, c))
		}
		if _, err := out.WriteRows(rows); err != nil {
			return fmt.Errorf("parquet: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("parquet: %w", err)
	}
	return nil
}

func parquetType(k row.Kind) (t reflect.Type, tag string) {
	switch k {
	case row.Bool:
		return reflect.TypeFor[bool](), ""
	case row.Int, row.Duration:
		return reflect.TypeFor[int64](), ""
	case row.Time:
		return reflect.TypeFor[int64](), ",timestamp(microsecond)"
	case row.Float:
		return reflect.TypeFor[float64](), ""
	case row.Bytes:
		return reflect.TypeFor[[]byte](), ""
	}
	return reflect.TypeFor[string](), ""
}

func parquetValue(v *row.Vec, i int) (parquet.Value, error) {
	if v.Kind == row.Null || v.IsNull(i) {
		return parquet.NullValue(), nil
	}
	switch v.Kind {
	case row.Bool:
		return parquet.BooleanValue(v.Bools[i] != 0), nil
	case row.Int, row.Duration, row.Time:
		return parquet.Int64Value(v.Ints[i]), nil
	case row.Float:
		return parquet.DoubleValue(v.Floats[i]), nil
	case row.String, row.Bytes:
		return parquet.ByteArrayValue([]byte(v.Strs[i])), nil
	}
	text, err := codec.Text(v.Value(i))
	return parquet.ByteArrayValue([]byte(text)), err
}
