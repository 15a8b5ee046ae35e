package session

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/dataframe/plan"
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

// A misnamed method is one that its receiver does not have.
type misnamed struct {
	word, of  string
	small     string   // the word in small letters, without "_"
	means     string   // what it is called here that others call small
	functions []string // of cells, which take a frame
}

func (s *Session) misnamed(word, of string) misnamed {
	m := misnamed{word: word, of: of, small: strings.ToLower(strings.ReplaceAll(word, "_", "")), functions: append(slices.Collect(maps.Keys(s.verbs())), "Concat", "StateOf")}
	m.means = cmp.Or(spelled[m.small], m.small)
	return m
}

// hint says what to write, the likeliest first.
func (m misnamed) hint() string {
	if m.of == "Row" || m.of == "State" {
		return cmp.Or(didYouMean(methodOf(m.of, m.small)), lastResorts[m.of])
	}
	return cmp.Or(didYouMean(methodOf(m.of, m.small)), m.misplaced(), m.aggregate(), m.elsewhere(), m.misplacedAlike(), m.function(),
		didYouMean(near.Name(m.word, methodsOf(m.of))), lastResorts[m.of])
}

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + name + "?"
}

// misplaced is about a word of another receiver.
func (m misnamed) misplaced() string {
	for _, step := range steps {
		if slices.Contains(methodsOf(step.of), m.word) && m.of != "View" {
			return m.word + " " + step.how
		}
	}
	return ""
}

// misplacedAlike is about one that is spelled otherwise.
func (m misnamed) misplacedAlike() string {
	for _, step := range steps {
		if name := methodOf(step.of, m.means); name != "" && m.of != "View" {
			return name + " " + step.how
		}
	}
	return ""
}

// aggregates reports whether the word is agg, or the name of an aggregate.
func (m misnamed) aggregates() bool {
	return m.means == "agg" || slices.Contains(plan.AggregateNames(), m.means)
}

// aggregate is about windows, which have Agg.
func (m misnamed) aggregate() string {
	if m.of == "Frame" || !m.aggregates() || methodOf(m.of, "agg") != "Agg" {
		return ""
	}
	return `here: Agg("n = count()", "mean(speed)")`
}

// elsewhere is about a word of another library.
func (m misnamed) elsewhere() string {
	said := elsewhere[m.means]
	if m.of == "Group" && m.aggregates() {
		said = elsewhere["agg"]
	}
	if said == "" {
		return ""
	}
	return "here: " + said
}

// function is about one that takes the frame.
func (m misnamed) function() string {
	for _, name := range m.functions {
		if strings.ToLower(name) == m.means {
			return fmt.Sprintf("%s is a function: %[1]s(f)", name)
		}
	}
	return ""
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
