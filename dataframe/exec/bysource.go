package exec

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// bySource is an aggregate whose value depends on the order of its rows: one
// for the rows of each source, which come in their order, and these are merged
// in the order of the sources. So it does not depend on how fast each source is.
type bySource struct {
	make  func() accumulator
	parts []part // by source
}

type part struct {
	source int
	acc    accumulator
}

func (b *bySource) part(source int) accumulator {
	at, found := slices.BinarySearchFunc(b.parts, source, func(p part, s int) int { return cmp.Compare(p.source, s) })
	if !found {
		b.parts = slices.Insert(b.parts, at, part{source, b.make()})
	}
	return b.parts[at].acc
}

func (b *bySource) add(v *row.Vec, i int, at place) { b.part(at.source).add(v, i, at) }

func (b *bySource) merge(o accumulator) {
	for _, p := range o.(*bySource).parts {
		b.part(p.source).merge(p.acc)
	}
}

func (b *bySource) result() any {
	if len(b.parts) == 1 {
		return b.parts[0].acc.result()
	}
	all := b.make()
	for _, p := range b.parts {
		all.merge(p.acc)
	}
	return all.result()
}

func (b *bySource) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(b.parts)))
	for _, p := range b.parts {
		dst = p.acc.append(binary.AppendUvarint(dst, uint64(p.source)))
	}
	return dst
}

func (b *bySource) read(r *varints) {
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		p := part{int(r.uvarint()), b.make()}
		p.acc.read(r)
		b.parts = append(b.parts, p)
	}
}
