package codec

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// value reads the value at i into column c of the row being filled. One that
// does not fit the column's kind becomes the row's fault, and reading goes on.
func (d *jsonDecoder) value(c, i, depth int) (int, error) {
	if i >= len(d.src) {
		return i, jsontext.Unexpected(d.src, i, "a value")
	}
	switch first := d.src[i]; {
	case first-'0' <= 9 || first == '-':
		return d.number(c, i, depth)
	case first == 'n':
		d.null(c)
		return jsontext.Skip(d.src, i, depth)
	case d.vecs[c].Kind == row.Any:
		return d.whole(c, i, depth)
	case first == '"':
		return d.text(c, i, depth)
	case first == 't' || first == 'f':
		return d.bool(c, i, depth)
	}
	return d.whole(c, i, depth)
}

func (d *jsonDecoder) number(c, i, depth int) (int, error) {
	n, next, ok := jsontext.ScanNumber(d.src, i)
	if !ok {
		return jsontext.Skip(d.src, i, depth) // says what is wrong with it
	}
	v := d.set(c)
	switch v.Kind {
	case row.Float:
		v.Floats[d.at], ok = n.Float(d.src[i:next])
	case row.Int:
		v.Ints[d.at], ok = n.Int()
	case row.Time:
		v.Ints[d.at], ok = d.unit.instant(n, d.src[i:next])
	case row.Duration:
		v.Ints[d.at], ok = millis.instant(n, d.src[i:next])
	case row.Any:
		return d.whole(c, i, depth)
	default:
		ok = false
	}
	if !ok {
		d.numberFault(c, n, d.src[i:next])
	}
	return next, nil
}

// numberFault says why a number does not fit column c.
func (d *jsonDecoder) numberFault(c int, n jsontext.Number, text []byte) {
	kind := row.Float
	if n.Whole() {
		kind = row.Int
	}
	saw := fmt.Sprintf("%s %.40s", kind, text)
	want := d.vecs[c].Kind
	_, fitsInt := n.Int()
	switch _, fitsFloat := n.Float(text); {
	case want == row.Int && n.Whole() && !fitsInt:
		saw += " beyond 64 bits"
	case want == row.Float && !fitsFloat:
		saw += " beyond the range"
	case want == row.Time && d.o.TimeUnit != "":
		saw += " beyond the range of " + d.o.TimeUnit + " since 1970"
	case want == row.Duration:
		saw += " beyond the range of ms"
	case want == row.Time && d.names[c] == d.o.TimeColumn:
		d.misfit(c, saw, fmt.Sprintf("an RFC 3339 string; give its unit as in Time(%q, \"ms\")", d.names[c]))
		return
	case want == row.Time:
		d.misfit(c, saw, "an RFC 3339 string")
		return
	}
	d.misfit(c, saw, want.String())
}

// misfit makes a value the row's fault, if it is the first.
func (d *jsonDecoder) misfit(c int, saw, want string) {
	if d.fault.err == nil {
		d.fault = fault{d.names[c], &kindError{d.names[c], saw, want}}
	}
}

func (d *jsonDecoder) text(c, i, depth int) (int, error) {
	s, next, err := jsontext.String(d.src, i)
	if err != nil {
		return next, err
	}
	v := d.set(c)
	switch v.Kind {
	case row.String:
		v.Strs[d.at] = s
		return next, nil
	case row.Bytes:
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			d.misfit(c, row.Describe(s), "bytes in base64")
		}
		v.Strs[d.at] = string(raw)
		return next, nil
	case row.Time:
		us, ok := parseTime(s)
		if !ok {
			d.misfit(c, row.Describe(s), "an RFC 3339 time")
		}
		v.Ints[d.at] = us
		return next, nil
	}
	d.misfit(c, row.Describe(s), v.Kind.String())
	return next, nil
}

func (d *jsonDecoder) bool(c, i, depth int) (int, error) {
	next, err := jsontext.Skip(d.src, i, depth)
	if err != nil {
		return next, err
	}
	v := d.set(c)
	if v.Kind != row.Bool {
		d.misfit(c, "bool "+string(d.src[i:next]), v.Kind.String())
		return next, nil
	}
	v.Bools[d.at] = 0
	if d.src[i] == 't' {
		v.Bools[d.at] = 1
	}
	return next, nil
}

// whole reads any value, for the kinds whose vectors hold Go values.
func (d *jsonDecoder) whole(c, i, depth int) (int, error) {
	x, next, err := jsontext.Value(d.src, i, depth)
	if errors.Is(err, jsontext.ErrRange) {
		if d.fault.err == nil {
			d.fault = fault{d.names[c], fmt.Errorf("%s %w", d.names[c], err)}
		}
		return jsontext.Skip(d.src, i, depth)
	}
	if err != nil {
		return next, err
	}
	v := d.set(c)
	if v.Kind != row.Any && row.KindOf(x) != v.Kind {
		d.misfit(c, row.Describe(x), v.Kind.String())
		return next, nil
	}
	v.Anys[d.at] = x
	return next, nil
}
