package hand

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unsafe"
)

// Reading is what the jobs need of a row. Car points into the record.
type Reading struct {
	Car   string  `json:"car"`
	Lap   int64   `json:"lap"`
	Speed float64 `json:"speed"`
	TS    int64   `json:"ts"`
}

// Parse reads one flat JSON object. What it does not know how to read fast goes to encoding/json, which decides.
func (r *Reading) Parse(b []byte) error {
	*r = Reading{}
	if r.fast(b) {
		return nil
	}
	*r = Reading{}
	if err := json.Unmarshal(b, r); err != nil {
		return fmt.Errorf("row %q: %w", b, err)
	}
	return nil
}

// fast reads an object of numbers and of strings without escapes.
func (r *Reading) fast(b []byte) bool {
	if len(b) < 2 || b[0] != '{' {
		return false
	}
	for i := 1; ; i++ {
		if i >= len(b) || b[i] != '"' {
			return false
		}
		end := bytes.IndexByte(b[i+1:], '"')
		if end < 0 {
			return false
		}
		name := b[i+1 : i+1+end]
		if i += end + 2; i+1 >= len(b) || b[i] != ':' {
			return false
		}
		next, ok := r.member(name, b, i+1)
		if !ok || next >= len(b) {
			return false
		}
		switch i = next; b[i] {
		case ',':
		case '}':
			return i == len(b)-1
		default:
			return false
		}
	}
}

// member reads the value at i of the member of that name.
func (r *Reading) member(name, b []byte, i int) (next int, ok bool) {
	if b[i] == '"' {
		end := bytes.IndexByte(b[i+1:], '"')
		if end < 0 || !plain(b[i+1:i+1+end]) {
			return i, false
		}
		switch string(name) {
		case "car":
			r.Car = unsafe.String(&b[i+1], end)
		case "speed", "ts", "lap":
			return i, false
		}
		return i + end + 2, true
	}
	n, next, ok := number(b, i)
	if !ok {
		return i, false
	}
	switch string(name) {
	case "speed":
		r.Speed, ok = n.float(b[i:next])
	case "ts":
		r.TS, ok = n.int()
	case "lap":
		r.Lap, ok = n.int()
	case "car":
		ok = false
	}
	return next, ok
}

func plain(s []byte) bool {
	for _, c := range s {
		if c < ' ' || c == '\\' || c >= 0x80 {
			return false
		}
	}
	return len(s) > 0
}

// decimal is mant / 10^places.
type decimal struct {
	mant   int64
	places int
	neg    bool
}

// number reads digits with or without a fraction, up to 18 of them.
func number(b []byte, i int) (d decimal, next int, ok bool) {
	if d.neg = b[i] == '-'; d.neg {
		i++
	}
	first := i
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		d.mant = d.mant*10 + int64(b[i]-'0')
	}
	whole := i
	if i == first || b[first] == '0' && i > first+1 {
		return d, i, false
	}
	if i < len(b) && b[i] == '.' {
		for i++; i < len(b) && b[i]-'0' <= 9; i++ {
			d.mant = d.mant*10 + int64(b[i]-'0')
		}
		if d.places = i - whole - 1; d.places == 0 {
			return d, i, false
		}
	}
	return d, i, i-first <= 18
}

func (d decimal) int() (int64, bool) {
	if d.neg {
		return -d.mant, d.places == 0
	}
	return d.mant, d.places == 0
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// float is exact up to 2^53; beyond, the text is read again.
func (d decimal) float(text []byte) (float64, bool) {
	if d.mant > 1<<53 {
		f, err := strconv.ParseFloat(string(text), 64)
		return f, err == nil
	}
	f := float64(d.mant) / tens[d.places]
	if d.neg {
		f = -f
	}
	return f, true
}
