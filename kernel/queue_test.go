package kernel

import (
	"testing"

	"github.com/riffle-stream/riffle/kernel/wire"
)

func TestClientsTakeTurns(t *testing.T) {
	q := newQueue()
	put := func(client string, ids ...string) {
		for _, id := range ids {
			q.put(&request{Message: wire.Message{Route: [][]byte{[]byte(client)}, Header: wire.Header{ID: client + id}}})
		}
	}
	take := func(n int) (got []string) {
		for range n {
			got = append(got, q.take(t.Context()).Header.ID)
		}
		return got
	}
	put("a", "1", "2", "3", "4", "5")
	same(t, take(1), "a1")
	put("b", "1", "2")
	put("c", "1")
	same(t, take(7), "a2", "b1", "c1", "a3", "b2", "a4", "a5")
	put("b", "3")
	put("a", "6")
	same(t, take(2), "b3", "a6")
	if q.size != 0 || len(q.waiting) != 0 || len(q.turns) != 0 {
		t.Errorf("%d requests of %d clients are left", q.size, len(q.waiting))
	}
}

// A client with as many requests as fit does not keep another waiting.
func TestAFloodKeepsNobodyWaiting(t *testing.T) {
	q := newQueue()
	from := func(client string) *request { return &request{Message: wire.Message{Route: [][]byte{[]byte(client)}}} }
	for range maxQueued - 1 {
		q.put(from("flood"))
	}
	q.put(from("other"))
	for range 2 {
		if q.take(t.Context()).client() == "other" {
			return
		}
	}
	t.Error("the other waits behind more than one")
}
