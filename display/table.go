package display

import (
	"cmp"
	"strings"
)

// What a table shows where its own limits are not set.
const (
	MaxRows    = 20 // rows, the first and the last of them
	MaxColumns = 25 // columns, the first and the last of them
	MaxCell    = 80 // terminal columns of one cell
)

// Mark stands at the end of a row that notes speak of.
const Mark = "*"

// Align is where in its column a cell stands.
type Align uint8

// The alignments: text to the left, numbers to the right.
const (
	Left Align = iota
	Right
)

// Column is one column of a [Table]. Cells may hold anything; they are cleaned when they are shown.
type Column struct {
	Name  string
	Kind  string // shown below the name; may be empty
	Align Align
	Cells []string
	None  string // what stands where there is no value; "" for null, as Go values have nil
	Null  []bool // nil: none; true: there is no value, which is not the same as the text "null"
}

// Table is rows and columns of text. The zero value of each field is fine.
type Table struct {
	Columns []Column
	// Total is the number of rows of which the cells are some, or 0 if the cells are all.
	Total int
	// Tail is how many of the rows, at the end, are the last of Total; the others are the first.
	Tail int
	// Limit is the number of rows to show; 0 means MaxRows.
	Limit int
	// Part says which rows of Total the cells are, "first" or "last", where no gap shows it.
	Part string
	// Size stands in the place of the number of rows and columns, where those of the table are not those of the data.
	Size string
	// Caption stands in the place of what says where the rows come from, if all of them are seen: for what is no data.
	Caption string

	Source      string   // where the rows come from, such as the topic
	Mode        string   // such as "sample" or "live"
	Fingerprint string   // of the sample
	Notes       []string // shown below, a line each
	Marked      []bool   // rows that have a [Mark] at their end, for the notes to speak of
}

// Bundle is the table as HTML and as aligned text.
func (t Table) Bundle() Bundle {
	g := t.grid()
	return HTML(g.html(), g.text())
}

// String is the table as aligned text.
func (t Table) String() string { return t.grid().text() }

// rows is the number of rows that have cells.
func (t Table) rows() int {
	n := 0
	for _, c := range t.Columns {
		n = max(n, len(c.Cells))
	}
	return n
}

// Ends says which of total rows are shown under a limit (0: MaxRows): so many
// of the first and so many of the last. Cells need be made for these only.
func Ends(total, limit int) (head, tail int) {
	if limit <= 0 {
		limit = MaxRows
	}
	if total <= limit {
		return total, 0
	}
	return (limit + 1) / 2, limit / 2
}

// shown lists the rows to show; -1 is the gap between those that follow each other and those that do not.
func (t Table) shown() []int {
	have := t.rows()
	total := max(t.Total, have)
	tail := min(t.Tail, have)
	head := have - tail
	if limit := t.limit(); have > limit {
		h, l := Ends(have, limit)
		if t.Tail == 0 && total > have { // no last rows to show
			h, l = limit, 0
		}
		head, tail = h, l
	}
	var list []int
	for i := range head {
		list = append(list, i)
	}
	if head+tail < total && t.Part == "" {
		list = append(list, -1)
	}
	for i := have - tail; i < have; i++ {
		list = append(list, i)
	}
	return list
}

func (t Table) limit() int {
	if t.Limit > 0 {
		return t.Limit
	}
	return MaxRows
}

// caption says what the rows are and how many of them are seen.
func (t Table) caption(shown int) string {
	var parts []string
	if t.Caption != "" && shown >= max(t.Total, t.rows()) {
		return clean(t.Caption)
	}
	for _, p := range []string{cmp.Or(t.Source, t.Caption), t.Mode, t.count(shown), t.Fingerprint} {
		if p = clean(p); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " · ")
}

func (t Table) count(shown int) string {
	total := max(t.Total, t.rows())
	s := group(int64(total)) + " rows"
	if total == 1 {
		s = "1 row"
	}
	switch {
	case t.Size != "":
		return t.Size
	case shown < total && t.Part != "" && shown == 1:
		s = "the " + t.Part + " of " + s
	case shown < total && t.Part != "":
		s = "the " + t.Part + " " + group(int64(shown)) + " of " + s
	case shown < total:
		s = group(int64(shown)) + " of " + s
	}
	switch n := len(t.Columns); {
	case n > MaxColumns:
		s += " × " + group(MaxColumns) + " of " + group(int64(n)) + " columns"
	case n == 1:
		s += " × 1 column"
	default:
		s += " × " + group(int64(n)) + " columns"
	}
	return s
}
