package interp

import (
	"go/types"
	"reflect"
)

// keyed reports whether a map has keys that JSON can have, and makes the map.
func (d *decoder) keyed(v reflect.Value, u *types.Map) bool {
	key := reflect.New(v.Type().Key()).Elem()
	_, owned := owner(d.engine, key, u.Key(), "UnmarshalText")
	_, reads := key.Addr().Interface().(interface{ UnmarshalText([]byte) error })
	if key.Kind() != reflect.String && !key.CanInt() && !key.CanUint() && !owned && !reads {
		return false
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	return true
}

func (d *decoder) dictionary(v reflect.Value, u *types.Map) error {
	for d.off++; d.more('}'); {
		start := d.off
		name := d.skip()
		d.colon()
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(elem, u.Elem()); err != nil {
			return err
		}
		key := reflect.New(v.Type().Key()).Elem()
		if ok, err := d.key(name, key, u.Key(), start); err != nil {
			return err
		} else if ok {
			v.SetMapIndex(key, elem)
		}
	}
	return nil
}

// key reads the key of a map, which began at a place.
func (d *decoder) key(raw []byte, v reflect.Value, t types.Type, at int) (bool, error) {
	if b, ok := owner(d.engine, v, t, "UnmarshalText"); ok {
		return true, d.tell(b, "UnmarshalText", []byte(unquoted(raw)))
	}
	if u, ok := v.Addr().Interface().(interface{ UnmarshalText([]byte) error }); ok {
		return true, u.UnmarshalText([]byte(unquoted(raw)))
	}
	text := unquoted(raw)
	if v.Kind() == reflect.String {
		v.SetString(text)
		return true, nil
	}
	if !setNumber(v, text) {
		d.mistyped("number "+text, v, t, at+1)
		return false, nil
	}
	return true, nil
}
