package exec

import "container/heap"

// ends is a heap of keys by when something of them ends, the first on top.
type ends []ending

type ending struct {
	at  int64 // µs
	key string
}

// Len and the others are heap.Interface.
func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i].at < e[j].at }
func (e ends) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }

// Push is heap's.
func (e *ends) Push(x any) { *e = append(*e, x.(ending)) }

// Pop is heap's.
func (e *ends) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

func (e *ends) push(at int64, key string) { heap.Push(e, ending{at, key}) }

// pop gives the key of the first end.
func (e *ends) pop() string { return heap.Pop(e).(ending).key }

// reminders are ends that hold each key once: what came to end later since is seen when the key comes up.
type reminders struct {
	ends  ends
	noted map[string]bool // the keys in ends
}

// note has a key come up at a time, or before if it was noted.
func (r *reminders) note(at int64, key string) {
	if r.noted == nil {
		r.noted = map[string]bool{}
	}
	if !r.noted[key] {
		r.noted[key] = true
		r.ends.push(at, key)
	}
}

// next takes out a key whose time has come by a mark, if there is one.
func (r *reminders) next(mark int64) (key string, ok bool) {
	if len(r.ends) == 0 || r.ends[0].at > mark {
		return "", false
	}
	key = r.ends.pop()
	delete(r.noted, key)
	return key, true
}
