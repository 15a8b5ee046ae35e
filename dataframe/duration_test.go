package dataframe

import (
	"strings"
	"testing"
)

func TestDurationsThatWerePerhapsMeant(t *testing.T) {
	for text, meant := range map[string]string{
		"1min": "1m", "1 minute": "1m", "10 s": "10s", "5 Seconds": "5s", "2": "2s", "3 hours": "3h", "7 days": "7d", "5T": "5m", "soon": "", "1m30": "", "1.5days": "",
	} {
		_, err := ParseDuration(text)
		if err == nil {
			t.Fatalf("%q is a duration", text)
		}
		_, got, _ := strings.Cut(err.Error(), "did you mean ")
		if want := map[bool]string{true: `"` + meant + `"?`}[meant != ""]; got != want {
			t.Errorf("%q: %v, want %q", text, err, meant)
		}
	}
}
