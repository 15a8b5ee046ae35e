package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// odd is a row whose columns are stored in as many ways as there are.
type odd struct {
	Plain  string    `parquet:"plain"`
	Dict   string    `parquet:"dict,dict,snappy"`
	Delta  int64     `parquet:"delta,delta,gzip"`
	Small  int32     `parquet:"small,delta,brotli"`
	Length string    `parquet:"length,delta,zstd"`
	Begins string    `parquet:"begins,delta,lz4"`
	Noise  string    `parquet:"noise,lz4"`
	Split  float64   `parquet:"split,split,zstd"`
	Maybe  *bool     `parquet:"maybe,optional"`
	List   []float64 `parquet:"list,list,zstd"`
	Fixed  [4]byte   `parquet:"fixed,dict"`
}

func odds(t testing.TB, n int, version int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := parquet.NewGenericWriter[odd](&out, parquet.DataPageVersion(version), parquet.PageBufferSize(2000))
	for i := range n {
		yes := i%3 == 0
		o := odd{Plain: fmt.Sprint(i), Dict: fmt.Sprint(i % 7), Delta: int64(i * i), Small: int32(-i), Length: strings.Repeat("é", i%9), Begins: fmt.Sprintf("begins with much %d", i), Noise: fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)})), Split: float64(i) / 3, Fixed: [4]byte{byte(i % 3)}}
		if i%2 == 0 {
			o.Maybe = &yes
		}
		for k := range i % 5 {
			o.List = append(o.List, float64(k))
		}
		if _, err := w.Write([]odd{o}); err != nil {
			t.Fatal(err)
		}
		if i%700 == 699 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPagesOfAllEncodingsRead(t *testing.T) {
	for _, version := range []int{1, 2} {
		b, left, err := ReadParquet(odds(t, 2000, version))
		if err != nil || left != nil {
			t.Fatalf("version %d: %v, left out %v", version, err, left)
		}
		got := map[string]any{}
		for c, f := range b.Schema.Fields() {
			if n := b.Cols[c].Len(); n != 2000 {
				t.Errorf("%s has %d rows", f.Name, n)
			}
			got[f.Name] = b.Cols[c].Value(1234)
		}
		want := map[string]any{"plain": "1234", "dict": "2", "delta": int64(1234 * 1234), "small": int64(-1234), "length": "é", "begins": "begins with much 1234", "noise": fmt.Sprintf("%x", sha256.Sum256([]byte{0xd2, 4})),
			"split": 1234.0 / 3, "maybe": false, "list": []any{0.0, 1.0, 2.0, 3.0}, "fixed": []byte{1, 0, 0, 0}}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("version %d (-want +got):\n%s", version, d)
		}
	}
}

// footed is a file of nothing but a footer.
func footed(footer []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(append([]byte("PAR1"), footer...), uint32(len(footer))), "PAR1"...)
}

func TestFootersThatAskForTooMuch(t *testing.T) {
	many := func(n int) []byte { return binary.AppendUvarint([]byte{0x29, 0xfc}, uint64(n)) } // field 2, a list of structs
	deep := many(40)
	for range 39 {
		deep = append(deep, 0x55, 2, 0) // one child
	}
	deep = append(deep, 0, 0)
	for name, c := range map[string]struct {
		content []byte
		limit   bool
	}{
		"no file":                      {[]byte("PAR1"), false},
		"a footer of 4 GiB":            {append([]byte("PAR1\xff\xff\xff\xff"), "PAR1"...), false},
		"a list of 2 thousand million": {footed(append(many(1<<31-1), 0)), false},
		"columns without end":          {footed(append(many(maxElements+1), make([]byte, maxElements+2)...)), true},
		"columns in columns":           {footed(deep), true},
		"row groups without end":       {footed(append(binary.AppendUvarint([]byte{0x49, 0xfc}, maxGroups+1), make([]byte, maxGroups+2)...)), true},
	} {
		_, _, err := ReadParquet(c.content)
		if !errors.Is(err, ErrTable) || errors.Is(err, ErrLimit) != c.limit {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A dictionary lets a few bytes stand for many texts.
func TestTextsThatComeAgain(t *testing.T) {
	var out bytes.Buffer
	w := parquet.NewGenericWriter[struct {
		S string `parquet:"s,dict,zstd"`
	}](&out)
	long := strings.Repeat("x", 1<<20)
	for range 20 {
		if _, err := w.Write([]struct {
			S string `parquet:"s,dict,zstd"`
		}{{long}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	over := newPages(out.Bytes())
	over.unpacked = 10 << 20
	if _, _, err := readParquet(out.Bytes(), over); !errors.Is(err, ErrLimit) {
		t.Errorf("%d bytes were read: %v", out.Len(), err)
	}
}

func TestPagesThatUnpackToMoreThanTheySay(t *testing.T) {
	zeros := make([]byte, 1<<20)
	var u unpacker
	for _, codec := range []format.CompressionCodec{format.Snappy, format.Gzip, format.Brotli, format.Zstd, format.Lz4Raw} {
		b, err := parquet.LookupCompressionCodec(codec).Encode(nil, zeros)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := u.unpack(codec, b, len(zeros)); err != nil || !bytes.Equal(got, zeros) {
			t.Errorf("%v: %d bytes, %v", codec, len(got), err)
		}
		for _, said := range []int{0, len(zeros) - 1} {
			if got, err := u.unpack(codec, b, said); err == nil {
				t.Errorf("%v: %d bytes, and it said %d", codec, len(got), said)
			}
		}
	}
}

func TestValuesThatStandForMany(t *testing.T) {
	v := pageValues{n: 100}
	run := binary.AppendUvarint(nil, 1<<31)
	for name, err := range map[string]error{
		"a run":           v.runs(slices.Concat(run, []byte{1}), 1),
		"runs of no bits": v.runs(run, 0),
		"many runs":       v.runs(slices.Repeat([]byte{0xfe, 0x3f, 1}, 200), 1),
		"differences":     second(v.deltas(slices.Concat([]byte{0x80, 1, 4}, run, []byte{0}))),
	} {
		if !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	v.encoding = format.DeltaByteArray
	// 100 values, the first of 100 bytes, of which each other has all.
	lengths := func(first, step int64) []byte {
		b := binary.AppendVarint([]byte{0x80, 1, 4, 100}, first)
		return append(binary.AppendVarint(b, step), 0, 0, 0, 0)
	}
	n, err := v.size(slices.Concat(lengths(50, 0), lengths(0, 0)))
	if err != nil || n < 5000 {
		t.Errorf("values of 50 bytes each take %d, %v", n, err)
	}
}

func second[T any](_ T, err error) error { return err }

// FuzzReadParquet reads any bytes: no panic, little memory, and as many values in each column as there are rows.
func FuzzReadParquet(f *testing.F) {
	file, err := os.ReadFile("testdata/polars.parquet")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add(odds(f, 5, 1))
	f.Add(odds(f, 5, 2))
	f.Add([]byte("PAR1PAR1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		over := newPages(b)
		over.unpacked, over.items = 16<<20, 100_000
		got, _, err := readParquet(b, over)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 512<<20 {
			t.Errorf("%d bytes made for a file of %d", used, len(b))
		}
		if err != nil {
			if !errors.Is(err, ErrTable) {
				t.Errorf("%v", err)
			}
			return
		}
		for c := range got.Cols {
			if got.Cols[c].Len() != got.Cols[0].Len() {
				t.Errorf("column %d has %d rows, the first %d", c, got.Cols[c].Len(), got.Cols[0].Len())
			}
		}
	})
}
