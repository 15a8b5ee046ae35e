package display

import (
	"cmp"
	"slices"
)

// grid is a table cut to what is shown, all text cleaned.
type grid struct {
	heads   []head
	rows    [][]cell // nil: the gap
	caption string
	notes   []string
	kinds   bool // some column has a kind
}

type head struct {
	name, kind string
	align      Align
}

type cell struct {
	text string
	null bool
}

// gap stands for what is left out.
const gap = "…"

func (t Table) grid() grid {
	shown := t.shown()
	cols := ends(len(t.Columns), MaxColumns)
	g := grid{rows: make([][]cell, len(shown))}
	count := 0
	for i, r := range shown {
		if r >= 0 {
			g.rows[i] = make([]cell, 0, len(cols))
			count++
		}
	}
	for _, i := range cols {
		if i < 0 {
			g.add(Column{Name: gap}, shown, gap)
			continue
		}
		g.add(t.Columns[i], shown, "")
	}
	if slices.Contains(t.Marked, true) {
		g.add(t.marks(), shown, "")
	}
	g.caption = t.caption(count)
	for _, n := range t.Notes {
		g.notes = append(g.notes, Visible(n))
	}
	return g
}

// marks are a column without a name, which is none of the data.
func (t Table) marks() Column {
	cells := make([]string, len(t.Marked))
	for i, marked := range t.Marked {
		if marked {
			cells[i] = Mark
		}
	}
	return Column{Cells: cells}
}

// add puts a column's cells at the end of each row; fill stands where it has none.
func (g *grid) add(c Column, shown []int, fill string) {
	g.heads = append(g.heads, head{clean(c.Name), clean(c.Kind), c.Align})
	g.kinds = g.kinds || c.Kind != ""
	for i, r := range shown {
		switch {
		case r < 0:
		case r < len(c.Null) && c.Null[r]:
			g.rows[i] = append(g.rows[i], cell{cmp.Or(c.None, "null"), true})
		case r < len(c.Cells):
			g.rows[i] = append(g.rows[i], cell{clean(c.Cells[r]), false})
		default:
			g.rows[i] = append(g.rows[i], cell{fill, false})
		}
	}
}

// clean is a cell's text as it is shown. It is cut first as well, so that megabytes are not cleaned for 80 columns.
func clean(s string) string {
	const most = 64 * MaxCell
	if len(s) > most {
		return cut(Visible(s[:most])+gap, MaxCell)
	}
	return cut(Visible(s), MaxCell)
}

// ends lists the first and the last of n, at most limit of them, with -1 between if some are left out.
func ends(n, limit int) []int {
	list := make([]int, 0, min(n, limit)+1)
	h, t := Ends(n, limit)
	for i := range h {
		list = append(list, i)
	}
	if h+t < n {
		list = append(list, -1)
	}
	for i := n - t; i < n; i++ {
		list = append(list, i)
	}
	return list
}
