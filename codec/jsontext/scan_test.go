package jsontext

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/riffle-stream/riffle/dataframe/row"
)

func TestErrorsSayWhere(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{``, "malformed JSON at byte 0: it ends, want a value"},
		{`[1`, "malformed JSON at byte 2: it ends, want ',' or ']'"},
		{`[1 2]`, "malformed JSON at byte 3: '2', want ',' or ']'"},
		{`[1,]`, "malformed JSON at byte 3: ']', want a value"},
		{`{"a":1,}`, "malformed JSON at byte 7: '}', want a name in quotes"},
		{`{"a" 1}`, "malformed JSON at byte 5: '1', want ':'"},
		{`{"a":}`, "malformed JSON at byte 5: '}', want a value"},
		{`[truE]`, "malformed JSON at byte 1: want true"},
		{`[01]`, "malformed JSON at byte 1: number with a leading zero"},
		{`[-]`, "malformed JSON at byte 2: ']', want a digit"},
		{`[1.]`, "malformed JSON at byte 3: ']', want a digit"},
		{`[1e+`, "malformed JSON at byte 4: it ends, want a digit"},
		{`"abc`, "malformed JSON at byte 4: it ends inside a string"},
		{`"abc\`, "malformed JSON at byte 5: it ends inside a string"},
		{"\"a\tb\"", "malformed JSON at byte 2: byte 0x09 in a string, want it escaped"},
		{"\"abcdefghij\x00\"", "malformed JSON at byte 11: byte 0x00 in a string, want it escaped"},
		{"\"abc\xffd\"", "malformed JSON at byte 4: byte 0xff is not UTF-8"},
		{"\"abc\xe2\x82", "malformed JSON at byte 4: byte 0xe2 is not UTF-8"},
		{`"a\x"`, `malformed JSON at byte 2: escape \x is not known`},
		{`"\u12g4"`, `malformed JSON at byte 1: \u without four hexadecimal digits`},
		{`"a\ud83d!"`, `malformed JSON at byte 2: half a surrogate pair, \ud83d`},
		{`"a\ude00"`, `malformed JSON at byte 2: half a surrogate pair, \ude00`},
		{"\x01", "malformed JSON at byte 0: byte 0x01, want a value"},
		{`[[[[[1]]]]]`, "objects and lists are nested too deep at byte 4"},
		{`[[[{"a":[1]}]]]`, "objects and lists are nested too deep at byte 8"},
	} {
		_, skip := Skip([]byte(c.src), 0, 4)
		_, _, value := Value([]byte(c.src), 0, 4)
		for _, err := range []error{skip, value} {
			if err == nil || err.Error() != c.want {
				t.Errorf("%q:\n got %v\nwant %s", c.src, err, c.want)
			}
		}
	}
}

// checkValue holds Skip and Value against each other, and what they take against encoding/json.
func checkValue(t *testing.T, src []byte) {
	t.Helper()
	end, err := Skip(src, 0, 64)
	_, valueEnd, valueErr := Value(src, 0, 64)
	if errors.Is(valueErr, ErrRange) {
		valueErr, valueEnd = err, end
	}
	if (err == nil) != (valueErr == nil) || err == nil && end != valueEnd {
		t.Fatalf("%q: skipped to %d, %v; read to %d, %v", src, end, err, valueEnd, valueErr)
	}
	if err == nil && (!json.Valid(src[:end]) || !utf8.Valid(src[:end])) {
		t.Fatalf("%q: took %q as a value", src, src[:end])
	}
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,"\ud83d\ude00é",{},[],true,false,null]} x`, `"long enough to be read eight bytes at a time\n"`, `1e400`, `[[[[`, `"\ud83d"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkValue)
}

func TestPlainFindsTheFirstByteThatMatters(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			src := []byte(strings.Repeat("a", 24))
			src[at], src[23] = byte(c), '"'
			want := 23
			if c == '"' || c == '\\' || c < ' ' || c >= 0x80 {
				want = at
			}
			if got := plain(src, 0); got != want {
				t.Fatalf("byte 0x%02x at %d: found %d, want %d", c, at, got, want)
			}
		}
	}
	if got := plain([]byte("abc"), 0); got != 3 {
		t.Errorf("without any: %d, want the end", got)
	}
}

func TestFloatsAreTheNearest(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	texts := []string{"0", "-0", "9007199254740993", "9007199254740992", "1e22", "1e23", "1e-22", "1e-23", "9007199254740992e22", "5e-324", "2.4703282292062327208e-324",
		"1.7976931348623157e308", "1.7976931348623159e308", "0.000000000000000000000000000001", "123456789012345678901234567890e-10", "0e999999999", "1e99999999999999999999", "1e-99999999999999999999", "18446744073709551615", "18446744073709551616"}
	for range 200_000 {
		s := strconv.FormatUint(r.Uint64()>>r.IntN(64), 10)
		if at := r.IntN(len(s)); at > 0 {
			s = strings.TrimLeft(s[:at-1], "0") + "0." + s[at:]
			s = strings.TrimPrefix(s, "00")
		}
		if r.IntN(2) == 0 {
			s += "e" + strconv.Itoa(r.IntN(60)-30)
		}
		texts = append(texts, s)
	}
	for _, s := range texts {
		if !json.Valid([]byte(s)) {
			continue
		}
		n, end, ok := ScanNumber([]byte(s), 0)
		if !ok || end != len(s) {
			t.Fatalf("%s is not read as a number: %d", s, end)
		}
		want, err := strconv.ParseFloat(s, 64)
		got, fits := n.Float([]byte(s))
		if fits != (err == nil) || fits && math.Float64bits(want) != math.Float64bits(got) {
			t.Fatalf("%s: got %v, %v, want %v, %v", s, got, fits, want, err)
		}
		i, err := strconv.ParseInt(s, 10, 64)
		if x, whole := n.Int(); whole != (err == nil) || whole && x != i {
			t.Fatalf("%s: got %d, %v, want %d, %v", s, x, whole, i, err)
		}
	}
}

func TestUnescape(t *testing.T) {
	src := []byte(`"\"\\\/\b\f\n\r\t\u0000\u00E9\uD83d\uDe00é"`)
	s, end, err := String(src, 0)
	if diff := cmp.Diff("\"\\/\b\f\n\r\t\x00é😀é", s); diff != "" || end != len(src) || err != nil {
		t.Errorf("to %d, %v (-want +got):\n%s", end, err, diff)
	}
	if _, _, err := String([]byte("7"), 0); err == nil {
		t.Error("7 was read as a string")
	}
}

func TestTheLastOfManyMembersCounts(t *testing.T) {
	for _, n := range []int{1, fewMembers, fewMembers + 1, 500} {
		var b strings.Builder
		for range 2 {
			for i := range n {
				b.WriteString(`,"m` + strconv.Itoa(i) + `":` + strconv.Itoa(b.Len()))
			}
		}
		v, _, err := Value([]byte("{"+b.String()[1:]+"}"), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]int64
		if err := json.Unmarshal([]byte("{"+b.String()[1:]+"}"), &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]int64{}
		for _, m := range v.(row.Object) {
			got[m.Name] = m.Value.(int64)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d members twice (-want +got):\n%s", n, diff)
		}
	}
}
