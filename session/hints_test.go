package session

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// hintTexts are all texts that hints can say.
func hintTexts() (all []string) {
	for _, w := range wordings {
		all = append(all, w.hint)
	}
	for _, words := range []map[string]string{elsewhere, pythons, lastResorts} {
		for _, said := range words {
			all = append(all, said)
		}
	}
	for _, s := range steps {
		all = append(all, s.how)
	}
	return all
}

// A hint points at no word that is not there: those with a capital are names of the language, and those that are called
// in small letters functions of expressions, aggregates, or Go.
func TestHintsNameWhatIsThere(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	functions, _ := n.docs()
	there := []string{"Go", "Python", "Row", "State", "Println", "Sprint", "Titled"}
	for _, f := range functions {
		there = append(there, f.name)
	}
	for of := range receivers {
		there = append(there, methodsOf(of)...)
	}
	called := append(plan.AggregateNames(), "func", "float64", "int64", "int", "f")
	for _, f := range expr.Functions() {
		called = append(called, f.Name)
	}
	name, call := regexp.MustCompile(`\b[A-Z]\w*`), regexp.MustCompile(`\b([a-z]\w*)\(`)
	for _, text := range hintTexts() {
		for _, word := range name.FindAllString(text, -1) {
			if !slices.Contains(there, word) {
				t.Errorf("%q: there is no %s", text, word)
			}
		}
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(called, m[1]) {
				t.Errorf("%q: there is no %s", text, m[1])
			}
		}
	}
	for word, meant := range spelled {
		if _, ok := elsewhere[meant]; !ok {
			t.Errorf("%s is said to be %s, of which nothing is said", word, meant)
		}
	}
}

// What somebody writes who has pandas in the fingers is answered with what to write here.
func TestHintsOfHabits(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("df := Rows(`{\"car\":\"44\",\"speed\":1.5,\"gear\":7}`)\nother := df")
	n.run("lost := df\ndf.nothing()")
	for code, want := range map[string]string{
		`df.Tumbling("1m")`:                                     `Tumbling is of groups: GroupBy("car") comes before it`,
		`df.ApplyState(nil)`:                                    `ApplyState is of groups`,
		`df.GroupBy("car").Apply(nil)`:                          `Apply is of frames: it comes before GroupBy`,
		`df.GroupBy("car").Count()`:                             `a window comes first`,
		`df.GroupBy("car").Running().Mean("x")`:                 `here: Agg("n = count()", "mean(speed)")`,
		`df.Concat(other)`:                                      `Concat is a function: Concat(f)`,
		`df.nlargest(5)`:                                        `By("-speed")`,
		`df.speed`:                                              `columns are named in strings`,
		`df.Head(3).Select("car")`:                              `come last`,
		`Save(Concat(df.Head(3)), "x.csv")`:                     `leave them out`,
		`df.Where("car == "44"")`:                               `in single quotes`,
		`df.Select(["car", "gear"])`:                            `without brackets`,
		`df.Rename({"car": "c"})`:                               `Rename("speed", "kmh")`,
		`df.merge(other, on="car")`:                             `arguments have no names`,
		`df.AsOf(other, "car")`:                                 `On("car")`,
		`Show(df, 5)`:                                           `Limit(5)`,
		`df.Map(func(x float64) float64 { return x }, "speed")`: `the name of the new column comes first`,
		`df.Map("x", func(x float64) bool { return x == nil }, "speed")`:                      `r.Null("speed")`,
		`df.Map("x", func(g int64) float64 { return g * 1.5 }, "gear")`:                       `float64(x)`,
		`df.Map("x", func(g int64) float64 { return float64(g) * g }, "gear")`:                `float64(x)`,
		`df.Apply(func(r Row) { r.With("x", 1) }, "x int")`:                                   `gives it back`,
		`df.Apply(func(r Row) Row { return r.With("x", r["speed"]) }, "x float")`:             `r.Float("speed")`,
		`df.Apply(func(r Row) Row { return r.With("x", r.speed) }, "x float")`:                `r.Float("speed")`,
		`df.GroupBy("car").ApplyState(func(r Row, s State) Row { return r })`:                 `*State`,
		`df.GroupBy("car").ApplyState(func(r Row, s *State) Row { s.Put("n", 1); return r })`: `s.Set("n", 1)`,
		`df.Filter(func(r Row) bool { r.Float("speed") > 1 })`:                                `with return`,
		`topic("cars")`:               `did you mean Topic?`,
		`read_csv("cars.csv")`:        `did you mean ReadCSV?`,
		`pd.read_csv("cars.csv")`:     `ReadCSV("rows.csv")`,
		`def f(x): return x`:          `func f(x float64)`,
		`df.Apply(lambda r: r.speed)`: `func(x float64)`,
		`if Count(df) > 3: print(1)`:  `if x > 3 {`,
		`Count(df), Count(other)`:     `Show(f) and Display(x)`,
		`Sample(df, Last("5m"))`:      `those of a time are For("5m")`,
		`help(df)`:                    `%help Live`,
		`lost.Head(1)`:                `cell 2 declares it, but did not run to its end`,
	} {
		if _, failed := n.run(code); !strings.Contains(failed, want) {
			t.Errorf("%s\nends in\n%s\nwant %s", code, failed, want)
		}
	}
}
