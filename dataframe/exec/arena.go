package exec

// arena gives memory for what leaves the task, in blocks: an allocation for
// each key and value would cost more than writing them.
type arena struct{ block []byte }

const (
	blockSize = 64 << 10
	blockRest = 1 << 10 // with less room than this a new block is begun
)

// room is where the next piece is to be appended.
func (a *arena) room() []byte {
	if cap(a.block)-len(a.block) < blockRest {
		a.block = make([]byte, 0, blockSize)
	}
	return a.block
}

// keep is the piece that was appended to room.
func (a *arena) keep(grown []byte) []byte {
	piece := grown[len(a.block):len(grown):len(grown)]
	a.block = grown
	return piece
}

// text is a piece that holds s.
func (a *arena) text(s string) []byte { return a.keep(append(a.room(), s...)) }
