package display

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"
)

type point struct {
	X, Y int
	name string
}

type node struct {
	Name string
	Next *node
}

type rude struct{ A int }

func (rude) String() string { panic("no") }

type nested struct{ panic any }

func (n nested) Error() string { panic(n) }

type chart struct{ title string }

func (c *chart) Bundle() Bundle { return Markdown("# " + c.title) }

func TestValuePlain(t *testing.T) {
	loop := &node{Name: "a"}
	loop.Next = &node{"b", loop}
	cyclicMap := map[string]any{}
	cyclicMap["self"] = cyclicMap
	cyclicList := make([]any, 1)
	cyclicList[0] = cyclicList
	var none *point
	var noChart *chart
	shared := &point{1, 2, ""}
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, "nil"},
		{"int", 42, "42"},
		{"float", 3.6, "3.6"},
		{"float32", float32(0.1), "0.1"},
		{"complex", 1 + 2i, "(1+2i)"},
		{"bool", true, "true"},
		{"rune", 'x', "120"},
		{"string", "two\nlines \x1b[31mred", "two\nlines red"},
		{"bytes", []byte("abc"), `"abc"`},
		{"struct", point{1, 2, "p"}, `point{X: 1, Y: 2, name: "p"}`},
		{"anonymous", struct{ A []int }{[]int{1}}, "{A: [1]}"},
		{"pointer", &point{1, 2, ""}, `&point{X: 1, Y: 2, name: ""}`},
		{"nil pointer", none, "nil"},
		{"ints", []int{1, 2, 3}, "[1, 2, 3]"},
		{"nil slice", []int(nil), "nil"},
		{"empty slice", []point{}, "[]"},
		{"strings", []string{"a", "b\u202e"}, `["a", "b\u202e"]`},
		{"map", map[string]int{"b": 1, "a": 2}, `map["a": 2, "b": 1]`},
		{"int keys", map[int]string{10: "x", 9: "y"}, `map[9: "y", 10: "x"]`},
		{"any keys", map[any]int{"b": 1, 2: 2, nil: 3}, `map["b": 1, 2: 2, nil: 3]`},
		{"error", fmt.Errorf("topic t: %w", errors.New("gone")), "topic t: gone"},
		{"duration", 90 * time.Second, "1m30s"},
		{"time", time.Date(2026, 11, 23, 12, 0, 0, 5e6, time.UTC), "2026-11-23 12:00:00.005 UTC"},
		{"func", strings.ToUpper, "func(string) string"},
		{"chan", make(chan int), "chan int"},
		{"cycle", loop, `&node{Name: "a", Next: &node{Name: "b", Next: (cycle to *display.node)}}`},
		{"siblings that know each other", family(), "kin{\n  Name: \"r\"\n  Next: nil\n  Kids: [&kin{Name: \"a\", Next: nil, Kids: [&kin{Name: \"b\", Next: &kin{Name: \"c\", Next: nil, Kids: nil}, Kids: nil}, (*display.kin above)]}]\n}"},
		{"map in itself", cyclicMap, `map["self": (cycle to map[string]interface {})]`},
		{"list in itself", cyclicList, "[(cycle to []interface {})]"},
		{"twice is no cycle", []any{shared, shared}, `[&point{X: 1, Y: 2, name: ""}, &point{X: 1, Y: 2, name: ""}]`},
		{"panic in String", rude{1}, "(display.rude: panic in its method: no)"},
		{"panic with what panics", nested{nested{1}}, "(display.nested: panic in its method: "},
		{"panic inside", []any{rude{1}, 2}, "[(display.rude: panic in its method: no), 2]"},
		{"bundler", &chart{"speed"}, "# speed"},
		{"nil bundler", noChart, "nil"},
		{"bundle", Text("x"), "x"},
		{"empty picture", image.NewRGBA(image.Rect(0, 0, 0, 5)), "picture without pixels, 0 x 5"},
		{"big picture", image.NewUniform(image.Black), "too big to show"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Value(c.in).Plain()
			if got != c.want && !(len(c.want) > 12 && strings.Contains(got, c.want)) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestValueTables(t *testing.T) {
	x := 1.5
	for name, v := range map[string]any{
		"structs":  []point{{1, 2, "hidden"}, {30, 4, ""}},
		"pointers": []*point{{1, 2, ""}, nil},
		"maps":     []map[string]any{{"b": 1, "a": "x"}, {"c": &x, "a": nil}},
		"map":      map[string]float64{"car-10": 1.5, "car-2": 200},
	} {
		t.Run(name, func(t *testing.T) {
			b := Value(v)
			if _, err := texts(b.Data[MIMEHTML].(string)); err != nil {
				t.Error(err)
			}
			golden(t, "value-"+name+".html", b.Data[MIMEHTML].(string)+"\n")
			golden(t, "value-"+name+".txt", b.Plain()+"\n")
		})
	}
}

func TestValueOfMuch(t *testing.T) {
	deep := any(1)
	for range 1000 {
		deep = []any{deep, deep, deep}
	}
	big := make(map[int]point)
	for i := range 100_000 {
		big[i] = point{X: i}
	}
	for name, v := range map[string]any{
		"string": strings.Repeat("x", 1<<22), "ints": make([]int, 1<<20), "structs": make([]point, 1<<18), "map": big,
		"deep": deep, "bytes": make([]byte, 1<<20), "matrix": make([][1000]float64, 1000), "strings": []string{strings.Repeat("y", 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			b := Value(v)
			if n := len(b.Plain()); n > 2*maxText {
				t.Errorf("%d bytes of text", n)
			}
			if markup, ok := b.Data[MIMEHTML].(string); ok && len(markup) > 1<<16 {
				t.Errorf("%d bytes of HTML", len(markup))
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %s", d)
			}
			if !strings.Contains(b.Plain(), gap) {
				t.Errorf("no note of what is cut: %.200s", b.Plain())
			}
		})
	}
}

func TestValuePicture(t *testing.T) {
	b := Value(image.NewRGBA(image.Rect(0, 0, 3, 2)))
	data, err := base64.StdEncoding.DecodeString(b.Data[MIMEPNG].(string))
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil || m.Bounds().Dx() != 3 {
		t.Errorf("picture %v, %v", m, err)
	}
	if got, want := b.Plain(), "picture, 3 x 2"; got != want {
		t.Errorf("plain %q, want %q", got, want)
	}
}

// kin are nodes of a tree in which siblings know each other.
type kin struct {
	Name string
	Next *kin
	Kids []*kin
}

func family() *kin {
	c := &kin{Name: "c"}
	return &kin{Name: "r", Kids: []*kin{{Name: "a", Kids: []*kin{{Name: "b", Next: c}, c}}}}
}

// TestATreeIsNotWrittenAgainAndAgain prints nodes that can be reached in ever so many ways.
func TestATreeIsNotWrittenAgainAndAgain(t *testing.T) {
	nodes := make([]*kin, 40)
	for i := range nodes {
		nodes[i] = &kin{Name: "node", Kids: nodes}
		if i > 0 {
			nodes[i-1].Next = nodes[i]
		}
	}
	if n := len(Sprint(nodes[0])); n > 2*maxNested {
		t.Errorf("%d bytes", n)
	}
}
