package render

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

type vgPath = vg.Path

var origin vg.Point

func labels(ticks []plot.Tick) (l []string) {
	for _, t := range ticks {
		l = append(l, t.Label)
	}
	return l
}

func TestNumberTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{0, 300, "0 50 100 150 200 250 300"},
		{-10, 30, "-10 0 10 20 30"},
		{.1, .4, "0.10 0.15 0.20 0.25 0.30 0.35 0.40"},
		{0, 12_000, "0 2,000 4,000 6,000 8,000 10,000 12,000"},
		{0, 600_000, "0 100k 200k 300k 400k 500k 600k"},
		{0, 6e9, "0 1G 2G 3G 4G 5G 6G"},
		{2.5e6, 5.5e6, "2,500k 3,000k 3,500k 4,000k 4,500k 5,000k 5,500k"},
		{1e-9, 3e-9, "1e-09 1.5e-09 2e-09 2.5e-09 3e-09"},
		{99.999, 100.001, "99.9990 99.9995 100.0000 100.0005 100.0010"},
	} {
		got := strings.Join(labels(numberTicks(c.lo, c.hi, steps(c.lo, c.hi, 6))), " ")
		if got != c.want {
			t.Errorf("%g to %g: %s, want %s", c.lo, c.hi, got, c.want)
		}
	}
}

func TestTimeTicks(t *testing.T) {
	at := func(s string) float64 {
		v, err := time.Parse("2006-01-02 15:04:05", s)
		if err != nil {
			t.Fatal(err)
		}
		return float64(v.UnixMicro())
	}
	for _, c := range []struct {
		lo, hi, want, shared string
	}{
		{"2026-11-23 12:00:00", "2026-11-23 12:00:03", "12:00:00.000 12:00:00.500 12:00:01.000 12:00:01.500 12:00:02.000 12:00:02.500 12:00:03.000", "2026-11-23 UTC"},
		{"2026-11-23 12:00:03", "2026-11-23 12:01:00", "12:00:10 12:00:20 12:00:30 12:00:40 12:00:50 12:01:00", "2026-11-23 UTC"},
		{"2026-11-23 11:59:00", "2026-11-23 13:10:00", "12:00 12:15 12:30 12:45 13:00", "2026-11-23 UTC"},
		{"2026-11-23 20:00:00", "2026-11-24 04:00:00", "20:00 22:00 Nov 24 02:00 04:00", "2026-11-23 UTC"},
		{"2026-11-20 05:00:00", "2026-11-25 05:00:00", "Nov 21 Nov 22 Nov 23 Nov 24 Nov 25", "2026 UTC"},
		{"2026-01-15 00:00:00", "2026-06-15 00:00:00", "Feb 2026 Mar 2026 Apr 2026 May 2026 Jun 2026", "UTC"},
		{"1999-06-01 00:00:00", "2009-02-01 00:00:00", "2000 2002 2004 2006 2008", "UTC"},
	} {
		ticks, shared := timeTicks(at(c.lo), at(c.hi), 6)
		if got := strings.Join(labels(ticks), " "); got != c.want || shared != c.shared {
			t.Errorf("%s to %s:\n got %s, %s\nwant %s, %s", c.lo, c.hi, got, shared, c.want, c.shared)
		}
	}
}

func TestSpanTicks(t *testing.T) {
	want := []string{"0s", "30s", "1m", "1m30s", "2m"}
	if diff := cmp.Diff(want, labels(spanTicks(0, 120e6, 5))); diff != "" {
		t.Error(diff)
	}
	if got := spoken(2 * time.Hour); got != "2h" {
		t.Errorf("two hours are %s", got)
	}
}

func TestReading(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 243: "243", 88.0512: "88.05", 1234.56: "1,235", -0.5: "-0.5", 1e9: "1e+09", 1e-7: "1e-07", 0.01234567: "0.01235"} {
		if got := reading(v); got != want {
			t.Errorf("reading(%g) = %s, want %s", v, got, want)
		}
	}
	if got := reading(math.NaN()); got != "–" {
		t.Errorf("no value reads %s", got)
	}
}

func TestRelative(t *testing.T) {
	for in, want := range map[string]string{
		`<path d="M10,20L13.5,18L13.5,18.4" s`:     `<path d="m10,20l3.5-2l0,.4" s`,
		`<path d="M1,1L2,1L2,2ZM3,3L4,4Z"/>`:       `<path d="m1,1l1,0l0,1zm2,2l1,1z"/>`,
		`<path d="M-1.5,0L-0.2,0.1"/>`:             `<path d="m-1.5,0l1.3,.1"/>`,
		`<path d="M1,1A2,2 0 1 1 3,3Z"/>`:          `<path d="M1,1A2,2 0 1 1 3,3Z"/>`,
		`<text>&lt;path d=&#34;M1,1&#34;</text>`:   `<text>&lt;path d=&#34;M1,1&#34;</text>`,
		`<path d="M1,1L2,2"/><path d="M5,5L4,4"/>`: `<path d="m1,1l1,1"/><path d="m5,5l-1-1"/>`,
	} {
		if got := relative(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}
