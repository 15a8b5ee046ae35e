package codec

import (
	"os"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestJSONIsReadAsDocumented reads the table of docs/formats.md.
func TestJSONIsReadAsDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| record | column | read as |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")
	if len(lines) < 20 {
		t.Fatalf("the table has %d lines", len(lines))
	}
	for _, line := range lines {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		record, kind, want := strings.Trim(cells[0], "`"), strings.Trim(cells[1], "`"), strings.Trim(cells[2], "`")
		s := fieldsOf(t, "x "+kind)
		var b row.Batch
		bad := JSON().Decoder(s, Options{}).Decode(records(record), &b)
		if fault, ok := strings.CutPrefix(want, "bad row: "); ok {
			if len(bad) != 1 || !strings.HasPrefix(bad[0].Err.Error(), fault) {
				t.Errorf("%s: %v, the page says %s", record, bad, fault)
			}
			continue
		}
		if len(bad) > 0 {
			t.Errorf("%s as %s: %v, the page says %s", record, kind, bad[0].Err, want)
			continue
		}
		if got := encoded(t, JSON().Encoder(s, Options{}), &b, 0); got != `{"x":`+want+"}" {
			t.Errorf("%s as %s is %s, the page says %s", record, kind, got, want)
		}
	}
}
