package codec

import (
	"sort"
	"strings"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// relocate fills the row again from the record's object at i, column by
// column. It is for the few records in which it matters which of several
// members counts: the last of one name, and the exact name before a path.
func (d *jsonDecoder) relocate(i int) error {
	d.fault = fault{}
	for c, name := range d.names {
		at, wall, err := d.locate(i, name)
		if err != nil {
			return err
		}
		if at < 0 {
			d.null(c)
			d.walled(c, wall, name)
			continue
		}
		if _, err := d.value(c, at, d.o.Limits.Depth); err != nil {
			return err
		}
	}
	return nil
}

// wall is a value that is no object, where a path goes on.
type wall struct {
	at   int    // 0: none
	rest string // the path that goes on from it
}

func (d *jsonDecoder) walled(c int, w wall, name string) {
	if w.at == 0 || d.fault.err != nil {
		return
	}
	x, _, err := jsontext.Value(d.src, w.at, d.o.Limits.Depth)
	if err != nil {
		x = nil
	}
	field := strings.TrimSuffix(name, "."+w.rest)
	d.fault = fault{name, &kindError{field, row.Describe(x), "struct"}}
}

// locate finds the value of a path in the object at i; at is -1 if there is none.
func (d *jsonDecoder) locate(i int, path string) (at int, w wall, err error) {
	inner := map[string]int{} // by name: the last value under the beginning of the path
	at = -1
	i = jsontext.Space(d.src, i+1)
	for more := d.src[i] != '}'; more; {
		raw, escaped, start, err := jsontext.Name(d.src, i)
		if err != nil {
			return -1, w, err
		}
		name := jsontext.Text(raw, escaped)
		if name == path {
			at = start
		} else if strings.HasPrefix(path, name+".") {
			inner[name] = start
		}
		end, err := jsontext.Skip(d.src, start, d.o.Limits.Depth)
		if err != nil {
			return -1, w, err
		}
		if i, more, err = jsontext.Comma(d.src, end, '}'); err != nil {
			return -1, w, err
		}
	}
	if at >= 0 {
		return at, w, nil
	}
	return d.within(inner, path)
}

// within looks for the rest of a path in the objects found under its beginning, the longest first.
func (d *jsonDecoder) within(inner map[string]int, path string) (at int, w wall, err error) {
	names := make([]string, 0, len(inner))
	for n := range inner {
		names = append(names, n)
	}
	sort.Slice(names, func(a, b int) bool { return len(names[a]) > len(names[b]) })
	for _, n := range names {
		start, rest := inner[n], path[len(n)+1:]
		switch d.src[start] {
		case 'n':
		case '{':
			at, deeper, err := d.locate(start, rest)
			if err != nil || at >= 0 {
				return at, deeper, err
			}
			if w.at == 0 {
				w = deeper
			}
		default:
			if w.at == 0 {
				w = wall{start, rest}
			}
		}
	}
	return -1, w, nil
}
