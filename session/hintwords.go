package session

// wording is a part of what the compiler says, of a line that may have to hold a text, and what it means for somebody who is new to Go.
type wording struct{ says, line, hint string }

const mixed = "kinds of numbers do not mix in Go: float64(x), int64(x) and int(x) make one of another"

var wordings = []wording{
	{"(variable of struct type dataframe.Frame) for built-in len", "", "Count(f) is the number of a frame's rows"},
	{"(variable of struct type dataframe.Row)", "", `a column of a row is read by its kind: r.Float("speed"), r.Int, r.Str, r.Bool, r.Time`},
	{"of struct type dataframe.Frame)", "", `columns are named in strings: f.Select("speed") keeps some, f.Where("speed > 200") keeps rows`},
	{"(untyped string constant) as func(dataframe.Row) bool value", "", `Filter takes a function of a row; a condition in a string is for Where("speed > 200")`},
	{"as func(dataframe.Row) dataframe.Row value", "", `the function takes a row and gives it back: func(r Row) Row { return r.With("kmh", 3.6*r.Float("speed")) }`},
	{"as func(dataframe.Row, *dataframe.State) dataframe.Row value", "", `the function takes a row and what is remembered: func(r Row, s *State) Row { return r }`},
	{"as string value in argument to", ".Map(func", `the name of the new column comes first: f.Map("kmh", fn, "speed")`},
	{"as dataframe.JoinOption value", "", `the columns to join on are On("car")`},
	{"as cells.Option value", "", `options are calls: Show(f, Limit(5)), Sample(f, Last(1000)), Live(f, For("10s"))`},
	{"(value of struct type dataframe.View)", "", "Head, Tail and Describe are ways to look at a frame, and give none: leave them out"},
	{"as int value in argument to Last", "", `Last(1000) is so many rows; those of a time are For("5m"), Since("2026-01-05") or Between("2026-01-05T08:00:00Z", "5m")`},
	{"(untyped int constant) as string value", "", `lengths of time are strings, such as "10s"`},
	{"untyped nil)", "", `numbers and texts are never nil: Map is not called where a column is null, and in Apply r.Null("speed") asks`},
	{"truncated to int", "", mixed}, {"mismatched types int", "", mixed}, {"mismatched types float", "", mixed},
	{"(value of type int", " float64", mixed}, {"(value of type float64) as int", "", mixed},
	{"want (string, int64)", "", `behind the name stands what it is as long as it was not set: s.Int("n", 0)`},
	{"missing return", "", "a function gives its value with return"},
	{"expected 1 expression", "", "a cell shows its last expression, and Show(f) and Display(x) show others"},
	{"more than one character in rune literal", "", "strings stand in \"double quotes\" or `backquotes`; single ones are for text inside of expressions"},
	{"unexpected literal", `("`, `text inside of an expression stands in single quotes: f.Where("car == '44'")`},
	{"unexpected =, expected ==", "", `arguments have no names, and a new column is an expression in a string: f.With("kmh = speed * 3.6")`},
	{"unexpected comma; expecting ]", "", `columns stand side by side, without brackets: f.Select("car", "speed")`},
	{"unexpected {, expected expression", "", `old and new names stand side by side: f.Rename("speed", "kmh")`},
	{"import path must be a string", "", `cells are Go: import "math" brings a package of Go`},
	{"unexpected name in, expected {", "", "cells are Go: for i := range 10 { fmt.Println(i) }"},
	{"illegal label declaration", "if ", "cells are Go: if x > 3 { fmt.Println(x) }"},
	{"unexpected name", "def ", "cells are Go: func f(x float64) float64 { return x }"},
	{"unexpected name", "lambda ", "cells are Go: func(x float64) float64 { return x }"},
	{".Title (value of type string)", "", "Titled gives a chart its title"},
}

// pythons are names of Python, and what is written here.
var pythons = map[string]string{
	"True": "true and false are written small", "False": "true and false are written small", "None": "nothing is nil in Go, and null in expressions",
	"pd": `no library of Python is here: ReadCSV("rows.csv") reads a file, Topic("rows") a topic`, "pl": `no library of Python is here: ReadCSV("rows.csv") reads a file, Topic("rows") a topic`,
	"np":   `no library of Python is here: import "math" has functions of numbers, Functions() lists those of expressions`,
	"plt":  `no library of Python is here: Line(f, "ts", "speed"), Bar, Scatter and Histogram draw`,
	"help": "%help Live explains a name, and %help lists what there is", "str": "fmt.Sprint(x) is the text of a value", "df": `f := Topic("rows") is a frame, once a cell says so`,
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
	"agg": `a stream has no end: a window comes first, as in GroupBy("car").Tumbling("10s").Agg("mean(speed)"), or Running() for all rows so far`,
	"top": `Show(f, By("-speed"), Limit(5)) shows the greatest; Agg("top(speed, 5)") keeps them`, "apply": `Map("kmh", fn, "speed") makes a column, Apply(fn, "kmh float") sees the whole row`,
	"copy": "a frame never changes: no copy is needed", "describe": "Describe()", "readcsv": `ReadCSV("rows.csv"), ReadJSONL and ReadParquet read files`,
	"last": `Agg("last(speed)") behind a window, such as Running()`, "first": `Agg("first(speed)") behind a window, such as Running()`,
}

// spelled are other words for the same.
var spelled = map[string]string{
	"sortvalues": "sort", "sortby": "sort", "orderby": "sort", "arrange": "sort", "order": "sort", "merge": "join", "mergeasof": "join", "joinasof": "join", "leftjoin": "join",
	"dropduplicates": "distinct", "unique": "distinct", "nunique": "distinct", "append": "union", "withcolumns": "withcolumn",
	"hist": "plot", "line": "plot", "bar": "plot", "take": "limit", "nlargest": "top", "map": "apply", "transform": "apply", "applymap": "apply", "mean": "agg", "sum": "agg", "max": "agg", "min": "agg", "std": "agg", "median": "agg", "size": "agg", "aggregate": "agg",
	"ffill": "fillna", "isnull": "dropna", "loc": "query", "iloc": "limit", "writecsv": "tocsv", "writeparquet": "toparquet", "toparquetfile": "toparquet",
}
