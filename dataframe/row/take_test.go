package row

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// values is a column of each kind, the middle row null.
func values(t *testing.T) []Vec {
	t.Helper()
	var out []Vec
	for kind, rows := range map[Kind][]any{
		Bool: {true, nil, false, true}, Int: {int64(1), nil, int64(3), int64(4)}, Float: {1.5, nil, 2.5, 3.5},
		String: {"a", nil, "", "c"}, Bytes: {[]byte("x"), nil, []byte("y"), []byte("z")},
		Time: {time.UnixMicro(1).UTC(), nil, time.UnixMicro(3).UTC(), time.UnixMicro(4).UTC()},
		Any:  {"a", nil, 1.5, []any{"b"}}, List: {[]any{1.5}, nil, []any{}, []any{"x"}}, Null: {nil, nil, nil, nil},
	} {
		v := MakeVec(kind, 0)
		for _, x := range rows {
			if err := v.Append(x); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, v)
	}
	return out
}

func content(v *Vec) []any {
	out := make([]any, v.Len())
	for i := range out {
		out[i] = v.Value(i)
	}
	return out
}

func TestRowsOfAColumnCopiedTakenAndKept(t *testing.T) {
	for _, from := range values(t) {
		want := content(&from)
		copied := MakeVec(from.Kind, 0)
		for i := range from.Len() {
			if err := copied.AppendFrom(&from, i); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want, content(&copied)); d != "" {
			t.Errorf("%v, copied (-want +got):\n%s", from.Kind, d)
		}
		taken := MakeVec(from.Kind, 7) // memory of before
		taken.Take(&from, []int32{3, -1, 0, 1, 3})
		if d := cmp.Diff([]any{want[3], nil, want[0], nil, want[3]}, content(&taken)); d != "" {
			t.Errorf("%v, taken (-want +got):\n%s", from.Kind, d)
		}
		copied.Keep([]int32{1, 3})
		if d := cmp.Diff([]any{nil, want[3]}, content(&copied)); d != "" {
			t.Errorf("%v, kept (-want +got):\n%s", from.Kind, d)
		}
		if copied.Keep(nil); copied.Len() != 0 {
			t.Errorf("%v: %d rows are left of none", from.Kind, copied.Len())
		}
		if err := copied.AppendFrom(&from, 2); err != nil || !cmp.Equal(want[2:3], content(&copied)) {
			t.Errorf("%v: after all were dropped a row is %v, %v, want %v", from.Kind, content(&copied), err, want[2])
		}
	}
}

// A row that waits outlives its record.
func TestCopiedRowsStandOnTheirOwn(t *testing.T) {
	record := []byte("silverstone")
	from, to := Vec{Kind: String, Strs: []string{view(record)}}, Vec{Kind: String}
	if err := to.AppendFrom(&from, 0); err != nil {
		t.Fatal(err)
	}
	copy(record, "xxxxxxxxxxx")
	if to.Strs[0] != "silverstone" {
		t.Errorf("the copy changed with the record: %q", to.Strs[0])
	}
}
