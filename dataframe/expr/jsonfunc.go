package expr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func jsonFunctions() []function {
	return []function{
		{name: "json", params: "s", doc: "the value of a JSON text; null if it is not one", example: "json(payload)", forms: []overload{
			{in: oneStr, out: row.Any, kernel: try1(readJSON)}}},
		{name: "to_json", params: "x", doc: "the JSON text of a value", example: "to_json(tags)", forms: []overload{
			{in: []row.Kind{each}, out: row.String, kernel: valueText(jsonText)}}},
	}
}

// valueText writes every value by a function.
func valueText(f func(any) string) kernel {
	return func(s *step, n int) {
		a := s.args[0]
		for i := range s.own.Strs {
			at := i
			if a.one {
				at = 0
			}
			s.own.Strs[i] = f(a.vec.Value(at))
		}
	}
}

// maxJSONDepth bounds how deep json nests.
const maxJSONDepth = 100

// readJSON reads one value, objects in their order, whole numbers as ints.
func readJSON(s string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, false
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, false
	}
	return v, v != nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil || depth > maxJSONDepth {
		return nil, errors.Join(err, fmt.Errorf("nests %d deep", depth))
	}
	switch x := t.(type) {
	case json.Delim:
		if x == '[' {
			return readList(d, depth)
		}
		return readObject(d, depth)
	case json.Number:
		if i, err := x.Int64(); err == nil {
			return i, nil
		}
		return x.Float64()
	}
	return t, nil
}

func readList(d *json.Decoder, depth int) (any, error) {
	l := []any{}
	for d.More() {
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	_, err := d.Token()
	return l, err
}

func readObject(d *json.Decoder, depth int) (any, error) {
	o := row.Object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		o = append(o, row.Member{Name: fmt.Sprint(name), Value: v})
	}
	_, err := d.Token()
	return o, err
}

// jsonText writes a value as JSON; NaN and infinities, which JSON lacks, as null.
func jsonText(v any) string {
	var b bytes.Buffer
	writeJSON(&b, v)
	return b.String()
}

func writeJSON(b *bytes.Buffer, v any) {
	switch x := v.(type) {
	case []any:
		b.WriteByte('[')
		for i, e := range x {
			comma(b, i)
			writeJSON(b, e)
		}
		b.WriteByte(']')
	case row.Object:
		b.WriteByte('{')
		for i, m := range x {
			comma(b, i)
			writeJSON(b, m.Name)
			b.WriteByte(':')
			writeJSON(b, m.Value)
		}
		b.WriteByte('}')
	case time.Time, time.Duration, []byte:
		writeJSON(b, textOf(x))
	default:
		text, err := json.Marshal(v)
		if err != nil {
			text = []byte("null")
		}
		b.Write(text)
	}
}

func comma(b *bytes.Buffer, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}
