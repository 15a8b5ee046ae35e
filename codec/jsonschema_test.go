package codec

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func TestJSONSchemaFrames(t *testing.T) {
	c, err := Parse("json-schema")
	if err != nil {
		t.Fatal(err)
	}
	recs := []row.Record{{Value: []byte("\x00\x00\x00\x00\x05{\"car\":\"44\",\"n\":1}")}, {Value: []byte(`{"car":"7"}`)}, {}}
	_, schema, report, err := Learn(c, recs, nil)
	if err != nil || report.Rows != 1 || report.Bad != 2 || schema.String() != "car string, n int" {
		t.Fatalf("got %v, %v, %+v", schema, err, report)
	}
	var b row.Batch
	bad := c.Decoder(schema, Options{}).Decode(recs, &b)
	if len(bad) != 2 || !errors.Is(bad[0].Err, ErrFrame) || !errors.Is(bad[1].Err, ErrNoValue) || &b.Records[0].Value[0] != &recs[0].Value[0] {
		t.Errorf("bad rows are %v", bad)
	}
	got, err := c.Encoder(schema, Options{Schemas: Stored{}}).Append(nil, &b, 0)
	if want := "\x00\x00\x00\x00\x00{\"car\":\"44\",\"n\":1}"; err != nil || string(got) != want {
		t.Errorf("written as %q, %v", got, err)
	}
	if diff := cmp.Diff(`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"car":{"type":["string","null"]},"n":{"type":["integer","null"]}}}`, jsonSchemaOf(schema, Options{})); diff != "" {
		t.Error(diff)
	}
}
