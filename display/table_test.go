package display

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cars is a table as a sample gives it.
func cars() Table {
	return Table{
		Source: "car-telemetry", Mode: "sample", Fingerprint: "3f9a1c", Total: 50_000, Tail: 2,
		Notes: []string{"3 of 50,000 rows left out: speed is text 'n/a' at 2@118"},
		Columns: []Column{
			NewColumn("car", "string", []any{"car-01", "car-02", "東京", "car-20", "car-20"}),
			NewColumn("speed", "float", []any{81.25, 243.0, nil, 9.5, 0.125}),
			NewColumn("gear", "int", []any{int64(3), int64(7), nil, int64(1), int64(1)}),
			NewColumn("note", "string", []any{"null", nil, "  two  spaces", "<b>&", "a\nb"}),
		},
	}
}

// hostile is a table whose data would like to be markup or control.
func hostile() Table {
	bad := []any{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "\x1b[31mred\x1b]8;;http://x\x07", "user\u202egpj.exe", "</td></table>", "&lt;b&gt;", "a\x00\xff"}
	return Table{
		Source: "<script>", Mode: "'><", Fingerprint: "\x1b[2J", Notes: []string{"<iframe>"},
		Columns: []Column{NewColumn("<script>name</script>", "\u202e<kind>", bad), NewColumn(`" onclick="x`, "", bad)},
	}
}

// marked is a table of which the first rows are marked, and some are not seen.
func marked() Table {
	t := numbered(30, 1)
	t.Marked = []bool{true, true}
	t.Notes = []string{"2 rows are partial (*)"}
	return t
}

// numbered is a table of n rows and m columns whose cells say where they are.
func numbered(n, m int) Table {
	t := Table{}
	for c := range m {
		col := Column{Name: fmt.Sprintf("c%d", c)}
		for r := range n {
			col.Cells = append(col.Cells, fmt.Sprintf("%d.%d", r, c))
		}
		t.Columns = append(t.Columns, col)
	}
	return t
}

func TestTableGolden(t *testing.T) {
	for name, table := range map[string]Table{
		"cars": cars(), "hostile": hostile(), "wide": numbered(3, 40), "empty": {Source: "t", Mode: "live"}, "long": numbered(1000, 2), "marked": marked(),
		"no-rows": {Source: "t", Columns: []Column{{Name: "car", Kind: "string"}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := table.Bundle()
			golden(t, name+".html", b.Data[MIMEHTML].(string)+"\n")
			golden(t, name+".txt", b.Plain()+"\n")
		})
	}
}

func TestTableShown(t *testing.T) {
	for _, c := range []struct {
		name              string
		have, total, tail int
		limit             int
		want              []int
	}{
		{"all", 3, 0, 0, 0, []int{0, 1, 2}},
		{"given ends", 4, 100, 2, 0, []int{0, 1, -1, 2, 3}},
		{"only the first", 3, 100, 0, 0, []int{0, 1, 2, -1}},
		{"only the last", 2, 100, 2, 0, []int{-1, 0, 1}},
		{"limit", 9, 0, 0, 4, []int{0, 1, -1, 7, 8}},
		{"limit of the first", 9, 100, 0, 4, []int{0, 1, 2, 3, -1}},
		{"odd limit", 9, 0, 0, 3, []int{0, 1, -1, 8}},
		{"none of some", 0, 5, 0, 0, []int{-1}},
		{"tail beyond the cells", 2, 5, 9, 0, []int{-1, 0, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := numbered(c.have, 1)
			table.Total, table.Tail, table.Limit = c.total, c.tail, c.limit
			if diff := cmp.Diff(c.want, table.shown()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTableOfMany(t *testing.T) {
	table := numbered(1000, 40)
	g := table.grid()
	if len(g.rows) != MaxRows+1 || len(g.heads) != MaxColumns+1 {
		t.Errorf("%d rows, %d columns, want %d and %d with the gaps", len(g.rows), len(g.heads), MaxRows+1, MaxColumns+1)
	}
	if want := "20 of 1,000 rows × 25 of 40 columns"; g.caption != want {
		t.Errorf("caption %q, want %q", g.caption, want)
	}
	for _, l := range strings.Split(table.String(), "\n") {
		if width(l) > maxWidth {
			t.Errorf("line of %d columns: %s", width(l), l)
		}
	}
}

func TestTableTextIsAligned(t *testing.T) {
	lines := strings.Split(cars().String(), "\n")
	end := func(l, word string) int { return width(l[:strings.Index(l, word)+len(word)]) }
	want := end(lines[0], "speed")
	for _, w := range []struct {
		line int
		word string
	}{{1, "float"}, {3, "81.250"}, {4, "243.000"}, {5, "null"}, {7, "9.500"}} {
		if got := end(lines[w.line], w.word); got != want {
			t.Errorf("%q ends at %d, want %d, in\n%s", w.word, got, want, cars())
		}
	}
}

// texts parses markup and returns what stands in each cell; what a table may not hold is an error.
func texts(markup string) (cells []string, err error) {
	d := xml.NewDecoder(strings.NewReader(markup))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var text *strings.Builder
	for {
		token, err := d.Token()
		if err == io.EOF {
			return cells, nil
		}
		if err != nil {
			return cells, err
		}
		switch x := token.(type) {
		case xml.StartElement:
			if err := allowed(x); err != nil {
				return cells, err
			}
			if x.Name.Local == "td" || x.Name.Local == "th" {
				text = &strings.Builder{}
			}
		case xml.CharData:
			if text != nil {
				text.Write(x)
			}
		case xml.EndElement:
			if text != nil && (x.Name.Local == "td" || x.Name.Local == "th") {
				cells, text = append(cells, text.String()), nil
			}
		case xml.Comment, xml.Directive, xml.ProcInst:
			return cells, fmt.Errorf("%T in a table", x)
		}
	}
}

func allowed(e xml.StartElement) error {
	if !slices.Contains([]string{"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "br"}, e.Name.Local) {
		return fmt.Errorf("element %s", e.Name.Local)
	}
	for _, a := range e.Attr {
		if a.Name.Local != "style" && !(a.Name.Local == "class" && a.Value == "dataframe") {
			return fmt.Errorf("attribute %s=%q of %s", a.Name.Local, a.Value, e.Name.Local)
		}
	}
	return nil
}

func TestTableEscapes(t *testing.T) {
	b := hostile().Bundle()
	markup := b.Data[MIMEHTML].(string)
	if _, err := texts(markup); err != nil {
		t.Error(err)
	}
	for _, s := range []string{"<script", "<img", "<iframe", "\x1b", "\u202e", "\x00"} {
		if strings.Contains(markup, s) {
			t.Errorf("HTML contains %q", s)
		}
		if strings.ContainsAny(s, "\x1b\u202e\x00") && strings.Contains(b.Plain(), s) {
			t.Errorf("text contains %q", s)
		}
	}
}

func FuzzTable(f *testing.F) {
	for _, v := range hostile().Columns[0].Cells {
		f.Add(v, "name", "kind", "note")
		f.Add("cell", v, v, v)
	}
	f.Fuzz(func(t *testing.T, cell, name, kind, note string) {
		table := Table{Columns: []Column{{Name: name, Kind: kind, Cells: []string{cell}}}, Source: note, Notes: []string{note}}
		got, err := texts(table.Bundle().Data[MIMEHTML].(string))
		if err != nil {
			t.Fatalf("cell %q, name %q, kind %q, note %q: %v", cell, name, kind, note, err)
		}
		want := []string{clean(name)}
		if kind != "" {
			want = append(want, clean(kind))
		}
		if diff := cmp.Diff(append(want, clean(cell)), got); diff != "" {
			t.Errorf("cells (-want +got):\n%s", diff)
		}
	})
}
