package wire

import "sync"

// A memory remembers the last n signatures.
type memory struct {
	mu   sync.Mutex
	seen map[string]struct{}
	ring []string
	next int
}

func newMemory(n int) *memory {
	return &memory{seen: map[string]struct{}{}, ring: make([]string, n)}
}

// add remembers s; false if it knows s already.
func (m *memory) add(s string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.seen[s]; known {
		return false
	}
	delete(m.seen, m.ring[m.next])
	m.ring[m.next], m.seen[s] = s, struct{}{}
	m.next = (m.next + 1) % len(m.ring)
	return true
}
