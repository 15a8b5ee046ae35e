package table

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

func TestReadsWhatPolarsWrote(t *testing.T) {
	file, err := os.ReadFile("testdata/polars.parquet")
	if err != nil {
		t.Fatal(err)
	}
	b, left, err := ReadParquet(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("car string, speed float, gear int, big int, u int, f float, ok bool, raw bytes, us time, ms time, day time, price float, list list, engine.rpm int, engine.oil.bar float", b.Schema.String()); diff != "" || fmt.Sprint(left) != "[laps.list.element.n]" {
		t.Fatalf("%s, left out %v", diff, left)
	}
	lines, err := os.ReadFile("testdata/polars.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		var want map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		for c, f := range b.Schema.Fields() {
			got := plainly(f.Name, b.Cols[c].Value(i))
			if text := spelled(want[f.Name]); spelled(got) != text {
				t.Fatalf("row %d: %s is %s, want %s", i, f.Name, spelled(got), text)
			}
		}
	}
}

// plainly is a value as testdata/golden.py writes it.
func plainly(name string, v any) any {
	switch x := v.(type) {
	case time.Time:
		if name == "day" {
			return x.Unix() / 86400
		}
		return x.UnixMilli()
	case []byte:
		return hex.EncodeToString(x)
	}
	return v
}

// spelled writes numbers alike: 1.0 and 1.
func spelled(v any) string {
	switch x := v.(type) {
	case json.Number:
		if f, err := x.Float64(); err == nil && strings.ContainsAny(string(x), ".e") {
			return fmt.Sprint(f)
		}
		return string(x)
	case []any:
		var out []string
		for _, e := range x {
			out = append(out, spelled(e))
		}
		return "[" + strings.Join(out, " ") + "]"
	}
	return fmt.Sprint(v)
}

// rows are some of every kind.
func rows(t *testing.T) *row.Batch {
	t.Helper()
	s := row.NewSchema(row.Field{Name: "z", Kind: row.String}, row.Field{Name: "a.b", Kind: row.Float}, row.Field{Name: "i", Kind: row.Int},
		row.Field{Name: "ok", Kind: row.Bool}, row.Field{Name: "raw", Kind: row.Bytes}, row.Field{Name: "at", Kind: row.Time}, row.Field{Name: "took", Kind: row.Duration}, row.Field{Name: "list", Kind: row.List})
	b := &row.Batch{Schema: s, Time: make([]int64, 2)}
	values := []any{"ä,\"\n", 0.1, int64(-1 << 60), true, []byte{0xff}, time.UnixMicro(1_700_000_000_123_456).UTC(), 1500 * time.Microsecond, []any{int64(1), "x"}}
	for i, v := range values {
		b.Cols = append(b.Cols, row.MakeVec(s.At(i).Kind, 2))
		if err := b.Cols[i].Set(0, v); err != nil {
			t.Fatal(err)
		}
		b.Cols[i].SetNull(1)
	}
	return b
}

func TestWritesWhatItReads(t *testing.T) {
	b := rows(t)
	var out bytes.Buffer
	if err := Write(&out, "x.parquet", b, ""); err != nil {
		t.Fatal(err)
	}
	got, left, err := ReadParquet(out.Bytes())
	if err != nil || left != nil {
		t.Fatalf("%v, left out %v", err, left)
	}
	for c, f := range b.Schema.Fields() {
		want := b.Cols[c].Value(0)
		switch f.Name {
		case "took":
			want = int64(1500)
		case "list":
			want = `[1,"x"]`
		}
		if have := got.Cols[c].Value(0); !cmp.Equal(want, have) || got.Schema.At(c).Name != f.Name || !got.Cols[c].IsNull(1) {
			t.Errorf("column %d is %s %v, want %s %v", c, got.Schema.At(c).Name, have, f.Name, want)
		}
	}
	polars(t, out.Bytes())
}

// polars reads the file, if it is there to do so.
func polars(t *testing.T, file []byte) {
	t.Helper()
	python := "../../.venv/bin/python"
	if err := exec.Command(python, "-c", "import polars").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("CI runs with Polars: %v", err)
		}
		t.Skip("there is no Polars to read the file: make test installs it")
	}
	path := t.TempDir() + "/x.parquet"
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(python, "-c", "import polars,sys; d=polars.read_parquet(sys.argv[1]); print(d.columns, d['at'].dtype, d.row(0)[1:4], d.row(1) == (None,)*8)", path).CombinedOutput()
	if want := "['z', 'a.b', 'i', 'ok', 'raw', 'at', 'took', 'list'] Datetime(time_unit='us', time_zone='UTC') (0.1, -1152921504606846976, True) True\n"; err != nil || string(said) != want {
		t.Errorf("Polars says %s, %v", said, err)
	}
}

func TestCSVFilesComeBack(t *testing.T) {
	b := rows(t)
	for _, name := range []string{"x.csv", "x.tsv"} {
		var out bytes.Buffer
		if err := Write(&out, name, b, ""); err != nil {
			t.Fatal(err)
		}
		comma := map[string]byte{"x.csv": ',', "x.tsv": '\t'}[name]
		names, lines, err := ReadCSV(&out, comma, nil)
		if err != nil || !cmp.Equal(names, b.Schema.Names()) || len(lines) != 2 {
			t.Fatalf("%s: %v %q %v", name, names, lines, err)
		}
		var got row.Batch
		recs := []row.Record{{Value: lines[0]}, {Value: lines[1]}}
		if bad := codec.CSV(names...).Decoder(b.Schema, codec.Options{}).Decode(recs, &got); len(bad) > 0 {
			t.Fatal(bad[0].Err)
		}
		for c, f := range b.Schema.Fields() {
			if want := b.Cols[c].Value(0); !cmp.Equal(want, got.Cols[c].Value(0)) || !got.Cols[c].IsNull(1) {
				t.Errorf("%s: %s is %v, want %v", name, f.Name, got.Cols[c].Value(0), want)
			}
		}
	}
}

func TestCSVFilesOfOthers(t *testing.T) {
	for _, c := range []struct{ text, names, lines, fails string }{
		{"\ufeffa,b\r\n1,2\r\n", "[a b]", "[1,2]", ""},
		{"a;b\n\"x;y\";\n", "[a b]", "[x;y,]", ""},
		{"a,,b\n1\n", "[a column_2 b]", "[1,,]", ""},
		{"a,b\n\"x\ny\",2\n", "[a b]", "[\"x\ny\",2]", ""},
		{"a,a\n", "", "", `the header names "a" twice`},
		{"a\n1,2\n", "", "", "line 2 has 2 fields, there are 1 columns: what separates fields?"},
		{"a\n\"x\n", "", "", "no table: parse error on line 2"},
		{"", "", "", "the header does not read: EOF"},
		{"\xff\xfea\x00\n\x00", "", "", "the text is UTF-16, want UTF-8"},
		{"caf\xe9\n1\n", "", "", "is not UTF-8: save the file as UTF-8"},
		{strings.Repeat("x,", codec.MaxColumns) + "y\n", "", "", "it has 1001 columns, want at most 1000"},
		{"a\n\"" + strings.Repeat("x\n", maxLine/2) + "\"\n", "", "", "line 2 has 1048579 bytes, want at most 1048576: is a quote open?"},
	} {
		comma := byte(',')
		if strings.HasPrefix(c.text, "a;") {
			comma = ';'
		}
		names, lines, err := ReadCSV(strings.NewReader(c.text), comma, nil)
		if c.fails != "" {
			if !errors.Is(err, ErrTable) || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%q: %v, want %s", c.text, err, c.fails)
			}
			continue
		}
		if got := fmt.Sprintf("%s", lines); err != nil || fmt.Sprint(names) != c.names || got != c.lines {
			t.Errorf("%q: %v %s %v", c.text, names, got, err)
		}
	}
}

func TestLines(t *testing.T) {
	lines, err := ReadLines(strings.NewReader("\ufeff{}\n\n  \r\n{\"a\":1}"))
	if err != nil || fmt.Sprintf("%s", lines) != "[{} {\"a\":1}]" {
		t.Errorf("%s %v", lines, err)
	}
	if _, err := ReadLines(strings.NewReader("{}\n\n" + strings.Repeat("x", maxLine+2))); !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "line 3 has more than 1048576 bytes") {
		t.Errorf("a line of 1 MiB gives %v", err)
	}
	if _, err := ReadLines(strings.NewReader("\xfe\xff\x00{")); !errors.Is(err, ErrTable) {
		t.Errorf("UTF-16 gives %v", err)
	}
}

// FuzzReadCSV reads any text as a file: what it gives is lines that the codec of records reads, into the same fields.
func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a\n\"x\r\ny\"\n", "a,b\n\"\"\"\",\r\n \n", "\ufeffa;b\n1", "a\n\\.\n", "a,b\n\"\r\",\"\n\"\n", "a\n\"\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		names, lines, err := ReadCSV(bytes.NewReader(text), ',', nil)
		if err != nil {
			if !errors.Is(err, ErrTable) {
				t.Error(err)
			}
			return
		}
		var fields []row.Field
		for _, n := range names {
			fields = append(fields, row.Field{Name: n, Kind: row.String})
		}
		s := row.NewSchema(fields...)
		d, e := codec.CSV(names...).Decoder(s, codec.Options{}), codec.CSV(names...).Encoder(s, codec.Options{})
		for _, line := range lines {
			var b, again row.Batch
			if bad := d.Decode([]row.Record{{Value: line}}, &b); len(bad) > 0 {
				if utf8.Valid(line) {
					t.Fatalf("%q is not read as a record: %v", line, bad[0].Err)
				}
				continue
			}
			out, err := e.Append([]byte{}, &b, 0)
			if err != nil {
				t.Fatal(err)
			}
			first := fmt.Sprint(b.Cols)
			if bad := d.Decode([]row.Record{{Value: out}}, &again); len(bad) > 0 || fmt.Sprint(again.Cols) != first {
				t.Fatalf("%q became %q: %v", line, out, bad)
			}
		}
	})
}
