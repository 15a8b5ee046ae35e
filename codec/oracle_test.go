package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// The oracle is encoding/json. It is laxer in three ways that are checked
// apart: it takes invalid UTF-8 and half surrogate pairs, and deeper nesting.

var escapedUnit = regexp.MustCompile(`\\(u[0-9a-fA-F]{4}|.)`)

// halfPair says whether JSON text has an escape that is half a surrogate pair.
func halfPair(doc []byte) bool {
	high := -1 // where a low half must begin
	for _, m := range escapedUnit.FindAllIndex(doc, -1) {
		esc := string(doc[m[0]:m[1]])
		n := uint64(0)
		if len(esc) == 6 {
			n, _ = strconv.ParseUint(esc[2:], 16, 32)
		}
		isLow := n >= 0xdc00 && n < 0xe000
		if isLow != (high == m[0]) || high >= 0 && high != m[0] {
			return true
		}
		high = -1
		if n >= 0xd800 && n < 0xdc00 {
			high = m[1]
		}
	}
	return high >= 0
}

func nesting(doc []byte) (deepest int) {
	depth := 0
	for d := json.NewDecoder(bytes.NewReader(doc)); ; {
		tok, err := d.Token()
		if err != nil {
			return deepest
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
			deepest = max(deepest, depth)
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

// acceptable is the oracle's word on whether a record decodes.
func acceptable(doc []byte) bool {
	trimmed := bytes.TrimLeft(doc, " \t\r\n")
	return json.Valid(doc) && bytes.HasPrefix(trimmed, []byte("{")) && utf8.Valid(doc) && !halfPair(doc) && nesting(doc) <= 64
}

// object is the document as encoding/json reads it, numbers as they stand.
func object(doc []byte) map[string]any {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		panic(err)
	}
	return m
}

// same brings both sides' values to one form: numbers as float64 text, objects as maps.
func same(v any) any {
	switch x := v.(type) {
	case json.Number:
		if i, err := strconv.ParseInt(string(x), 10, 64); err == nil {
			return i
		}
		if !strings.ContainsAny(string(x), ".eE") {
			return string(x)
		}
		f, err := strconv.ParseFloat(string(x), 64)
		if err != nil {
			return err.Error()
		}
		return f
	case map[string]any:
		out := map[string]any{}
		for k, e := range x {
			out[k] = same(e)
		}
		return out
	case row.Object:
		out := map[string]any{}
		for _, m := range x {
			out[m.Name] = same(m.Value)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = same(x[i])
		}
		return out
	}
	return v
}

// beyondFloat says whether a value holds a number that no float64 does.
func beyondFloat(v any) bool { return strings.Contains(fmt.Sprint(same(v)), "value out of range") }

// anyBeyondFloat is beyondFloat for every value of a document, also those that duplicates hide.
func anyBeyondFloat(doc []byte) bool {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	for {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		if beyondFloat(tok) {
			return true
		}
	}
}

// lookup is what a path means: the exact name, else the longest beginning that holds an object with the rest.
func lookup(m map[string]any, path string) (v any, walled bool) {
	if v, ok := m[path]; ok {
		return v, false
	}
	v, found, walled := lookupIn(m, path)
	return v, !found && walled
}

func lookupIn(m map[string]any, path string) (v any, found, walled bool) {
	if v, ok := m[path]; ok {
		return v, true, false
	}
	for cut := len(path) - 1; cut >= 0; cut-- {
		if path[cut] != '.' {
			continue
		}
		switch in := m[path[:cut]].(type) {
		case nil:
		case map[string]any:
			v, found, wall := lookupIn(in, path[cut+1:])
			if found {
				return v, true, false
			}
			walled = walled || wall
		default:
			walled = true
		}
	}
	return nil, false, walled
}

var oracleColumns = []string{"a", "b", "a.b", "a.b.c", "b.a", "é", "x\"y"}

// checkDecode compares decoders of any columns with the oracle on one record.
func checkDecode(t *testing.T, doc []byte) {
	t.Helper()
	checkColumns(t, doc, oracleColumns)
	checkColumns(t, doc, []string{"a.b", "b.a"})
	checkColumns(t, doc, []string{"a.b.c"})
}

// checkColumns decodes twice: the second time the decoder knows the names.
func checkColumns(t *testing.T, doc []byte, columns []string) {
	t.Helper()
	fields := make([]row.Field, len(columns))
	for i, n := range columns {
		fields[i] = row.Field{Name: n, Kind: row.Any}
	}
	d := JSON().Decoder(row.NewSchema(fields...), Options{})
	var b row.Batch
	for range 2 {
		bad := d.Decode([]row.Record{{Value: doc}, {Value: doc}}, &b)
		for _, w := range bad {
			if w.Field == "" && acceptable(doc) {
				t.Fatalf("%q: refused with %v, but encoding/json reads it", doc, w.Err)
			}
		}
		if len(bad) == 0 && !acceptable(doc) {
			t.Fatalf("%q: read, but it is not an acceptable object", doc)
		}
		if !acceptable(doc) {
			return
		}
		m := object(doc)
		wantBad := false
		for _, n := range columns {
			v, walled := lookup(m, n)
			wantBad = wantBad || walled || beyondFloat(v)
		}
		if !wantBad && len(bad) > 0 && errors.Is(bad[0].Err, jsontext.ErrRange) && anyBeyondFloat(doc) {
			return // in a member that a later one of its name replaces
		}
		if wantBad != (len(bad) > 0) {
			t.Fatalf("%q: bad rows %v, want some: %v", doc, bad, wantBad)
		}
		for c, n := range columns {
			for i := range b.Origin {
				want, _ := lookup(m, n)
				if diff := cmp.Diff(same(want), same(b.Cols[c].Value(i))); diff != "" {
					t.Fatalf("%q: column %s (-want +got):\n%s", doc, n, diff)
				}
			}
		}
	}
}

var oddDocuments = []string{
	`{}`, ` { } `, `[]`, `null`, `1`, `"a"`, ``, ` `, `{`, `}`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{"a":1}}`, `{"a":1} x`, `{"a" 1}`, `{a:1}`, `{'a':1}`,
	`{"a":01}`, `{"a":-}`, `{"a":-0}`, `{"a":1.}`, `{"a":.5}`, `{"a":1e}`, `{"a":1e+}`, `{"a":+1}`, `{"a":1e5}`, `{"a":1E-5}`, `{"a":0x1}`, `{"a":1e400}`, `{"z":1e400}`, `{"a":[1e400]}`, `{"a":1e-400}`,
	`{"a":9223372036854775807}`, `{"a":9223372036854775808}`, `{"a":-9223372036854775808}`, `{"a":-9223372036854775809}`, `{"a":18446744073709551616}`, `{"a":9007199254740993.0}`,
	`{"a":0.1234567890123456789012345678901234567890}`, `{"a":00}`, `{"a":tru}`, `{"a":truee}`, `{"a":nul}`, `{"z":nulL}`, `{"a":True}`, `{"a":NaN}`,
	`{"a":"\u00e9\n\t\"\\\/\b\f\r"}`, `{"a":"\ud83d\ude00"}`, `{"a":"\ud83d"}`, `{"z":"\ude00"}`, `{"a":"\ud83dx"}`, `{"a":"\ud83d\u0041"}`, `{"a":"\x41"}`, `{"a":"\u12"}`, `{"a":"\u0000"}`, `{"a":"\`, `{"a":"\u`,
	"{\"a\":\"\x00\"}", "{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}", "{\"a\":\"\xff\"}", "{\"z\":\"\xc3\"}", "{\"\xff\":1}", "{\"a\":\"\xed\xa0\x80\"}", "\ufeff{}", "{\"a\":\"\u2028é😀 long enough for words of eight bytes\"}",
	`{"\u0061":1}`, `{"\u00e9":1,"é":2}`, `{"x\"y":1}`, `{"x\u0022y":[{"x\"y":null}]}`, `{"a":1,"a":2}`, `{"a":1,"a":null}`, `{"a":null,"a":1}`, `{"a":"x","a":1}`,
	`{"a":{"b":1}}`, `{"a":{"b":1},"a":{"c":2}}`, `{"a":{"b":1},"a":null}`, `{"a":{"b":1},"a":5}`, `{"a":5,"a":{"b":1}}`, `{"a":5}`, `{"a":{"b":5}}`, `{"a":{"b":{"c":1}}}`, `{"a.b":{"c":1}}`, `{"a.b":1,"a":{"b":2}}`, `{"a":{"b":2},"a.b":1}`,
	`{"a.b.c":1,"a":5}`, `{"a":{"b.c":1}}`, `{"a":{"b.c":1,"b":{"c":2}}}`, `{"a.b":{"c":1},"a":{"b.c":2}}`, `{"a.b":null,"a":{"b":2}}`, `{"a.b":5,"a":{"b":{"c":1}}}`, `{"a":{"b":{"c":1}},"a.b":5}`, `{"a":{"b":null}}`, `{"a":{}}`,
	`{"b":[1,2,[3,{"a":null}]],"a":{"a":[]}}`, `{"b":[1,]}`, `{"z":[,1]}`, `{"z":[1 2]}`, `{"z":{"a":1 "b":2}}`, `{"b.a":0.5,"b":7}`,
}

func TestDecodeAgreesWithEncodingJSON(t *testing.T) {
	docs := append([]string(nil), oddDocuments...)
	for _, depth := range []int{62, 63, 64, 65, 10_000} {
		docs = append(docs,
			`{"a":`+strings.Repeat("[", depth)+strings.Repeat("]", depth)+`}`,
			`{"z":`+strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth)+`}`,
			strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))
	}
	for _, doc := range docs {
		checkDecode(t, []byte(doc))
	}
}

func TestDecodeAgreesWithEncodingJSONOnGeneratedDocuments(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20_000 {
		doc := someObject(r, 3)
		checkDecode(t, doc)
		checkDecode(t, damaged(r, doc))
	}
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

func someSpace(r *rand.Rand) string { return pick(r, "", "", "", "", " ", "\n\t ") }

func someObject(r *rand.Rand, depth int) []byte {
	var b bytes.Buffer
	b.WriteString("{" + someSpace(r))
	for i := range r.IntN(6) {
		if i > 0 {
			b.WriteString("," + someSpace(r))
		}
		b.WriteString(pick(r, `"a"`, `"b"`, `"a"`, `"b"`, `"a.b"`, `"b.c"`, `"a.b.c"`, `"c"`, `"\u0061"`, `"é"`, `"x\"y"`, `"other"`, `"b.a"`))
		b.WriteString(someSpace(r) + ":" + someSpace(r))
		b.Write(someDocument(r, depth-1))
		b.WriteString(someSpace(r))
	}
	b.WriteString("}")
	return b.Bytes()
}

func someDocument(r *rand.Rand, depth int) []byte {
	n := 8
	if depth <= 0 {
		n = 5
	}
	switch r.IntN(n) {
	case 0:
		return []byte(pick(r, "true", "false", "null", "null"))
	case 1:
		return strconv.AppendInt(nil, r.Int64()>>r.IntN(64), 10)
	case 2:
		return strconv.AppendFloat(nil, r.NormFloat64(), pick(r, "e", "f", "g")[0], r.IntN(20)-1, 64)
	case 3:
		return []byte(pick(r, "1e400", "-0", "-0.0", "1e22", "1e-22", "123456789012345678901234567890", "9007199254740993", "5e-324", "2.2250738585072014e-308"))
	case 4:
		return []byte(pick(r, `""`, `"n/a"`, `"é😀"`, `"\ud83d\ude00 \n"`, `"a string that is longer than eight bytes"`, `"\u0000"`))
	case 5:
		return []byte("[" + someSpace(r) + string(someDocument(r, depth-1)) + "," + string(someDocument(r, depth-1)) + someSpace(r) + "]")
	}
	return someObject(r, depth)
}

// damaged changes a few bytes of a document.
func damaged(r *rand.Rand, doc []byte) []byte {
	out := bytes.Clone(doc)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(out))
		switch r.IntN(3) {
		case 0:
			out[i] = "{}[]\",:\\0-.eEu \x00\x1f\xff\xc3"[r.IntN(19)]
		case 1:
			out = append(out[:i], out[i+1:]...)
		case 2:
			out = out[:i]
		}
		if len(out) == 0 {
			break
		}
	}
	return out
}

func FuzzDecodeJSON(f *testing.F) {
	for _, doc := range oddDocuments {
		f.Add([]byte(doc))
	}
	f.Fuzz(checkDecode)
}
