package exec

import (
	"cmp"
	"encoding/binary"
	"math"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// scalar is how values of a kind are taken out of columns, put into order and stored.
type scalar[T any] struct {
	of      func(v *row.Vec, i int) T
	keep    func(T) T // the value without the record that it points into
	odd     func(T) bool
	compare func(a, b T) int
	value   func(T) any
	append  func([]byte, T) []byte
	read    func(*varints) T
}

// integers are those of bools, ints, times and durations.
func integers(kind row.Kind) *scalar[int64] {
	s := &scalar[int64]{
		of:      func(v *row.Vec, i int) int64 { return v.Ints[i] },
		keep:    func(x int64) int64 { return x },
		odd:     func(int64) bool { return false },
		compare: cmp.Compare[int64],
		value:   func(x int64) any { return x },
		append:  binary.AppendVarint,
		read:    (*varints).varint,
	}
	switch kind {
	case row.Bool:
		s.of = func(v *row.Vec, i int) int64 { return int64(v.Bools[i]) }
		s.value = func(x int64) any { return x != 0 }
	case row.Time:
		s.value = func(x int64) any { return instant(x) }
	case row.Duration:
		s.value = func(x int64) any { return micros(x) }
	}
	return s
}

// reals are floats: both zeros are one, and NaN is above all others.
func reals() *scalar[float64] {
	return &scalar[float64]{
		of:   func(v *row.Vec, i int) float64 { return v.Floats[i] + 0 },
		keep: func(x float64) float64 { return x },
		odd:  func(x float64) bool { return x != x },
		compare: func(a, b float64) int {
			if a != a || b != b {
				return -cmp.Compare(a, b)
			}
			return cmp.Compare(a, b)
		},
		value: func(x float64) any { return x },
		append: func(dst []byte, x float64) []byte {
			if x != x {
				x = math.NaN() // its bits differ between processors
			}
			return binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
		},
		read: (*varints).float,
	}
}

func texts() *scalar[string] {
	return &scalar[string]{
		of:      func(v *row.Vec, i int) string { return v.Strs[i] },
		keep:    strings.Clone,
		odd:     func(string) bool { return false },
		compare: cmp.Compare[string],
		value:   func(x string) any { return x },
		append:  func(dst []byte, x string) []byte { return appendBytes(dst, []byte(x)) },
		read:    func(r *varints) string { return string(r.bytes()) },
	}
}
