package file_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/riffle-stream/riffle/broker/telemetry"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

var header = file.Header{
	ClusterID: "cluster-1", Spec: "last 4", Created: time.Date(2026, 11, 2, 3, 4, 5, 6000, time.UTC),
	Topics: []file.Topic{
		{Name: "cars", ID: "0f", Partitions: 4, Ranges: []file.Range{{From: 1, To: 9}}},
		{Name: "gps", Partitions: 2},
	},
}

// unread leaves out what a header has only once its rows were read.
var unread = cmpopts.IgnoreFields(file.Topic{}, "Fingerprint")

// rows has what is easily lost: nil and empty, headers twice, times before 1970, gaps of 0.
func rows() []file.Row {
	return []file.Row{
		{Record: row.Record{Topic: "gps", Partition: 1, Offset: 0, Key: []byte("44"), Value: []byte(`{"lat":1}`), Time: 1_700_000_000_000}, Gap: 5},
		{Record: row.Record{Topic: "cars", Partition: 3, Offset: 7, Key: nil, Value: nil, Time: -1}, Gap: 0},
		{Record: row.Record{Topic: "cars", Partition: 3, Offset: 9, Key: []byte{}, Value: []byte{}, Time: 0}, Gap: time.Hour, Appended: true},
		{Record: row.Record{Topic: "cars", Partition: 0, Offset: 1 << 60, Key: []byte("k"), Value: []byte("\x00\xff\n"), Time: 1 << 60,
			Headers: []row.Header{{Key: "a", Value: []byte("1")}, {Key: "a", Value: nil}, {Key: "", Value: []byte{}}}}, Gap: -1},
	}
}

func write(t testing.TB, h file.Header, rows []file.Row) (path string, f file.Fingerprint) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x.sample")
	w, err := file.Create(path, h)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if f, err = w.Close(); err != nil {
		t.Fatal(err)
	}
	return path, f
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	path, want := write(t, header, rows())
	s, err := file.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []file.Row
	for i := range s.Records {
		got = append(got, s.Row(i))
	}
	if diff := cmp.Diff(rows(), got); diff != "" { // go-cmp keeps nil and empty apart
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(header, s.Header, unread); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if s.Fingerprint != want || s.Partitions("cars") != 4 || s.Partitions("x") != 0 {
		t.Errorf("fingerprint %s, want %s; partitions %d, %d", s.Fingerprint, want, s.Partitions("cars"), s.Partitions("x"))
	}
	h, f, err := file.ReadHeader(path)
	if err != nil || f != want || !cmp.Equal(h, header, unread) {
		t.Errorf("ReadHeader: %+v, %s, %v", h, f, err)
	}
}

func TestEmptySample(t *testing.T) {
	path, _ := write(t, header, nil)
	s, err := file.Read(path)
	if err != nil || len(s.Records) != 0 {
		t.Errorf("%d rows, %v; want none", len(s.Records), err)
	}
}

// The fingerprint is of the rows: how they interleaved, when and from where is not in it.
func TestFingerprintIsOfTheRows(t *testing.T) {
	_, want := write(t, header, rows())
	shuffled := rows()
	shuffled[0], shuffled[1], shuffled[2], shuffled[3] = shuffled[1], shuffled[3], shuffled[0], shuffled[2]
	for i := range shuffled {
		shuffled[i].Gap++
	}
	other := header
	other.ClusterID, other.Spec, other.Created = "cluster-2", "first 4", time.Now()
	other.Topics = []file.Topic{header.Topics[1], header.Topics[0]}
	if _, got := write(t, other, shuffled); got != want {
		t.Errorf("fingerprint of the same rows is %s, want %s", got, want)
	}
}

func TestFingerprintSeesEveryChange(t *testing.T) {
	_, original := write(t, header, rows())
	seen := map[file.Fingerprint]string{original: "the original"}
	for name, change := range map[string]func([]file.Row) []file.Row{
		"offset":           func(rs []file.Row) []file.Row { rs[2].Offset++; return rs },
		"partition":        func(rs []file.Row) []file.Row { rs[0].Partition = 0; return rs },
		"topic":            func(rs []file.Row) []file.Row { rs[0].Topic = "cars"; return rs },
		"key":              func(rs []file.Row) []file.Row { rs[3].Key = []byte("K"); return rs },
		"nil to empty":     func(rs []file.Row) []file.Row { rs[1].Key = []byte{}; return rs },
		"tombstone":        func(rs []file.Row) []file.Row { rs[2].Value = nil; return rs },
		"value":            func(rs []file.Row) []file.Row { rs[3].Value[0]++; return rs },
		"time":             func(rs []file.Row) []file.Row { rs[0].Time++; return rs },
		"time type":        func(rs []file.Row) []file.Row { rs[0].Appended = true; return rs },
		"header value":     func(rs []file.Row) []file.Row { rs[3].Headers[0].Value = nil; return rs },
		"header order":     func(rs []file.Row) []file.Row { h := rs[3].Headers; h[0], h[1] = h[1], h[0]; return rs },
		"one row less":     func(rs []file.Row) []file.Row { return rs[:3] },
		"key and value":    func(rs []file.Row) []file.Row { rs[0].Key, rs[0].Value = rs[0].Value, rs[0].Key; return rs },
		"moved boundaries": func(rs []file.Row) []file.Row { rs[0].Key, rs[0].Value = []byte("44{"), []byte(`"lat":1}`); return rs },
	} {
		_, f := write(t, header, change(rows()))
		if before, dup := seen[f]; dup {
			t.Errorf("%s has the fingerprint of %s", name, before)
		}
		seen[f] = name
	}
	more := header
	more.Topics = []file.Topic{{Name: "cars", Partitions: 8}, {Name: "gps", Partitions: 2}}
	if _, f := write(t, more, rows()); seen[f] != "" {
		t.Error("the number of partitions is not in the fingerprint")
	}
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	path, _ := write(t, header, rows())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		broken := bytes.Clone(whole)
		broken[i] ^= 1 << (i % 8)
		if err := readBytes(broken); !isNamed(err) {
			t.Fatalf("byte %d flipped: error %v, want a named one", i, err)
		}
	}
}

func TestEveryTruncationIsFound(t *testing.T) {
	path, _ := write(t, header, rows())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		err := readBytes(whole[:n])
		if want := file.ErrTruncated; n >= 16 && !errors.Is(err, want) || !isNamed(err) {
			t.Fatalf("%d of %d bytes: error %v, want %v", n, len(whole), err, want)
		}
	}
	if err := readBytes(append(whole, 0)); !isNamed(err) {
		t.Errorf("a byte more: error %v, want a named one", err)
	}
}

func TestReadHeaderOfABrokenFile(t *testing.T) {
	path, _ := write(t, header, rows())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{nil, whole[:10], whole[:18], whole[:40], whole[:len(whole)-1], append([]byte("riffle sample 1\n"), 255, 255, 255, 255)} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := file.ReadHeader(path); !isNamed(err) {
			t.Errorf("%d bytes: error %v, want a named one", len(b), err)
		}
		if _, err := file.Read(path); !isNamed(err) || !strings.Contains(err.Error(), path) {
			t.Errorf("%d bytes: error %v, want a named one with the path", len(b), err)
		}
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	for _, content := range []string{"", "{}", "riffle sample 2\n and so on", strings.Repeat("x", 1000)} {
		if err := readBytes([]byte(content)); !errors.Is(err, file.ErrNotSample) {
			t.Errorf("%.20q: error %v, want ErrNotSample", content, err)
		}
	}
	if _, err := file.Read(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v, want ErrNotExist", err)
	}
}

func TestWriterRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		r    row.Record
		want error
	}{
		{"stranger", row.Record{Topic: "x"}, file.ErrCorrupt},
		{"partition", row.Record{Topic: "gps", Partition: 2}, file.ErrCorrupt},
		{"no partition", row.Record{Topic: "gps", Partition: -1}, file.ErrCorrupt},
		{"offset again", row.Record{Topic: "gps", Partition: 1, Offset: 0}, file.ErrCorrupt},
		{"negative offset", row.Record{Topic: "gps", Offset: -1}, file.ErrCorrupt},
		{"size", row.Record{Topic: "gps", Value: make([]byte, file.MaxBytes)}, file.ErrTooLarge},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			dir := t.TempDir()
			w, err := file.Create(filepath.Join(dir, "s"), header)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write(rows()[0]); err != nil {
				t.Fatal(err)
			}
			if err := w.Write(file.Row{Record: test.r}); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			if _, err := w.Close(); !errors.Is(err, test.want) {
				t.Errorf("Close: %v, want %v", err, test.want)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}

func TestBadHeaders(t *testing.T) {
	for _, topics := range [][]file.Topic{
		nil, make([]file.Topic, file.MaxTopics+1), {{Name: "a"}}, {{Name: "a", Partitions: -1}}, {{Name: "a", Partitions: file.MaxPartitions + 1}},
		{{Name: "a", Partitions: 1}, {Name: "a", Partitions: 1}},
	} {
		if _, err := file.Create(filepath.Join(t.TempDir(), "s"), file.Header{Topics: topics}); !isNamed(err) {
			t.Errorf("%d topics: error %v, want a named one", len(topics), err)
		}
	}
}

func TestFileIsReplacedWhole(t *testing.T) {
	path, first := write(t, header, rows())
	w, err := file.Create(path, header)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows()[0]); err != nil {
		t.Fatal(err)
	}
	if s, err := file.Read(path); err != nil || s.Fingerprint != first {
		t.Fatalf("while another is written: %v", err)
	}
	w.Abort()
	if s, err := file.Read(path); err != nil || s.Fingerprint != first {
		t.Fatalf("after an abort: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// Rows of any shape survive, in any interleaving of partitions.
func TestRandomRowsSurvive(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	some := func() []byte {
		if rng.IntN(5) == 0 {
			return nil
		}
		b := make([]byte, rng.IntN(40))
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		return b
	}
	for range 30 {
		var want []file.Row
		next := map[string]int64{}
		for range rng.IntN(200) {
			topic := header.Topics[rng.IntN(2)]
			r := file.Row{Gap: time.Duration(rng.Int64()), Appended: rng.IntN(2) == 0}
			r.Topic, r.Partition, r.Time, r.Key, r.Value = topic.Name, rng.Int32N(topic.Partitions), rng.Int64()-rng.Int64(), some(), some()
			at := fmt.Sprint(r.Topic, r.Partition)
			r.Offset = next[at] + int64(rng.IntN(3))
			next[at] = r.Offset + 1
			for range rng.IntN(3) {
				r.Headers = append(r.Headers, row.Header{Key: string(some()), Value: some()})
			}
			want = append(want, r)
		}
		path, _ := write(t, header, want)
		s, err := file.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		var got []file.Row
		for i := range s.Records {
			got = append(got, s.Row(i))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("rows (-want +got):\n%.2000s", diff)
		}
	}
}

// Random bytes fail the checksum; so the fuzzer's bytes get a right one, too, to reach what is behind it.
func FuzzDecode(f *testing.F) {
	path, _ := write(f, header, rows())
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:60])
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, b := range [][]byte{b, sealed(b)} {
			if err := readBytes(b); err != nil && !isNamed(err) {
				t.Errorf("error %v, want a named one", err)
			}
		}
	})
}

// sealed makes the checksum right.
func sealed(b []byte) []byte {
	const end = 12
	if len(b) < end {
		return b
	}
	b = bytes.Clone(b[:len(b)-end])
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
	return append(b, "rifflend"...)
}

// What a checksum does not see, such as a file that somebody changed and sealed again, the fingerprint does.
func TestSealedForgeriesAreFound(t *testing.T) {
	path, _ := write(t, header, rows())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, []byte(`{"lat":1}`))
	for i := at; i < len(whole)-12; i++ {
		forged := bytes.Clone(whole)
		forged[i] ^= 0x10
		if err := readBytes(sealed(forged)); err == nil && !isGap(t, whole, forged) {
			t.Errorf("byte %d changed and sealed: no error", i)
		}
	}
}

// isGap reports whether two files differ in arrival gaps alone, which the fingerprint leaves out.
func isGap(t *testing.T, a, b []byte) bool {
	t.Helper()
	s1, err := file.Decode(bytes.Clone(a))
	if err != nil {
		t.Fatal(err)
	}
	s2, err := file.Decode(sealed(b))
	return err == nil && cmp.Equal(s1.Records, s2.Records) && !cmp.Equal(s1.Gaps, s2.Gaps)
}

func isNamed(err error) bool {
	for _, named := range []error{file.ErrNotSample, file.ErrTruncated, file.ErrCorrupt, file.ErrTooLarge} {
		if errors.Is(err, named) {
			return true
		}
	}
	return false
}

func readBytes(b []byte) error {
	_, err := file.Decode(bytes.Clone(b))
	return err
}

func BenchmarkRead(b *testing.B) {
	path := telemetrySample(b)
	b.ReportAllocs()
	for b.Loop() {
		if s, err := file.Read(path); err != nil || len(s.Records) != 50_000 {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		telemetrySample(b)
	}
}

func telemetrySample(b *testing.B) string {
	b.StopTimer()
	var rs []file.Row
	for _, r := range telemetry.Rows(1, time.UnixMilli(1_700_000_000_000), 50_000) {
		rs = append(rs, file.Row{Record: r, Gap: 1000})
	}
	b.StartTimer()
	path, _ := write(b, file.Header{Topics: []file.Topic{{Name: telemetry.CarTopic, Partitions: telemetry.Partitions}}}, rs)
	return path
}
