package session

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/interp/source"
)

// Hints say what to write in place of words that are right in pandas, Polars, Spark or Python, and wrong here.

var (
	noMethod = regexp.MustCompile(`^(?s:.+)\.(\w+) undefined \(type dataframe\.(Frame|Group|Windowed|View) has no field or method `)
	unknown  = regexp.MustCompile(`^undefined: (\w+)$`)
	// alias is what the types of frames are called when a verb gave them: the same types.
	alias = regexp.MustCompile(`\bcells\.(Frame|Group|Windowed|View|Row)\b`)
)

// wordings are parts of what the compiler says, and what it means for somebody who is new to Go.
var wordings = []struct{ says, hint string }{
	{"(variable of struct type dataframe.Frame) for built-in len", "Count(f) is the number of a frame's rows"},
	{"of struct type dataframe.Frame)", `columns are named in strings: f.Select("speed") keeps some, f.Where("speed > 200") keeps rows`},
	{"(untyped string constant) as func(dataframe.Row) bool value", `Filter takes a function of a row; a condition in a string is for Where("speed > 200")`},
	{"(untyped int constant) as string value", `lengths of time are strings, such as "10s"`},
	{"more than one character in rune literal", "strings stand in \"double quotes\" or `backquotes`; single ones are for text inside of expressions"},
	{"unexpected =, expected ==", `a new column is an expression in a string: f.With("kmh = speed * 3.6")`},
	{"import path must be a string", `cells are Go: import "math" brings a package of Go`},
	{"unexpected name in, expected {", "cells are Go: for i := range 10 { fmt.Println(i) }"},
	{".Title (value of type string)", "Titled gives a chart its title"},
}

// elsewhere are words of other libraries, in small letters and without "_", and what is written here.
var elsewhere = map[string]string{
	"rolling": `GroupBy("car").Sliding("10s").Agg("mean(speed)") has a row for each row, Hopping("10s", "1s") one a second`,
	"window":  `GroupBy("car") comes before Tumbling("10s"), Hopping("10s", "1s"), Sliding("10s"), Session("30s") and EveryN(100)`,
	"sort":    `a stream has no end to be sorted to; Show(f, By("-speed"), Limit(10)) sorts what is shown`,
	"columns": "Schema() lists the columns", "dtypes": "Schema() lists the columns and their kinds", "info": "Schema() and Describe() tell of the columns",
	"shape": "Count(f) is the number of rows, f.Schema() lists the columns",
	"tocsv": `Save(f, "rows.csv") writes a file, To("topic") names a topic`, "toparquet": `Save(f, "rows.parquet") writes a file`, "tojson": `Save(f, "rows.jsonl") writes a file`,
	"assign": `With("kmh = speed * 3.6")`, "withcolumn": `With("kmh = speed * 3.6")`, "mutate": `With("kmh = speed * 3.6")`,
	"join":        `AsOf(gps, On("car"), Within("5s")) joins by time, Lookup(Table("drivers"), On("car")) with a table, Interval with all rows around`,
	"valuecounts": `ValueCounts(f, "gear")`,
	"limit":       "Head(3), or Show(f, Limit(3))", "sample": `Sample(f, Last(50_000)) takes a sample and pins it`,
	"query": `Where("speed > 200")`, "having": `Where("n > 3") behind Agg`,
	"resample": `GroupBy("car").Tumbling("10s").Agg("mean(speed)")`,
	"distinct": `Dedup("car", Within("10m")) leaves out rows; Agg("distinct(car)") counts values`,
	"fillna":   `FillNull("speed", 0.0)`, "dropna": `DropNull("speed")`, "astype": `Cast("lap float")`,
	"plot":  `Line(f, "ts", "speed", "car"), Bar, Scatter and Histogram draw`,
	"union": "Concat(f, other)", "pivot": `Agg("a = mean(speed, car == '44')", "b = mean(speed, car == '1')") makes a column for each condition`,
	"melt": "FlatMap makes several rows of one", "groupbykey": `GroupBy("car")`, "foreach": "Do(func(r Row) { ... })",
	"agg":  `a stream has no end: a window comes first, as in GroupBy("car").Tumbling("10s").Agg("mean(speed)"), or Running() for all rows so far`,
	"last": `Agg("last(speed)") behind a window, such as Running()`, "first": `Agg("first(speed)") behind a window, such as Running()`,
}

// spelled are other words for the same.
var spelled = map[string]string{
	"sortvalues": "sort", "sortby": "sort", "orderby": "sort", "arrange": "sort", "order": "sort", "merge": "join", "mergeasof": "join", "joinasof": "join", "leftjoin": "join",
	"dropduplicates": "distinct", "unique": "distinct", "nunique": "distinct", "append": "union", "withcolumns": "withcolumn",
	"hist": "plot", "line": "plot", "bar": "plot", "take": "limit", "mean": "agg", "sum": "agg", "max": "agg", "min": "agg", "std": "agg", "median": "agg", "size": "agg", "aggregate": "agg",
	"ffill": "fillna", "isnull": "dropna", "loc": "query", "iloc": "limit", "writecsv": "tocsv", "writeparquet": "toparquet", "toparquetfile": "toparquet",
}

// receivers are what methods are called on.
var receivers = map[string]reflect.Type{
	"Frame": reflect.TypeFor[cells.Frame](), "Group": reflect.TypeFor[cells.Group](),
	"Windowed": reflect.TypeFor[cells.Windowed](), "View": reflect.TypeFor[cells.View](),
}

// hint says what to write in place of what the compiler does not take, or "".
func (s *Session) hint(e *source.Error) string {
	says := alias.ReplaceAllString(e.Message, "dataframe.$1")
	if m := noMethod.FindStringSubmatch(says); m != nil {
		return s.hintOfMethod(m[1], m[2])
	}
	if m := unknown.FindStringSubmatch(says); m != nil {
		return hintOfName(m[1], e)
	}
	for _, w := range wordings {
		if strings.Contains(says, w.says) {
			return w.hint
		}
	}
	return ""
}

// hintOfMethod is about a word that a frame, or what comes of one, does not have.
func (s *Session) hintOfMethod(word, of string) string {
	plain := strings.ToLower(strings.ReplaceAll(word, "_", ""))
	var names []string
	for i := range receivers[of].NumMethod() {
		name := receivers[of].Method(i).Name
		if strings.ToLower(name) == plain {
			return "did you mean " + name + "?"
		}
		names = append(names, name)
	}
	if to, ok := spelled[plain]; ok {
		plain = to
	}
	if said, ok := elsewhere[plain]; ok {
		return "here: " + said
	}
	for name := range s.verbs() {
		if strings.ToLower(name) == plain {
			return fmt.Sprintf("%s is a function: %s(f)", name, name)
		}
	}
	if meant := near.Name(word, names); meant != "" {
		return "did you mean " + meant + "?"
	}
	if of == "Windowed" {
		return `behind a window come Agg("mean(speed)"), Fold or Reduce`
	}
	return "%help lists what frames, groups and windows have"
}

// hintOfName is about a name that nothing declares.
func hintOfName(name string, e *source.Error) string {
	if path := packages[name]; path != "" {
		return fmt.Sprintf("%s is a package: put import %q into the cell, or into one before it", name, path)
	}
	if regexp.MustCompile(`^\s*` + name + `\s*=[^=]`).MatchString(e.Source) {
		return fmt.Sprintf("%s := … declares a name; = sets one that is declared", name)
	}
	return ""
}
