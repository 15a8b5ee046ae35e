package near

import "testing"

func TestName(t *testing.T) {
	names := []string{"amount", "city", "ts", "Speed"}
	for want, meant := range map[string]string{"amont": "amount", "amuont": "amount", "speed": "Speed", "tss": "ts", "zebra": "", "": "", "t": "", "TS": "ts"} {
		if got := Name(want, names); got != meant {
			t.Errorf("Name(%q) = %q, want %q", want, got, meant)
		}
	}
}
