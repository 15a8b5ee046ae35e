package row

import "testing"

func TestRowString(t *testing.T) {
	tab := NewTable(NewSchema(Field{"car", String}, Field{"kmh", Float}))
	b := tab.Batch()
	for i, v := range []any{"44", nil} {
		if err := b.Cols[i].Append(v); err != nil {
			t.Fatal(err)
		}
	}
	if got := NewRow(b, 0).With("lap", 3).String(); got != "car=44 kmh=null lap=3" {
		t.Errorf("a row prints as %q", got)
	}
}
