package display

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "speed 3.6 km/h", "speed 3.6 km/h"},
		{"letters", "Zürich 東京 नमस्ते", "Zürich 東京 नमस्ते"},
		{"combining", "e\u0301", "e\u0301"},
		{"colours", "\x1b[31mred\x1b[0m \x1b[1;32mbold\x1b[m", "red bold"},
		{"cursor", "a\x1b[2J\x1b[Hb\x1b[?25l", "ab"},
		{"link", "\x1b]8;;http://x\x07text\x1b]8;;\x1b\\", "text"},
		{"title without end", "\x1b]0;rest is kept", "0;rest is kept"},
		{"C1 colours", "\u009b31mred", "red"},
		{"lone escape", "a\x1b", "a"},
		{"bidi", "user\u202egpj.exe", `user\u202egpj.exe`},
		{"isolate", "\u2066a\u2069", `\u2066a\u2069`},
		{"zero width", "a\u200bb\ufeffc\u2060d\u00ade", `a\u200bb\ufeffc\u2060d\xade`},
		{"blank letters", "\u3164\u2800", `\u3164\u2800`},
		{"tags", "\U000e0041", `\U000e0041`},
		{"joiner", "a\u200db", `a\u200db`},
		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"skin", "👩🏽\u200d💻", "👩🏽\u200d💻"},
		{"lines", "a\nb\r\n\tc", `a\nb\r\n\tc`},
		{"separators", "a\u2028b", `a\u2028b`},
		{"null byte", "a\x00b", `a\x00b`},
		{"not UTF-8", "a\xffb", `a\xffb`},
		{"no-break space", "12\u00a0km", "12\u00a0km"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Visible(c.in); got != c.want {
				t.Errorf("Visible(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
	if got, want := VisibleLines("a\n\tb\x07"), "a\n\tb\\x07"; got != want {
		t.Errorf("VisibleLines = %q, want %q", got, want)
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"a", "\x1b[31m", "\u202e", "\xff", "👨\u200d👩", "\x1b]0;x", "\x1b\x1b[[31m31m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\x1b\n\r\t\x00\u202e\u200b\u009b") {
			t.Errorf("Visible(%q) = %q", s, got)
		}
		if again := Visible(got); again != got {
			t.Errorf("Visible twice: %q, once %q", again, got)
		}
	})
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 80, "short"},
		{"abcdef", 4, "abc…"},
		{"東京東京", 5, "東京…"},
		{"東京東京", 4, "東…"},
		{strings.Repeat("x", 1<<20), 3, "xx…"},
	} {
		if got := cut(c.in, c.n); got != c.want || width(got) > c.n {
			t.Errorf("cut(%.20q, %d) = %q of width %d, want %q", c.in, c.n, got, width(got), c.want)
		}
	}
}

func TestGroup(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 50000: "50,000", -1234567: "-1,234,567", -100: "-100"} {
		if got := group(n); got != want {
			t.Errorf("group(%d) = %s, want %s", n, got, want)
		}
	}
}
