package display

import "strings"

func (g grid) text() string {
	var b strings.Builder
	if len(g.heads) > 0 {
		g.lines(&b)
	}
	b.WriteString(g.caption)
	for _, n := range g.notes {
		b.WriteString("\n" + n)
	}
	return b.String()
}

func (g grid) lines(b *strings.Builder) {
	widths, total := g.widths()
	cols := fit(widths, maxWidth)
	g.line(b, cols, widths, func(i int) string { return g.heads[i].name })
	if g.kinds {
		g.line(b, cols, widths, func(i int) string { return g.heads[i].kind })
	}
	b.WriteString(strings.Repeat("─", min(total, maxWidth)) + "\n")
	for _, r := range g.rows {
		g.line(b, cols, widths, func(i int) string {
			if r == nil {
				return gap
			}
			return r[i].text
		})
	}
}

// widths are those of the columns, and of a line with two spaces between them.
func (g grid) widths() (each []int, total int) {
	for i, h := range g.heads {
		w := max(width(h.name), width(h.kind), 1)
		for _, r := range g.rows {
			if r != nil {
				w = max(w, width(r[i].text))
			}
		}
		each = append(each, w)
		total += w + 2
	}
	return each, total - 2
}

func (g grid) line(b *strings.Builder, cols, widths []int, text func(int) string) {
	var l strings.Builder
	for n, i := range cols {
		if n > 0 {
			l.WriteString("  ")
		}
		if i < 0 {
			l.WriteString(gap)
			continue
		}
		l.WriteString(pad(text(i), widths[i], g.heads[i].align == Right))
	}
	b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
}

// fit lists the first and the last columns that a line of so many terminal columns holds, with -1 between if some are left out.
func fit(widths []int, limit int) []int {
	for n := len(widths); ; n-- {
		cols := ends(len(widths), n)
		total := -2
		for _, i := range cols {
			if i < 0 {
				total += 3
				continue
			}
			total += widths[i] + 2
		}
		if total <= limit || n <= 1 {
			return cols
		}
	}
}
