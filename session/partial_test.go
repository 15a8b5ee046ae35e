package session

import (
	"regexp"
	"strings"
	"testing"
)

// aWindow is a line of a table of windows: car, start, end, number, and the mark.
var aWindow = regexp.MustCompile(`(?m)^(\d+ +2026\S* \S+ +2026\S* \S+) +(\d+)( +\*)?$`)

// shownWindows are the windows that a cell shows, and which of them are marked.
func shownWindows(text string) (of map[string]string, marked map[string]bool) {
	of, marked = map[string]string{}, map[string]bool{}
	for _, m := range aWindow.FindAllStringSubmatch(text, -1) {
		of[m[1]] = m[2]
		if m[3] != "" {
			marked[m[1]] = true
		}
	}
	return of, marked
}

// What a sample cuts is seen by comparing with one that holds the whole topic.
func TestRowsOfCutWindowsAreMarked(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 6_000))
	n.mustRun(`cars := Topic("car-telemetry", Time("ts")).OnError(Skip)
windows := cars.GroupBy("car").Hopping("3s", "1s").Grace("2s").Agg("n = count()")
Sample(cars, First(6_000))`)
	const show = `Show(windows, Limit(1000))`
	text := n.mustRun(show)
	whole, marked := shownWindows(text)
	if len(whole) == 0 || len(marked) > 0 || strings.Contains(text, "partial") {
		t.Errorf("%d of %d rows of the whole topic are marked:\n%s", len(marked), len(whole), text)
	}

	n.mustRun(`Sample(cars, Last(3_000))`)
	text = n.mustRun(show)
	cut, marked := shownWindows(text)
	if len(marked) == 0 || len(marked) == len(cut) {
		t.Errorf("%d of %d rows are marked, want some:\n%s", len(marked), len(cut), text)
	}
	for w, rows := range cut {
		if rows != whole[w] && !marked[w] {
			t.Errorf("%s has %s of its %s rows and no mark", w, rows, whole[w])
		}
	}
	if !strings.Contains(text, "rows are partial (*): their windows began before the sample") {
		t.Errorf("no note tells what the marks are:\n%s", text)
	}
	if text := n.mustRun(`Line(windows, "window_end", "n", "car")`); !strings.Contains(text, "of the values are partial: their windows began before the sample") {
		t.Errorf("the chart does not tell of partial windows:\n%s", text)
	}
	if text := n.mustRun(`cars.Head(3)`); strings.Contains(text, "partial") {
		t.Errorf("rows without a window are partial:\n%s", text)
	}
}

// Rows that a window gives before it is over have the times of what changed them, and a window of windows is as whole as those.
func TestPartialRowsOfOtherWindows(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 6_000))
	n.mustRun(`cars := Topic("car-telemetry", Time("ts")).OnError(Skip)
Sample(cars, Last(3_000))`)
	for name, frame := range map[string]string{
		"current":    `cars.GroupBy("car").Tumbling("4s").Emit(Current).Agg("n = count()").Where("car == '44'")`,
		"of windows": `cars.GroupBy("car").Tumbling("1s").Agg("n = count()").GroupBy("car").Tumbling("1s").Agg("n = sum(n)").Where("car == '44'")`,
	} {
		text := n.mustRun("Show(" + frame + ", Limit(1000))")
		marked := strings.Count(text, " *\n")
		if rows := strings.Count(text, "\n44 "); marked == 0 || marked == rows {
			t.Errorf("%s: %d of %d rows are marked, want some:\n%s", name, marked, rows, text)
		}
	}
}

// A mark stays with its row, whatever steps behind the window make of its columns.
func TestMarksTravel(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 6_000))
	n.mustRun(`cars := Topic("car-telemetry", Time("ts")).OnError(Skip)
Sample(cars, Last(3_000))`)
	marks := func(frame string) int {
		return strings.Count(n.mustRun("Show("+frame+", Limit(1000))"), " *\n")
	}
	for name, w := range map[string]string{
		"final":    `cars.GroupBy("car").Tumbling("4s").Agg("n = count()")`,
		"current":  `cars.GroupBy("car").Tumbling("4s").Emit(Current).Agg("n = count()").Where("car == '44'")`,
		"hopping":  `cars.GroupBy("car").Hopping("4s", "1s").Agg("n = count()").Where("car in ['44', '1']")`,
		"sessions": `cars.Where("speed > 250").GroupBy("car").Session("300ms").Agg("n = count()")`,
	} {
		want := marks(w)
		if want == 0 {
			t.Errorf("%s: nothing is marked", name)
		}
		for _, then := range []string{
			`.Where("n > 0").With("m = n * 2").Drop("m")`, `.Rename("window_start", "began")`, `.Select("n", "at = window_start")`,
			`.With("window_end = null")`, `.GroupBy("car").With("c = cumcount()")`, `.Key("n")`,
		} {
			if got := marks(w + then); got != want {
				t.Errorf("%s%s: %d rows are marked, want %d", name, then, got, want)
			}
		}
		if got := marks(w + `.Select("n")`); got == 0 || name != "sessions" && got != want {
			t.Errorf("%s without its start: %d rows are marked, want %d", name, got, want)
		}
		if got := marks(w + `.Select("n", "car").GroupBy("car").Tumbling("1s").Agg("n = sum(n)")`); got == 0 {
			t.Errorf("%s: of windows of it none is marked", name)
		}
	}
}
