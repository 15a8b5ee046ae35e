package state

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
)

// rowsPerCommit is about what half a second of a busy partition brings.
const rowsPerCommit = 50_000

var layouts = []struct {
	name   string
	budget int64
	files  bool
}{
	{"memory", 0, false},
	{"blocks", 1 << 40, true},
	{"keys", -1, true},
}

// One operation is one row: read a counter of 32 bytes, change it, write it. A
// commit every rowsPerCommit rows is part of it.
func BenchmarkReadModifyWrite(b *testing.B) {
	for _, keys := range []int{20, 1_000_000} {
		for _, layout := range layouts {
			b.Run(fmt.Sprintf("keys=%d/%s", keys, layout.name), func(b *testing.B) {
				p := filled(b, layout.files, layout.budget, keys)
				s, rnd := Prefixed(p, "sum"), rand.New(rand.NewPCG(1, 2))
				var key [8]byte
				n := 0
				for b.Loop() {
					binary.BigEndian.PutUint64(key[:], uint64(rnd.IntN(keys)))
					row(b, s, key[:])
					if n++; n%rowsPerCommit == 0 {
						commit(b, p, n)
					}
				}
				commit(b, p, n)
			})
		}
	}
}

func row(b *testing.B, s Store, key []byte) {
	value, _, err := s.Get(key)
	if err != nil {
		b.Fatal(err)
	}
	var next [32]byte
	copy(next[:], value)
	binary.LittleEndian.PutUint64(next[:], binary.LittleEndian.Uint64(next[:])+1)
	if err := s.Put(key, next[:]); err != nil {
		b.Fatal(err)
	}
}

func commit(b *testing.B, p *Partition, n int) {
	if err := p.Commit(Position{Changelog: int64(n)}); err != nil {
		b.Fatal(err)
	}
}

// filled is a partition that has all keys already.
func filled(b *testing.B, files bool, budget int64, keys int) *Partition {
	db := Memory()
	if files {
		var err error
		if db, err = Open(b.TempDir(), Options{Budget: budget, MinFree: -1}); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { db.Close() })
	}
	p, err := db.Partition("agg", 0)
	if err != nil {
		b.Fatal(err)
	}
	fill(b, p, keys)
	return p
}

func fill(b *testing.B, p *Partition, keys int) {
	s := Prefixed(p, "sum")
	var key [8]byte
	for i := range keys {
		binary.BigEndian.PutUint64(key[:], uint64(i))
		if err := s.Put(key[:], make([]byte, 32)); err != nil {
			b.Fatal(err)
		}
		if (i+1)%rowsPerCommit == 0 {
			commit(b, p, i)
		}
	}
	commit(b, p, keys)
}

// One operation opens a folder that was closed, and a partition of 1,000,000
// keys in it.
func BenchmarkOpen(b *testing.B) {
	for _, layout := range layouts[1:] {
		b.Run(layout.name, func(b *testing.B) {
			dir := b.TempDir()
			opts := Options{Budget: layout.budget, MinFree: -1}
			open := func() (*DB, *Partition) {
				db, err := Open(dir, opts)
				if err != nil {
					b.Fatal(err)
				}
				p, err := db.Partition("agg", 0)
				if err != nil {
					b.Fatal(err)
				}
				return db, p
			}
			db, p := open()
			fill(b, p, 1_000_000)
			db.Close()
			for b.Loop() {
				db, p := open()
				if p.Entries() != 1_000_000 {
					b.Fatalf("%d entries", p.Entries())
				}
				b.StopTimer()
				db.Close()
				b.StartTimer()
			}
		})
	}
}

// One operation scans 100 of 1,000,000 keys by prefix.
func BenchmarkScan(b *testing.B) {
	for _, layout := range layouts {
		b.Run(layout.name, func(b *testing.B) {
			p := filled(b, layout.files, layout.budget, 1_000_000)
			s, rnd := Prefixed(p, "sum"), rand.New(rand.NewPCG(1, 2))
			var key [8]byte
			scanStore(b, s, "\x00\x00\x00\x00\x00\x00\x00") // the first scan builds the order of keys
			for b.Loop() {
				binary.BigEndian.PutUint64(key[:], uint64(rnd.IntN(1_000_000)))
				n := 0
				err := s.Scan(key[:7], func(_, _ []byte) error { n++; return nil })
				if err != nil || n < 64 {
					b.Fatal(n, err)
				}
			}
		})
	}
}
