package machine

import (
	"strings"
	"testing"
)

func TestMemTotal(t *testing.T) {
	for info, want := range map[string]int64{
		"MemTotal:       16384 kB\nMemFree: 1 kB\n": 16 << 20,
		"MemFree: 1 kB\nMemTotal: 1 kB":             1 << 10,
	} {
		if got, err := memTotal([]byte(info)); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", info, got, err, want)
		}
	}
	for info, says := range map[string]string{"": "no line MemTotal", "MemTotal: many kB": "many", "MemTotal:": "no line MemTotal"} {
		if got, err := memTotal([]byte(info)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %d, %v, want an error with %q", info, got, err, says)
		}
	}
}
