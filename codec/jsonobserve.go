package codec

import (
	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// observe implements observer.
func (jsonCodec) observe(value []byte, each func(string, any)) error {
	limits := Limits{}.orDefault()
	if err := limits.check(value); err != nil {
		return err
	}
	i := jsontext.Space(value, 0)
	if i >= len(value) || value[i] != '{' {
		return notAnObject(value, i, limits.Depth)
	}
	v, end, err := jsontext.Observe(value, i, limits.Depth)
	if err != nil {
		return err
	}
	if err := checkEnd(value, end); err != nil {
		return err
	}
	flatten("", v.(row.Object), each)
	return nil
}

// flatten gives members by their paths, an object before its members.
func flatten(prefix string, o row.Object, each func(string, any)) {
	for _, m := range o {
		each(prefix+m.Name, m.Value)
		if inner, ok := m.Value.(row.Object); ok {
			flatten(prefix+m.Name+".", inner, each)
		}
	}
}
