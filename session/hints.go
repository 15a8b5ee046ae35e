package session

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/interp/source"
)

// Hints say what to write in place of words that are right in pandas, Polars, Spark or Python, and wrong here.

var (
	noMethod = regexp.MustCompile(`^(?s:.+)\.(\w+) undefined \(type \*?dataframe\.(Frame|Group|Windowed|View|Row|State) has no field or method `)
	unknown  = regexp.MustCompile(`^undefined: (\w+)$`)
	// alias is what the types of frames are called when a verb gave them: the same types.
	alias = regexp.MustCompile(`\bcells\.(Frame|Group|Windowed|View|Row|State)\b`)
)

// receivers are what methods are called on.
var receivers = map[string]reflect.Type{
	"Frame": reflect.TypeFor[cells.Frame](), "Group": reflect.TypeFor[cells.Group](),
	"Windowed": reflect.TypeFor[cells.Windowed](), "View": reflect.TypeFor[cells.View](), "Row": reflect.TypeFor[cells.Row](), "State": reflect.TypeFor[*cells.State](),
}

// steps are the receivers in the order in which a cell has them, and how one comes to each from a frame.
var steps = []struct{ of, how string }{
	{"Frame", "is of frames: it comes before GroupBy, or behind Agg"}, {"Group", `is of groups: GroupBy("car") comes before it`},
	{"Windowed", `is of windows: GroupBy("car").Tumbling("10s") comes before it, or Running() for all rows so far`},
}

// last resorts say what a receiver has, where nothing tells what was meant.
var lastResorts = map[string]string{
	"Frame": `columns are named in strings, as in f.Select("speed"); %help lists what frames have`, "Group": "%help lists what frames, groups and windows have",
	"Windowed": `behind a window come Agg("mean(speed)"), Fold or Reduce`, "View": "Head, Tail and Describe are ways to look at a frame, and come last",
	"Row":   `a column of a row is read by its kind: r.Float("speed"), r.Int, r.Str, r.Bool, r.Time; r.With("kmh", 3.6) sets one`,
	"State": `what is remembered is read with s.Int("n", 0), s.Float, s.Str, s.Has, and kept with s.Set("n", 1)`,
}

// hint says what to write in place of what the compiler does not take, or "".
func (s *Session) hint(e *source.Error) string {
	says := alias.ReplaceAllString(e.Message, "dataframe.$1")
	if m := noMethod.FindStringSubmatch(says); m != nil {
		return s.hintOfMethod(m[1], m[2])
	}
	if m := unknown.FindStringSubmatch(says); m != nil {
		return s.hintOfName(m[1], e)
	}
	for _, w := range wordings {
		if strings.Contains(says, w.says) && (strings.Contains(e.Source, w.line) || strings.Contains(says, w.line)) {
			return w.hint
		}
	}
	return ""
}

// hintOfMethod is about a word that a frame, or what comes of one, does not have.
func (s *Session) hintOfMethod(word, of string) string {
	plain := strings.ToLower(strings.ReplaceAll(word, "_", ""))
	if name := methodOf(of, plain); name != "" {
		return "did you mean " + name + "?"
	}
	if of == "Row" || of == "State" {
		return lastResorts[of]
	}
	for _, step := range steps {
		if slices.Contains(methodsOf(step.of), word) && of != "View" {
			return word + " " + step.how
		}
	}
	if to, ok := spelled[plain]; ok {
		plain = to
	}
	if aggregates := plan.AggregateNames(); of != "Frame" && (plain == "agg" || slices.Contains(aggregates, plain)) && methodOf(of, "agg") == "Agg" {
		return `here: Agg("n = count()", "mean(speed)")`
	} else if of == "Group" && slices.Contains(aggregates, plain) {
		plain = "agg"
	}
	if said, ok := elsewhere[plain]; ok {
		return "here: " + said
	}
	for _, step := range steps {
		if name := methodOf(step.of, plain); name != "" && of != "View" {
			return name + " " + step.how
		}
	}
	for _, name := range append(slices.Collect(maps.Keys(s.verbs())), "Concat", "StateOf") {
		if strings.ToLower(name) == plain {
			return fmt.Sprintf("%s is a function: %[1]s(f)", name)
		}
	}
	if meant := near.Name(word, methodsOf(of)); meant != "" {
		return "did you mean " + meant + "?"
	}
	return lastResorts[of]
}

// methodsOf are the methods of a receiver.
func methodsOf(of string) (names []string) {
	for i := range receivers[of].NumMethod() {
		names = append(names, receivers[of].Method(i).Name)
	}
	return names
}

// methodOf is the method of a receiver that is spelled like a word in small letters, or "".
func methodOf(of, plain string) string {
	for _, name := range methodsOf(of) {
		if strings.ToLower(name) == plain {
			return name
		}
	}
	return ""
}

// hintOfName is about a name that nothing declares.
func (s *Session) hintOfName(name string, e *source.Error) string {
	if path := packages[name]; path != "" {
		return fmt.Sprintf("%s is a package: put import %q into the cell, or into one before it", name, path)
	}
	if regexp.MustCompile(`^\s*` + name + `\s*=[^=]`).MatchString(e.Source) {
		return fmt.Sprintf("%s := … declares a name; = sets one that is declared", name)
	}
	if n := s.wouldDeclare(name, e.Cell); n > 0 {
		return fmt.Sprintf("cell %d declares it, but did not run to its end, and a cell that does not compile declares nothing: mend it, and run it first", n)
	}
	if said := pythons[name]; said != "" {
		return said
	}
	functions, _ := s.docs()
	var names []string
	for _, f := range functions {
		names = append(names, f.name)
	}
	if meant := near.Name(strings.ReplaceAll(name, "_", ""), names); meant != "" {
		return "did you mean " + meant + "?"
	}
	return ""
}

// wouldDeclare is the newest cell before one that declares a name, or 0.
func (s *Session) wouldDeclare(name string, before int) int {
	declares := regexp.MustCompile(`(?m)^\s*(?:(?:var|func|type|const) ` + name + `\b|(?:\w+, ?)*` + name + `(?:, ?\w+)* *:=)`)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range slices.Backward(s.ran) {
		if c.number < before && declares.MatchString(c.text) {
			return c.number
		}
	}
	return 0
}
