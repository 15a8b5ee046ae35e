package check

import "strings"

// Above are the lines of the comment right above a span: // lines, or one in /* and */.
func (s Span) Above() []string {
	lines := strings.Split(s.Cell.Text[:s.From], "\n")
	end := len(lines) - 1
	if strings.TrimSpace(lines[end]) != "" {
		return nil // something else stands before it on its line
	}
	from := end
	for from > 0 {
		line := strings.TrimSpace(lines[from-1])
		if !strings.HasPrefix(line, "//") {
			break
		}
		from--
	}
	if from == end && end > 0 && strings.HasSuffix(strings.TrimSpace(lines[end-1]), "*/") {
		from = blockAt(lines[:end])
	}
	return lines[from:end]
}

// blockAt is the line where the comment begins that ends the lines, or their end if something else stands there.
func blockAt(lines []string) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.Contains(lines[i], "/*") {
			if strings.HasPrefix(strings.TrimSpace(lines[i]), "/*") {
				return i
			}
			break
		}
	}
	return len(lines)
}

// After is the comment behind a span on its last line, or "".
func (s Span) After() string {
	rest, _, _ := strings.Cut(s.Cell.Text[s.To:], "\n")
	if c := strings.TrimSpace(rest); strings.HasPrefix(c, "//") {
		return c
	}
	return ""
}

// Comment is the comment right above the declaration, without its marks.
func (d *Decl) Comment() string {
	var out []string
	for _, l := range d.Src.Above() {
		l = strings.TrimSpace(l)
		for _, mark := range []string{"//", "/*"} {
			l = strings.TrimPrefix(l, mark)
		}
		out = append(out, strings.TrimSpace(strings.TrimSuffix(l, "*/")))
	}
	return strings.TrimSpace(strings.Join(out, " "))
}
