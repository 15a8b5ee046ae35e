package state_test

import (
	"fmt"

	"github.com/riffle-stream/riffle/state"
)

// A transaction of a task: the operators change their stores, the changes go
// to the changelog, and when Kafka has committed, the partition commits.
func Example() {
	db := state.Memory()
	defer db.Close()
	p, err := db.Partition("cars", 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	laps := state.Prefixed(p, "laps")
	laps.Put([]byte("44"), []byte("12"))
	laps.Put([]byte("16"), []byte("11"))
	for key, value := range p.Changes() {
		fmt.Printf("changelog: %q = %s\n", key, value)
	}
	if err := p.Commit(state.Position{Changelog: 3, Inputs: map[string]int64{"laps/0": 40}}); err != nil {
		fmt.Println(err)
		return
	}
	pos, _ := p.Position()
	fmt.Println("next row:", pos.Inputs["laps/0"])
	// Output:
	// changelog: "\x04laps16" = 11
	// changelog: "\x04laps44" = 12
	// next row: 40
}
