package replay_test

import (
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/export/replay"
)

func TestDiff(t *testing.T) {
	for _, test := range []struct {
		name, want, got string
		says            []string // nothing: equal
	}{
		{"equal", "a\nb\n", "a\nb\n", nil},
		{"both empty", "", "", nil},
		{"another row", "a\nb\nc\n", "a\nx\nc\n", []string{"row 2 differs (3 rows wanted, 3 rows given)", "want b", "got  x"}},
		{"a row less", "a\nb\n", "a\n", []string{"row 2 differs (2 rows wanted, 1 rows given)", "want b", "got  (no row)"}},
		{"a row more", "a\n", "a\nb\n", []string{"row 2 differs (1 rows wanted, 2 rows given)", "want (no row)", "got  b"}},
		{"no rows", "a\n", "", []string{"row 1 differs (1 rows wanted, 0 rows given)", "got  (no row)"}},
		{"the last line is cut", "a\nb\n", "a\nb", []string{"differs (2 rows wanted, 1 rows given)"}},
		{"a long row", strings.Repeat("a", 5000) + "\n", "b\n", []string{"aaa...\n"}},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			got := replay.Diff([]byte(test.want), []byte(test.got))
			if (got == "") != (test.says == nil) {
				t.Errorf("difference %q", got)
			}
			for _, want := range test.says {
				if !strings.Contains(got, want) {
					t.Errorf("difference lacks %q:\n%s", want, got)
				}
			}
		})
	}
}
