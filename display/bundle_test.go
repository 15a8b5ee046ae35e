package display

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWithLeavesTheOriginal(t *testing.T) {
	a := Text("a").WithMeta(MIMEPNG, map[string]any{"width": 3})
	b := a.With(MIMEHTML, "<b>").WithMeta(MIMESVG, map[string]any{"width": 4})
	if len(a.Data) != 1 || len(a.Metadata) != 1 || len(b.Data) != 2 || len(b.Metadata) != 2 {
		t.Errorf("a is %v, b is %v", a, b)
	}
}

func TestJSON(t *testing.T) {
	b, err := JSON(map[string]any{"n": int64(1<<53 + 1), "s": "<x>"})
	if err != nil {
		t.Fatal(err)
	}
	wire, err := json.Marshal(b.Data)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"application/json":{"n":9007199254740993,"s":"\u003cx\u003e"}`; !strings.Contains(string(wire), want) {
		t.Errorf("wire %s, want %s in it", wire, want)
	}
	if _, err := JSON(make(chan int)); err == nil || !strings.Contains(err.Error(), "chan int") {
		t.Errorf("error of a channel: %v", err)
	}
}

func TestMermaid(t *testing.T) {
	b := Mermaid("graph LR; a-->b", "", "a -> b")
	want := map[string]any{MIMEMermaid: "graph LR; a-->b", MIMEText: "a -> b"}
	if diff := cmp.Diff(want, b.Data); diff != "" {
		t.Error(diff)
	}
	if got := Mermaid("g", "<svg/>", "p").Data[MIMESVG]; got != "<svg/>" {
		t.Errorf("svg is %v", got)
	}
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Progress
		want string
	}{
		{"half", Progress{Label: "reading", Done: 25_000, Total: 50_000, Unit: "rows", Elapsed: 1200 * time.Millisecond},
			"reading  ███████████████░░░░░░░░░░░░░░░  25,000 of 50,000 rows  50 %  1.2 s"},
		{"unknown", Progress{Label: "building", Elapsed: 75 * time.Second, Note: "cold cache"}, "building  1m15s  cold cache"},
		{"beyond", Progress{Done: 7, Total: 5}, "██████████████████████████████  7 of 5  100 %"},
		{"hostile", Progress{Label: "<b>\x1b[2J"}, "<b>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := c.in.Bundle()
			if got := b.Plain(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if m := b.Data[MIMEHTML].(string); strings.Contains(m, "<script") || strings.Contains(m, "<b>") || !strings.Contains(m, "<progress") {
				t.Errorf("HTML: %s", m)
			}
		})
	}
}
