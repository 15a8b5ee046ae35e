package codec

import (
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// value steps over a value and gives it: nil, bool, int64, float64, string, []any or row.Object.
func (s *scanner) value() (any, error) {
	switch s.peek() {
	case '"':
		raw, escaped, err := s.str()
		if err != nil {
			return nil, err
		}
		return unescaped(raw, escaped), nil
	case '{':
		o := row.Object{}
		err := s.object(func(name []byte, escaped bool) error {
			v, err := s.value()
			o = member(o, unescaped(name, escaped), v)
			return err
		})
		return o, err
	case '[':
		l := []any{}
		err := s.list(func() error {
			v, err := s.value()
			l = append(l, v)
			return err
		})
		return l, err
	case 't':
		return true, s.word("true")
	case 'f':
		return false, s.word("false")
	case 'n':
		return nil, s.word("null")
	}
	raw, whole, err := s.number()
	if err != nil {
		return nil, err
	}
	return number(raw, whole), nil
}

// member sets a member; of two with one name the last wins, in the place of the first.
func member(o row.Object, name string, v any) row.Object {
	for i := range o {
		if o[i].Name == name {
			o[i].Value = v
			return o
		}
	}
	return append(o, row.Member{Name: name, Value: v})
}

// number is an int64 if the text is one that fits, else a float64.
func number(raw []byte, whole bool) any {
	if whole {
		if n, ok := integer(raw); ok {
			return n
		}
	}
	return float(raw)
}

// integer reads an integer; ok is false if it does not fit.
func integer(raw []byte) (n int64, ok bool) {
	if len(raw) > 18 {
		n, err := strconv.ParseInt(text(raw), 10, 64)
		return n, err == nil
	}
	digits := raw
	if raw[0] == '-' {
		digits = raw[1:]
	}
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	if raw[0] == '-' {
		n = -n
	}
	return n, true
}

// tens are the powers of ten that a float holds exactly.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// float reads a number. One of at most 15 digits and 22 decimals is an exact
// integer over an exact power of ten, so that one division rounds it right
// (Clinger, "How to Read Floating Point Numbers Accurately", 1990). A number
// beyond the largest float is infinite.
func float(raw []byte) float64 {
	n, decimals, point, digits := uint64(0), 0, false, 0
	start := 0
	if raw[0] == '-' {
		start = 1
	}
	for _, c := range raw[start:] {
		switch {
		case c == '.':
			point = true
			continue
		case c > '9':
			digits = 16
		}
		if digits++; digits > 15 {
			f, _ := strconv.ParseFloat(text(raw), 64)
			return f
		}
		n = n*10 + uint64(c-'0')
		if point {
			decimals++
		}
	}
	f := float64(n) / tens[decimals]
	if start == 1 {
		return -f
	}
	return f
}

// fits says whether an integer is one that a float holds exactly.
func fits(n int64) bool { return n >= -1<<53 && n <= 1<<53 }

// unescaped is a string without its escapes.
func unescaped(raw []byte, escaped bool) string {
	if !escaped {
		return text(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := rune4(raw[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				r = utf16.DecodeRune(r, rune4(raw[i+3:]))
				i += 6
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, raw[i])
		}
	}
	return text(out)
}

func rune4(b []byte) rune {
	return rune(digit(b[0])<<12 | digit(b[1])<<8 | digit(b[2])<<4 | digit(b[3]))
}

// micros is a number in a unit of time as µs since 1970, or false if that does not fit.
func micros(x float64, unit string) (int64, bool) {
	x *= perMicro[unit]
	if !(math.Abs(x) < 1<<63) {
		return 0, false
	}
	return int64(math.Floor(x)), true
}

// perMicro is how many µs a unit has.
var perMicro = map[string]float64{"s": 1e6, "ms": 1e3, "us": 1, "ns": 1e-3}
