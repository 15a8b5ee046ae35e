package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/stream/letters"
)

// replayLetters sends the dead letters of a topic back to where they came from.
func replayLetters(ctx context.Context, args []string) error {
	f := flags("replay-dlq")
	group := f.String("group", "", "the `NAME` that remembers how far they were sent back (default: TOPIC-replay)")
	if err := parse(f, args, "topic of dead letters"); err != nil {
		return err
	}
	c, err := reach(ctx)
	if err != nil {
		return err
	}
	got, err := letters.Replay(ctx, letters.Config{Cluster: c, Topic: f.Arg(0), Group: *group})
	for _, topic := range slices.Sorted(maps.Keys(got.Sent)) {
		fmt.Printf("%d sent back to %s\n", got.Sent[topic], topic)
	}
	if got.Spent > 0 {
		fmt.Printf("%d stay: they were sent back %d times before\n", got.Spent, letters.MostAttempts)
	}
	if got.Bare > 0 {
		fmt.Printf("%d stay: they are rows that the program made, of which there is no record to send back\n", got.Bare)
	}
	if err == nil && len(got.Sent)+got.Spent+got.Bare == 0 {
		fmt.Println("no letters that were not sent back before")
	}
	return err
}
