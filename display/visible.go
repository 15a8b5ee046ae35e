package display

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapes matches terminal control: CSI, OSC and the other strings, and the
// two-byte sequences, begun by ESC or by a C1 control. A string without its
// end loses its beginning only, so that it does not hide what follows.
var escapes = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]?" +
	"|(?:\x1b[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)" +
	"|\x1b[ -/]*[0-~]?")

// Visible is text on one line in which everything can be seen: terminal
// control is taken out, and what has no width or changes the direction of
// writing (control and format characters, bytes that are not UTF-8, line
// ends) is written as its Go escape.
func Visible(s string) string { return visible(s, false) }

// VisibleLines is as [Visible], and keeps line ends and tabs.
func VisibleLines(s string) string { return visible(s, true) }

func visible(s string, lines bool) string {
	if plainASCII(s, lines) {
		return s
	}
	s = escapes.ReplaceAllString(s, "")
	var b strings.Builder
	for i, size := 0, 0; i < len(s); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case lines && (r == '\n' || r == '\t'), seen(r):
			b.WriteRune(r)
		case r == zeroWidthJoiner && joinsEmoji(s[:i], s[i+size:]):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	return b.String()
}

// plainASCII says whether nothing in s needs a look; most text is so.
func plainASCII(s string, lines bool) bool {
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c == 0x7f || c < ' ' && !(lines && (c == '\n' || c == '\t')) {
			return false
		}
	}
	return true
}

const zeroWidthJoiner = '\u200d'

// joinsEmoji says whether a joiner stands between two symbols, where it makes one picture of them.
func joinsEmoji(before, after string) bool {
	l, size := utf8.DecodeLastRuneInString(before)
	for unicode.Is(unicode.Sk, l) || l == '\ufe0f' { // skin tones and the emoji form
		before = before[:len(before)-size]
		l, size = utf8.DecodeLastRuneInString(before)
	}
	r, _ := utf8.DecodeRuneInString(after)
	return symbol(l) && symbol(r)
}

// symbol says whether r may be part of an emoji; RuneError is a symbol too, and stands for bytes that are not UTF-8.
func symbol(r rune) bool { return unicode.Is(unicode.So, r) && r != utf8.RuneError }

// seen says whether a character leaves something on the screen that cannot be taken for nothing.
func seen(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0': // letters and marks that are blank
		return false
	}
	return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r)
}

func escape(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}
