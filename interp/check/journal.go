package check

// A journal takes changes of a session back. It costs what the changes cost, where a copy of the session would cost more
// with each cell.
type journal []func()

// put sets a value of a map.
func put[K comparable, V any](j *journal, m map[K]V, key K, value V) {
	j.keep(restore(m, key))
	m[key] = value
}

// drop takes a value from a map.
func drop[K comparable, V any](j *journal, m map[K]V, key K) {
	j.keep(restore(m, key))
	delete(m, key)
}

// restore returns a function that makes the value at key what it is now.
func restore[K comparable, V any](m map[K]V, key K) func() {
	old, had := m[key]
	return func() {
		if had {
			m[key] = old
		} else {
			delete(m, key)
		}
	}
}

func (j *journal) keep(back func()) { *j = append(*j, back) }

// undo takes all changes back, the last first.
func (j journal) undo() {
	for i := len(j) - 1; i >= 0; i-- {
		j[i]()
	}
}
