package expr

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// column is one column of a test batch.
type testColumn struct {
	name   string
	kind   row.Kind
	values []any
}

func makeBatch(t testing.TB, cols []testColumn, n int) *row.Batch {
	t.Helper()
	b := &row.Batch{Time: make([]int64, n), Seq: make([]int64, n)}
	var fields []row.Field
	for _, c := range cols {
		v := row.MakeVec(c.kind, 0)
		for i := range n {
			if err := v.Append(c.values[i%len(c.values)]); err != nil {
				t.Fatalf("column %s: %v", c.name, err)
			}
		}
		fields = append(fields, row.Field{Name: c.name, Kind: c.kind})
		b.Cols = append(b.Cols, v)
	}
	b.Schema = row.NewSchema(fields...)
	return b
}

// oneRow is the row that testdata/values.txt speaks of.
func oneRow(t testing.TB) *row.Batch {
	when := time.Date(2026, 3, 1, 12, 34, 56, 789e6, time.UTC)
	list := []any{int64(1), int64(2), int64(3)}
	oil := row.Object{{Name: "temp", Value: 98.5}}
	b := makeBatch(t, []testColumn{
		{"i", row.Int, []any{42}}, {"big", row.Int, []any{math.MaxInt64}}, {"f", row.Float, []any{1.5}}, {"nan", row.Float, []any{math.NaN()}},
		{"b", row.Bool, []any{true}}, {"s", row.String, []any{"Verstappen"}}, {"t", row.Time, []any{when}},
		{"ni", row.Int, []any{nil}}, {"nf", row.Float, []any{nil}}, {"nb", row.Bool, []any{nil}}, {"ns", row.String, []any{nil}},
		{"list", row.List, []any{list}}, {"engine", row.Struct, []any{row.Object{{Name: "rpm", Value: int64(11000)}, {Name: "oil", Value: oil}}}},
		{"objects", row.List, []any{[]any{row.Object{{Name: "name", Value: "x"}, {Name: "n", Value: int64(1)}}, row.Object{{Name: "name", Value: "y"}, {Name: "n", Value: int64(2)}}, row.Object{}}}},
		{"wheel.speed", row.Float, []any{81.5}}, {"Engine RPM", row.Int, []any{9000}},
		{"any1", row.Any, []any{int64(7)}}, {"anys", row.Any, []any{"x"}}, {"anynull", row.Any, []any{nil}},
	}, 1)
	b.Time[0] = when.UnixMicro()
	b.Key = row.MakeVec(row.String, 0)
	if err := b.Key.Append("k1"); err != nil {
		t.Fatal(err)
	}
	b.Records = []row.Record{{Topic: "cars", Partition: 2, Offset: 118, Headers: []row.Header{{Key: "trace", Value: []byte("abc")}}}}
	b.Origin = []int32{0}
	return b
}

func eval(src string, b *row.Batch) (*Program, *row.Vec, error) {
	e, err := Parse(src)
	if err != nil {
		return nil, nil, err
	}
	p, err := Compile(e, b.Schema)
	if err != nil {
		return nil, nil, err
	}
	return p, p.Eval(b), nil
}

// lines are the cases of a file: what stands before and after "=>".
func lines(t *testing.T, file string) (cases [][2]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if src, want, ok := strings.Cut(line, " => "); ok && !strings.HasPrefix(line, "#") {
			cases = append(cases, [2]string{src, want})
		}
	}
	if len(cases) == 0 {
		t.Fatalf("%s has no cases", file)
	}
	return cases
}

func show(p *Program, v *row.Vec, i int) string {
	return fmt.Sprintf("%s %s", p.Kind(), textOf(v.Value(i)))
}

func TestValues(t *testing.T) {
	b := oneRow(t)
	for _, c := range lines(t, "testdata/values.txt") {
		p, v, err := eval(c[0], b)
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if v.Len() != 1 || v.Kind != p.Kind() {
			t.Errorf("%s: %d rows of %s, want 1 of %s", c[0], v.Len(), v.Kind, p.Kind())
		}
		if got := show(p, v, 0); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}
