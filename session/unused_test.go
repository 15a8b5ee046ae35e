package session

import (
	"strings"
	"testing"
)

// A frame that is made and let go is told of, since in pandas some methods change what they are called on.
func TestWhatIsNotUsedIsTold(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("df := Rows(`{\"speed\":1.5}`)")
	for code, want := range map[string]string{
		"df.With(\"kmh = speed * 3.6\")\nCount(df)":                                     "line 1: what With gives is not used, and no frame changes by it",
		"Count(df)\ndf.GroupBy(\"speed\")\nCount(df)":                                   "line 2: what GroupBy gives is not used",
		"df.Head(3)\nCount(df)":                                                         "line 1: what Head gives is not shown",
		"Line(df, \"speed\", \"speed\")\nCount(df)":                                     "line 1: what the function gives is not shown",
		`df.Apply(func(r Row) Row { r.With("kmh", 1.0); return r }, "kmh float")`:       "line 1: what With gives is not used, and the row is as it was",
		"for i := range 1 {\n\tdf.Head(i)\n}":                                           "line 2: what Head gives is not shown",
		"df.Where(\"speed > 1\")":                                                       "",
		"Show(df)\nx := df.Head(1)\nx":                                                  "",
		"Expect(df, \"speed > 1\")\ndf.Do(func(r Row) { println(r.Float(\"speed\")) })": "",
	} {
		shows := n.mustRun(code)
		if _, said, _ := strings.Cut(shows, "note: "); want == "" && said != "" || !strings.Contains(said, want) {
			t.Errorf("%s\nshows\n%s\nwant a note with %q", code, shows, want)
		}
	}
}
