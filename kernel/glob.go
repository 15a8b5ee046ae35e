package kernel

import "strings"

// glob tells whether s matches a pattern in which * stands for any text and ? for one byte, as history
// requests use it. (In path.Match a * stops at a slash, of which code is full.)
func glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return len(s) == len(first) && begins(s, first)
	}
	if !begins(s, first) {
		return false
	}
	s = s[len(first):]
	for _, p := range parts[1 : len(parts)-1] { // leftmost is best: it leaves the most for the rest
		for !begins(s, p) {
			if s == "" {
				return false
			}
			s = s[1:]
		}
		s = s[len(p):]
	}
	return len(s) >= len(last) && begins(s[len(s)-len(last):], last)
}

// begins tells whether s begins with p, where ? in p is any byte.
func begins(s, p string) bool {
	if len(s) < len(p) {
		return false
	}
	for i := range len(p) {
		if p[i] != '?' && p[i] != s[i] {
			return false
		}
	}
	return true
}
