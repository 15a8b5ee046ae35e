package guard

import "time"

// Limits bound what one socket gives to its peers. A zero field takes its default.
type Limits struct {
	Handshake time.Duration // from the connection to the peer's READY; default 2 s
	Stall     time.Duration // a peer that takes no byte for so long is closed; default 30 s
	Linger    time.Duration // how long Close goes on writing what is queued; default 1 s

	Message int // bytes of one incoming message; default 64 MiB
	Frames  int // frames of one incoming message; default 1024
	In      int // bytes received and not yet taken by the kernel, per peer; default 16 MiB
	Out     int // bytes queued to one peer; default 64 MiB
	Total   int // bytes queued to all peers, about: past it each has an equal share of it, at least 1 MiB; default 256 MiB
	Topics  int // subscriptions of one peer; default 256
	Pending int // connections that have not finished their handshake; default 128
	Peers   int // connections that have; default 1024
}

func (l Limits) withDefaults() Limits {
	fill(&l.Handshake, 2*time.Second)
	fill(&l.Stall, 30*time.Second)
	fill(&l.Linger, time.Second)
	fill(&l.Message, 64<<20)
	fill(&l.Frames, 1024)
	fill(&l.In, 16<<20)
	fill(&l.Out, 64<<20)
	fill(&l.Total, 256<<20)
	fill(&l.Topics, 256)
	fill(&l.Pending, 128)
	fill(&l.Peers, 1024)
	return l
}

func fill[T int | time.Duration](v *T, byDefault T) {
	if *v == 0 {
		*v = byDefault
	}
}
