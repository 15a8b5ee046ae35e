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
