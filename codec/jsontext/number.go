package jsontext

import (
	"math"
	"strconv"
	"unsafe"
)

// Number is a number as it stands: Mant × 10^Exp with a sign, or
// one whose digits these fields do not hold.
//
// The compiler keeps structs of up to four fields in registers; with a field a
// flag, decoding took half as long again.
type Number struct {
	Mant uint64
	Exp  int
	form form
}

type form uint8

const (
	minus form = 1 << iota
	whole      // without a fraction and without an exponent
	long       // Mant or Exp do not hold it
)

// Whole says whether the number is written without a fraction and without an exponent.
func (n Number) Whole() bool { return n.form&whole != 0 }

// ScanNumber reads the number that starts at i and gives the place after it;
// ok is false if there is none, and the place says where it stops being one.
func ScanNumber(src []byte, i int) (n Number, next int, ok bool) {
	if i < len(src) && src[i] == '-' {
		n.form = minus
		i++
	}
	first := i
	mant, i := digits(src, i, 0)
	if i == first || src[first] == '0' && i > first+1 {
		return n, first, false
	}
	n.Mant = mant
	if i-first > 19 {
		n.form |= long
	}
	if i < len(src) && (src[i] == '.' || src[i]|0x20 == 'e') {
		return n.fraction(src, i, i-first)
	}
	n.form |= whole
	return n, i, true
}

// digits reads decimal digits and gives the number that they make after those in mant, modulo 2^64.
func digits(src []byte, i int, mant uint64) (uint64, int) {
	for i < len(src) && src[i]-'0' <= 9 {
		mant = mant*10 + uint64(src[i]-'0')
		i++
	}
	return mant, i
}

// fraction reads what follows the digits before the point.
func (n Number) fraction(src []byte, i, before int) (Number, int, bool) {
	if src[i] == '.' {
		point := i + 1
		n.Mant, i = digits(src, point, n.Mant)
		if i == point {
			return n, i, false
		}
		n.Exp = point - i
		if before+i-point > 19 {
			n.form |= long
		}
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		exp, next, ok := exponent(src, i+1)
		n.Exp += exp
		return n, next, ok
	}
	return n, i, true
}

func exponent(src []byte, i int) (exp, next int, ok bool) {
	neg := i < len(src) && src[i] == '-'
	if neg || i < len(src) && src[i] == '+' {
		i++
	}
	first := i
	for i < len(src) && src[i]-'0' <= 9 {
		exp = min(exp*10+int(src[i]-'0'), 1e6)
		i++
	}
	if neg {
		exp = -exp
	}
	return exp, i, i > first
}

// Int is the number as an int64, if it is whole and fits.
func (n Number) Int() (int64, bool) {
	if n.form&(whole|long) != whole {
		return 0, false
	}
	if n.form&minus != 0 {
		return -int64(n.Mant), n.Mant <= 1<<63
	}
	return int64(n.Mant), n.Mant <= math.MaxInt64
}

var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// Float is the float64 nearest to the number, whose text is given; ok is false
// if it is beyond the range. Up to 2^53 the mantissa is exact, and so are
// powers of ten up to 22, so that one operation rounds once (Clinger 1990).
func (n Number) Float(text []byte) (f float64, ok bool) {
	if n.Mant > 1<<53 || n.form&long != 0 || n.Exp < -22 || n.Exp > 22 {
		f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64)
		return f, err == nil
	}
	f = float64(n.Mant)
	if n.Exp < 0 {
		f /= tens[-n.Exp]
	} else {
		f *= tens[n.Exp]
	}
	if n.form&minus != 0 {
		f = -f
	}
	return f, true
}

func skipNumber(src []byte, i int) (int, error) {
	if src[i] == '-' {
		i++
	}
	first := i
	i = skipDigits(src, i)
	if i == first || src[first] == '0' && i > first+1 {
		return i, notANumber(src, first)
	}
	if i < len(src) && src[i] == '.' {
		first = i + 1
		if i = skipDigits(src, first); i == first {
			return i, notANumber(src, i)
		}
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		i++
		if i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		first = i
		if i = skipDigits(src, first); i == first {
			return i, notANumber(src, i)
		}
	}
	return i, nil
}

func skipDigits(src []byte, i int) int {
	for i < len(src) && src[i]-'0' <= 9 {
		i++
	}
	return i
}

func notANumber(src []byte, i int) error {
	if i < len(src) && src[i] == '0' {
		return wrong(i, "number with a leading zero")
	}
	return Unexpected(src, i, "a digit")
}
