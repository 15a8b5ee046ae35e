package codec_test

import (
	"fmt"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

func ExampleInfer() {
	schema, report := codec.Infer(codec.JSON(), []row.Record{
		{Value: []byte(`{"car":"44","speed":287.4,"engine":{"rpm":11234}}`)},
		{Value: []byte(`{"car":"16","speed":290,"engine":{"rpm":null}}`)},
		{Offset: 2, Value: []byte(`{"car":"1"`)},
	})
	fmt.Println(schema)
	fmt.Println(report.Bad, report.First)
	// Output:
	// car string, speed float, engine.rpm int
	// 1 0@2: malformed JSON at byte 10: it ends, want ',' or '}'
}

func ExampleSplicer() {
	schema := row.NewSchema(row.Field{Name: "speed", Kind: row.Float})
	decoder := codec.JSON().Decoder(schema, codec.Options{})
	var b row.Batch
	decoder.Decode([]row.Record{{Value: []byte(`{"car": "44", "speed": 80, "note": "as \u0069t came"}`)}}, &b)
	b.Cols[0].Floats[0] *= 3.6
	out, err := codec.Splicer(schema, []string{"speed"}, nil, codec.Options{}).Append(nil, &b, 0)
	fmt.Println(string(out), err)
	// Output: {"car": "44", "note": "as \u0069t came","speed":288} <nil>
}
