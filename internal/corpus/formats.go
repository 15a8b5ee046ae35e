package corpus

import (
	"bytes"
	"fmt"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/avro"
	"github.com/riffle-stream/riffle/codec/protobuf"
	"github.com/riffle-stream/riffle/codec/table"
	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Cars as they are written first and later: a field has another name, one is wider, one has gone, and one is new.
const (
	firstAvro = `{"type":"record","name":"Car","fields":[{"name":"car","type":"string"},{"name":"velocity","type":["null","double"]},{"name":"gear","type":"int"},
		{"name":"old","type":"string","default":"o"},{"name":"lap","type":"long"},{"name":"ts","type":"long"}]}`
	laterAvro = `{"type":"record","name":"Car","fields":[{"name":"ts","type":"long"},{"name":"car","type":"string"},{"name":"gear","type":"long"},
		{"name":"speed","type":["null","double"],"aliases":["velocity"]},{"name":"lap","type":"long"},{"name":"tyre","type":"string","default":"soft"}]}`
	firstProto = `syntax = "proto2"; message Car { optional string car = 1; optional double velocity = 2; optional int32 gear = 3; optional string old = 4; optional int64 lap = 5; optional int64 ts = 6; }`
	laterProto = `syntax = "proto2"; message Car { optional int64 ts = 6; optional string tyre = 7 [default = "soft"]; optional string car = 1; optional double speed = 2; optional int64 gear = 3; optional int64 lap = 5; }`
)

// Formats are what the topics of the corpus are read and written by, with a registry of all schemas.
func Formats() codec.Formats {
	return codec.Formats{Known: []codec.Format{avro.Format(), protobuf.Format()}, Schemas: codec.Stored{
		1: {ID: 1, Type: "AVRO", Text: firstAvro}, 2: {ID: 2, Type: "AVRO", Text: laterAvro},
		3: {ID: 3, Type: "PROTOBUF", Text: firstProto}, 4: {ID: 4, Type: "PROTOBUF", Text: laterProto},
	}}
}

// kinds are those of the cars that come later; the first have no tyre.
var kinds = row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "lap", Kind: row.Int}, row.Field{Name: "speed", Kind: row.Float},
	row.Field{Name: "gear", Kind: row.Int}, row.Field{Name: "ts", Kind: row.Int}, row.Field{Name: "tyre", Kind: row.String})

// formatted are one pipeline over cars in every format; all of them must give the same rows.
func formatted() (out []Case) {
	for _, c := range []struct {
		name   string
		format df.Format
		write  func(*row.Batch) ([][]byte, error)
	}{
		{"format_json", df.JSON(), func(b *row.Batch) ([][]byte, error) { return encoded(b, codec.JSON(), nil) }},
		{"format_csv", df.CSV("gear", "car", "tyre", "lap", "ts", "speed").Separated(";"), func(b *row.Batch) ([][]byte, error) {
			return encoded(b, codec.Separated(';', "gear", "car", "tyre", "lap", "ts", "speed"), nil)
		}},
		{"format_avro", df.Avro(), evolving("avro-plain(%s)", firstAvro, laterAvro, []byte{0, 0, 0, 0, 1}, []byte{0, 0, 0, 0, 2})},
		{"format_protobuf", df.Protobuf(), evolving("protobuf-plain(%s)", firstProto, laterProto, []byte{0, 0, 0, 0, 3, 0}, []byte{0, 0, 0, 0, 4, 0})},
		{"format_parquet", df.Format(codec.Rows(kinds).Name()), parquet},
	} {
		out = append(out, Case{Name: c.name, Written: func(recs []row.Record) ([]row.Record, error) { return written(recs, c.write) }, Build: func() []df.Frame {
			cars := df.Topic("cars", c.format, df.Time("ts"), df.Fields("car string", "gear int")).With("kmh = speed * 3.6").Where("gear != 4")
			return []df.Frame{
				cars.Select("car", "lap", "kmh", "tyre", "gear", "at = ts").To("rows"),
				cars.GroupBy("car", "tyre").Tumbling("10s").Grace("3s").Agg("n = count()", "mean(kmh)", "max(gear)", "last(lap)").To("out"),
			}
		}})
	}
	return out
}

// written are the cars of records of JSON in another format: half of them by the first schema, and the others by the later.
func written(recs []row.Record, write func(*row.Batch) ([][]byte, error)) ([]row.Record, error) {
	var out []row.Record
	for i, r := range recs {
		if r.Topic != "cars" {
			continue
		}
		tyre := "soft"
		if i > len(recs)/2 {
			tyre = "hard"
		}
		r.Value = fmt.Appendf(bytes.Clone(r.Value[:len(r.Value)-1]), `,"tyre":%q}`, tyre)
		out = append(out, r)
	}
	var b row.Batch
	if bad := codec.JSON().Decoder(kinds, codec.Options{}).Decode(out, &b); len(bad) > 0 {
		return nil, bad[0].Err
	}
	values, err := write(&b)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Value = values[i]
	}
	return out, nil
}

// encoded are the rows of a batch, each behind a head.
func encoded(b *row.Batch, c codec.Codec, head []byte) (out [][]byte, err error) {
	e := c.Encoder(b.Schema, codec.Options{})
	for i := range b.Origin {
		value, err := e.Append(bytes.Clone(head), b, i)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

// evolving writes rows with soft tyres by a schema that does not have them, and the others by one that does.
func evolving(name, first, later string, firstHead, laterHead []byte) func(*row.Batch) ([][]byte, error) {
	return func(b *row.Batch) ([][]byte, error) {
		before, err := Formats().Parse(fmt.Sprintf(name, first))
		if err != nil {
			return nil, err
		}
		after, err := Formats().Parse(fmt.Sprintf(name, later))
		if err != nil {
			return nil, err
		}
		old := *b
		old.Schema = row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "lap", Kind: row.Int}, row.Field{Name: "velocity", Kind: row.Float},
			row.Field{Name: "gear", Kind: row.Int}, row.Field{Name: "ts", Kind: row.Int})
		old.Cols = b.Cols[:old.Schema.Len()]
		out, err := encoded(&old, before, firstHead)
		if err != nil {
			return nil, err
		}
		tyred, err := encoded(b, after, laterHead)
		for i := range out {
			if err == nil && b.Col("tyre").Strs[i] != "soft" {
				out[i] = tyred[i]
			}
		}
		return out, err
	}
}

// parquet are rows that went through a file of Parquet, as a notebook holds them.
func parquet(b *row.Batch) ([][]byte, error) {
	var file bytes.Buffer
	b.Time = make([]int64, len(b.Origin))
	if err := table.Write(&file, "cars.parquet", b, ""); err != nil {
		return nil, err
	}
	back, left, err := table.ReadParquet(file.Bytes())
	if err != nil || left != nil {
		return nil, fmt.Errorf("left out %v: %w", left, err)
	}
	out := make([][]byte, back.Cols[0].Len())
	for i := range out {
		out[i] = row.AppendRow(nil, back, i)
	}
	return out, nil
}
