package display

import (
	"html"
	"regexp"
	"strings"
)

var (
	unseen = regexp.MustCompile(`(?is)<!--.*?-->|<(script|style)\b.*?</(script|style)\s*>`)
	breaks = regexp.MustCompile(`(?i)<(br|/p|/div|/tr|/li|/h[1-6]|/pre|/table)\b[^>]*>`)
	cells  = regexp.MustCompile(`(?i)</t[dh]\s*>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
	empty  = regexp.MustCompile(`\n\s*\n+`)
)

// Unmarked is the text of HTML, for front ends that show no other: for reading, not for safety.
func Unmarked(markup string) string {
	s := unseen.ReplaceAllString(markup, "")
	s = cells.ReplaceAllString(breaks.ReplaceAllString(s, "\n"), "  ")
	s = html.UnescapeString(tags.ReplaceAllString(s, ""))
	return cutText(VisibleLines(strings.TrimSpace(empty.ReplaceAllString(s, "\n"))))
}
