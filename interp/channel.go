package interp

import "reflect"

// receive receives from a channel into *out, and reports whether the channel was open. It ends with the run.
func (r *runs) receive(c, out any) bool {
	_, ok := r.choose(true, false, c, out)
	return ok
}

// send sends *value to a channel. It ends with the run.
func (r *runs) send(c, value any) { r.choose(true, true, c, value) }

// choose is select: cases are triples of whether it sends, the channel, and a pointer to the value. It returns the
// number of the case, -1 for the default, and whether a channel received from was open.
func (r *runs) choose(wait bool, cases ...any) (int, bool) {
	list := make([]reflect.SelectCase, 0, len(cases)/3+1)
	for i := 0; i+2 < len(cases); i += 3 {
		c := reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(cases[i+1])}
		if cases[i].(bool) {
			c.Dir, c.Send = reflect.SelectSend, reflect.ValueOf(cases[i+2]).Elem()
		}
		list = append(list, c)
	}
	if wait {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.done())})
	} else {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	n, value, ok := reflect.Select(list)
	if n == len(list)-1 {
		r.poll()
		return -1, false
	}
	if list[n].Dir == reflect.SelectRecv {
		reflect.ValueOf(cases[n*3+2]).Elem().Set(value)
	}
	return n, ok
}
