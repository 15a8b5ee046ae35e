package stream

import "flag"

var (
	seeds = flag.Int("seeds", 8, "how many seeds the ledger runs")
	first = flag.Uint64("seed", 1, "the first seed of the ledger")
	loud  = flag.Bool("loud", false, "print what the workers do")
)
