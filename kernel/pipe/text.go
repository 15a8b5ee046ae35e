package pipe

import "unicode/utf8"

// wholeRunes gives how many of the first n bytes of s are whole runes. Bytes that are no UTF-8 count as they are.
func wholeRunes[T string | []byte](s T, n int) int {
	n = min(n, len(s))
	for back := 1; back < utf8.UTFMax && back <= n; back++ {
		if b := s[n-back]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && runeLength(b) > back {
				return n - back
			}
			break
		}
	}
	return n
}

// runeLength gives the length of the rune that begins with b, which is not ASCII; 1 if none does.
func runeLength(b byte) int {
	switch {
	case b >= 0xf8:
		return 1
	case b >= 0xf0:
		return 4
	case b >= 0xe0:
		return 3
	default:
		return 2
	}
}
