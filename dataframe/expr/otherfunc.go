package expr

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func join(list any, sep string) string {
	l, _ := list.([]any)
	texts := make([]string, len(l))
	for i, v := range l {
		texts[i] = textOf(v)
	}
	return strings.Join(texts, sep)
}

func otherFunctions() []function {
	f := row.Float
	return []function{
		{name: "json", params: "s", doc: "the value of a JSON text; null if it is not one", example: "json(payload)", forms: []overload{
			{in: oneStr, out: row.Any, kernel: try1(readJSON)}}},
		{name: "to_json", params: "x", doc: "the JSON text of a value", example: "to_json(tags)", forms: []overload{
			{in: []row.Kind{each}, out: row.String, kernel: valueText(jsonText)}}},
		{name: "hash", params: "a", doc: "a number that depends on the values and their kinds alone (FNV-1a, 64 bits)", example: "hash(car, lap) % 10", forms: []overload{
			{in: []row.Kind{each}, rest: true, out: row.Int, kernel: hashes}}},
		{name: "uuid", params: "", doc: "a UUID that depends on the place of the row's record alone: topic, partition, offset", example: "uuid()", forms: []overload{{out: row.String}}},
		{name: "haversine", params: "lat1, lon1, lat2, lon2", doc: "the distance in metres between two places in degrees, on a sphere", example: "haversine(lat, lon, 45.6156, 9.2811)", forms: []overload{
			{in: []row.Kind{f, f, f, f}, out: f, kernel: haversines}}},
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

func hashes(s *step, n int) {
	h := fnv.New64a()
	var buf []byte
	for i := range s.own.Ints {
		h.Reset()
		for _, a := range s.args {
			at := i
			if a.one {
				at = 0
			}
			buf = appendValue(buf[:0], a.vec.Value(at))
			h.Write(buf) // never fails
		}
		s.own.Ints[i] = int64(h.Sum64())
	}
}

// appendValue encodes a value so that different values differ.
func appendValue(buf []byte, v any) []byte {
	buf = append(buf, byte(row.KindOf(v)))
	switch x := v.(type) {
	case int64:
		return binary.BigEndian.AppendUint64(buf, uint64(x))
	case float64:
		return binary.BigEndian.AppendUint64(buf, math.Float64bits(x))
	}
	text := textOf(v)
	buf = binary.AppendUvarint(buf, uint64(len(text)))
	return append(buf, text...)
}

// uuids derives a UUID (version 5) from where each row comes from, so that a
// replay gives the same; a made row has its source, place and time instead.
func uuids(s *step, b *row.Batch, n int) {
	for i := range n {
		place := fmt.Sprintf("row %d %d %d", b.Source, at(b.Seq, i), b.Time[i])
		if r := b.Record(i); r != nil {
			place = fmt.Sprintf("%s %d %d", r.Topic, r.Partition, r.Offset)
		}
		u := sha1.Sum([]byte("riffle " + place))
		u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
		s.own.Strs[i] = fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
	}
}

func at(seq []int64, i int) int64 {
	if i < len(seq) {
		return seq[i]
	}
	return int64(i)
}

// earthRadius is the mean radius of the earth in metres (IUGG).
const earthRadius = 6_371_008.8

func haversines(s *step, n int) {
	lat1, m1 := arg[float64](s, 0)
	lon1, m2 := arg[float64](s, 1)
	lat2, m3 := arg[float64](s, 2)
	lon2, m4 := arg[float64](s, 3)
	for i := range s.own.Floats {
		s.own.Floats[i] = haversine(lat1[i&m1], lon1[i&m2], lat2[i&m3], lon2[i&m4])
	}
}

// haversine is the great-circle distance in metres (R. W. Sinnott, 1984).
func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dLat, dLon := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := float64(dLat*dLat) + float64(float64(math.Cos(lat1*rad)*math.Cos(lat2*rad))*float64(dLon*dLon))
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
