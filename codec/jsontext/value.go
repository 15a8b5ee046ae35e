package jsontext

import (
	"errors"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// ErrRange is wrapped by the error for a number beyond the range of a float64.
var ErrRange = errors.New("is beyond the range of a float")

// Digits is a whole number that does not fit an int64, as [Observe] gives it.
type Digits string

// Value reads the value that starts at i as [row.Vec] holds one of kind Any,
// and gives the place after it: numbers written whole are int64, or the string
// of their digits if they do not fit, others are float64; lists are []any, and
// objects a [row.Object] in which the last of several members of one name
// counts. Nothing of it points into src.
func Value(src []byte, i, depth int) (any, int, error) {
	r := reader{src, func(digits string) any { return digits }}
	return r.value(i, depth)
}

// Observe reads a value like [Value], but a whole number that does not fit is [Digits].
func Observe(src []byte, i, depth int) (any, int, error) {
	r := reader{src, func(digits string) any { return Digits(digits) }}
	return r.value(i, depth)
}

type reader struct {
	src  []byte
	long func(digits string) any // a whole number beyond 64 bits
}

func (r *reader) value(i, depth int) (any, int, error) {
	if i >= len(r.src) {
		return nil, i, Unexpected(r.src, i, "a value")
	}
	switch c := r.src[i]; {
	case c == '"':
		s, next, err := String(r.src, i)
		return strings.Clone(s), next, err
	case c == '-' || c-'0' <= 9:
		return r.number(i)
	case c == '{':
		return r.object(i, depth-1)
	case c == '[':
		return r.list(i, depth-1)
	case c == 'n':
		next, err := skipWord(r.src, i, "null")
		return nil, next, err
	case c == 't':
		next, err := skipWord(r.src, i, "true")
		return true, next, err
	case c == 'f':
		next, err := skipWord(r.src, i, "false")
		return false, next, err
	}
	return nil, i, Unexpected(r.src, i, "a value")
}

func (r *reader) number(i int) (any, int, error) {
	n, next, ok := ScanNumber(r.src, i)
	if !ok {
		return nil, next, notANumber(r.src, next)
	}
	if x, fits := n.Int(); fits {
		return x, next, nil
	}
	if n.Whole() {
		return r.long(string(r.src[i:next])), next, nil
	}
	f, ok := n.Float(r.src[i:next])
	if !ok {
		return nil, next, fmt.Errorf("%.40s %w", r.src[i:next], ErrRange)
	}
	return f, next, nil
}

func (r *reader) list(i, depth int) (any, int, error) {
	if depth < 0 {
		return nil, i, TooDeep(i)
	}
	out := []any{}
	i = Space(r.src, i+1)
	if i < len(r.src) && r.src[i] == ']' {
		return out, i + 1, nil
	}
	for {
		v, end, err := r.value(i, depth)
		if err != nil {
			return nil, end, err
		}
		out = append(out, v)
		next, more, err := Comma(r.src, end, ']')
		if !more {
			return out, next, err
		}
		i = next
	}
}

func (r *reader) object(i, depth int) (any, int, error) {
	if depth < 0 {
		return nil, i, TooDeep(i)
	}
	out := members{list: row.Object{}}
	i = Space(r.src, i+1)
	if i < len(r.src) && r.src[i] == '}' {
		return out.list, i + 1, nil
	}
	for {
		raw, escaped, at, err := Name(r.src, i)
		if err != nil {
			return nil, at, err
		}
		v, end, err := r.value(at, depth)
		if err != nil {
			return nil, end, err
		}
		out.set(Text(raw, escaped), v)
		next, more, err := Comma(r.src, end, '}')
		if !more {
			return out.list, next, err
		}
		i = next
	}
}

// members collects an object; past a few members it finds a name by a map.
type members struct {
	list  row.Object
	index map[string]int
}

const fewMembers = 16

func (m *members) set(name string, value any) {
	if i, ok := m.find(name); ok {
		m.list[i].Value = value
		return
	}
	m.list = append(m.list, row.Member{Name: name, Value: value})
	if m.index != nil {
		m.index[name] = len(m.list) - 1
	} else if len(m.list) > fewMembers {
		m.index = make(map[string]int)
		for i := range m.list {
			m.index[m.list[i].Name] = i
		}
	}
}

func (m *members) find(name string) (int, bool) {
	if m.index != nil {
		i, ok := m.index[name]
		return i, ok
	}
	for i := range m.list {
		if m.list[i].Name == name {
			return i, true
		}
	}
	return 0, false
}
