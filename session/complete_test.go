package session

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/cells"
)

// completed is what is offered at the mark | of code: each with its type, and what it replaces.
func completed(t *testing.T, n *notebook, code string) (texts []string, replaces string) {
	t.Helper()
	before, after, ok := strings.Cut(code, "|")
	if !ok {
		t.Fatalf("%q has no mark", code)
	}
	got, err := n.Complete(t.Context(), before+after, len(before))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range got.Candidates {
		texts = append(texts, c.Text+" "+c.Type)
	}
	return texts, (before + after)[got.Start:got.End]
}

func TestCompleteInStrings(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 2_000))
	n.mustRun(telemetryOf1000 + "\ngps := Topic(\"car-gps\", Time(\"ts\"))\nSample(gps, Last(20))")
	n.mustRun(`fast := cars.Select("car", "speed", "lap").With("kmh = speed * 3.6")
group := fast.GroupBy("car")
var tired int`)
	for name, c := range map[string]struct {
		code, replaces string
		want           []string
	}{
		"columns of a frame":                 {`fast.With("x = k|`, "k", []string{"kmh column"}},
		"and functions":                      {`fast.With("x = s|`, "s", []string{"speed column", "second function", "seconds function", "sha256 function", "sign function", "sin function", "slice function", "sort function", "split function", "sqrt function", "strftime function", "string function", "strptime function", "substr function", "sum function"}},
		"of this frame only":                 {`gps.Where("s|peed > 1")`, "s", []string{"second function", "seconds function", "sha256 function", "sign function", "sin function", "slice function", "sort function", "split function", "sqrt function", "strftime function", "string function", "strptime function", "substr function", "sum function"}},
		"nothing typed yet":                  {`fast.Where("|`, "", []string{"car column", "speed column", "lap column", "kmh column"}},
		"a closed string":                    {`fast.Where("km| > 5").Head(3)`, "km", []string{"kmh column"}},
		"after a step of the same chain":     {`fast.With("twice = kmh * 2").Where("tw|`, "tw", []string{"twice column"}},
		"over lines":                         {"x := fast.\n\tWith(\"twice = kmh * 2\").\n\tWhere(\"tw|", "tw", []string{"twice column"}},
		"a second string":                    {`fast.With("a = 1", "b = km|`, "km", []string{"kmh column"}},
		"a topic at hand":                    {`Topic("car-telemetry").Where("thr|`, "thr", []string{"throttle column"}},
		"a variable of the same cell":        {"slow := fast.With(\"mph = kmh / 1.6\")\nslow.Where(\"mp|", "mp", []string{"mph column"}},
		"a function that declares":           {`fast.Apply(func(r Row) Row { return r }, "dist float").Where("di|`, "di", []string{"dist column", "div function"}},
		"a function that gives":              {`fast.Map("root", func(v float64) float64 { return v }, "kmh").Where("ro|`, "ro", []string{"root column", "round function"}},
		"the functions of state":             {`fast.GroupBy("car").ApplyState(func(r Row, s *State) Row { return r }, "odo float").Where("od|`, "od", []string{"odo column"}},
		"columns to group by":                {`fast.GroupBy("|`, "", []string{"car column", "speed column", "lap column", "kmh column"}},
		"functions of earlier rows":          {`fast.GroupBy("car").With("x = cum|`, "cum", []string{"cumcount function", "cummax function", "cummin function", "cumsum function"}},
		"the variable of a group":            {`group.Where("pre|`, "pre", []string{"prev function"}},
		"columns to drop, no functions":      {`fast.Drop("s|`, "s", []string{"speed column"}},
		"aggregates":                         {`fast.GroupBy("car").Tumbling("10s").Agg("avg = m|`, "m", []string{"max aggregate", "mean aggregate", "median aggregate", "min aggregate", "mode aggregate", "map function", "max2 function", "min2 function", "minute function", "month function"}},
		"in an aggregate":                    {`fast.GroupBy("car").Tumbling("10s").Agg("mean(km|`, "km", []string{"kmh column"}},
		"nothing typed yet in an aggregate":  {`fast.GroupBy("car").Tumbling("10s").Agg("x = mean(|`, "", []string{"car column", "speed column", "lap column", "kmh column"}},
		"rows of windows":                    {`fast.GroupBy("car").Tumbling("10s").Agg("avg = mean(kmh)").Where("window_|`, "window_", []string{"window_start column", "window_end column"}},
		"a join":                             {`fast.AsOf(gps, On("|`, "", []string{"car column", "speed column", "lap column", "kmh column"}},
		"what a join gives":                  {`fast.AsOf(gps, On("car"), Within("5s")).Where("la|`, "la", []string{"lap column", "lat column", "last function"}},
		"an order":                           {`Show(fast, By("-k|`, "k", []string{"kmh column"}},
		"a chart":                            {`Line(fast, "lap", "k|`, "k", []string{"kmh column"}},
		"a topic's name with a dash":         {`Topic("car-t|`, "car-t", []string{"car-telemetry topic"}},
		"a topic's name from its first word": {`Topic("car|`, "car", []string{"car-gps topic", "car-telemetry topic"}},
		"no duration is offered":             {`fast.GroupBy("car").Tumbling("s|`, "s", nil},
		"nor anything in other strings":      {`println("s|`, "s", nil},
		"nor in a list":                      {`[]string{"s|`, "s", nil},
		"a quote in a rune":                  {"r := '\"'\nfast.Where(\"km|", "km", []string{"kmh column"}},
		"a quote in a comment":               {"// say \"hi\nfast.Where(\"km|", "km", []string{"kmh column"}},
		"a raw string":                       {"fast.Where(`lap > 1\n and km|", "km", []string{"kmh column"}},
		"a row in a function":                {`fast.Filter(func(r Row) bool { return r.Float("km|`, "km", []string{"kmh column"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, replaces := completed(t, n, c.code)
			if d := cmp.Diff(c.want, got); d != "" || replaces != c.replaces {
				t.Errorf("%s replaces %q, want %q (-want +got):\n%s", c.code, replaces, c.replaces, d)
			}
		})
	}
}

func TestCompleteGo(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("import \"strings\"\nvar speedOfLight = 299792458")
	for code, want := range map[string]string{
		"speedOf|":                 "speedOfLight",
		"strings.ToUp|":            "ToUpper",
		"Topic(\"x\").Whe|":        "Where",
		"Sam|":                     "Sample",
		"println(\"a\") ; speedO|": "speedOfLight",
	} {
		got, _ := completed(t, n, code)
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("%s offers %v, want %s", code, got, want)
		}
	}
}

func TestSignaturesOfCandidates(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 400))
	n.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars)")
	got, err := n.Complete(t.Context(), `cars.With("x = roun`, 19)
	if err != nil || len(got.Candidates) != 1 || !strings.Contains(got.Candidates[0].Signature, "round(") {
		t.Errorf("round is offered as %v, %v", got.Candidates, err)
	}
	got, err = n.Complete(t.Context(), `cars.With("x = spee`, 19)
	if err != nil || len(got.Candidates) != 1 || got.Candidates[0].Signature != "float" {
		t.Errorf("speed is offered as %v, %v", got.Candidates, err)
	}
}

// What completion hides is there, and not offered; what is beside it is.
func TestCompletionHidesWhatIsBackstage(t *testing.T) {
	n := open(t, t.TempDir(), raceOf(t, 2_000))
	n.mustRun(telemetryOf1000 + "\nvar state *State\nvar one Row\nvar table *Collected")
	types := map[string]reflect.Type{"Frame": reflect.TypeFor[cells.Frame](), "Row": reflect.TypeFor[cells.Row](), "State": reflect.TypeFor[*cells.State](), "Table": reflect.TypeFor[*cells.Collected]()}
	for name := range backstage() {
		of, method, _ := strings.Cut(name, ".")
		if _, ok := types[of].MethodByName(method); !ok {
			t.Errorf("there is no method %s to be hidden", name)
		}
	}
	for variable, of := range map[string]string{"cars": "Frame", "one": "Row", "state": "State", "table": "Table"} {
		texts, _ := completed(t, n, variable+".|")
		offered := map[string]bool{}
		for _, text := range texts {
			name, _, _ := strings.Cut(text, " ")
			offered[name] = true
		}
		for m := range types[of].Methods() {
			if hidden := backstage()[of+"."+m.Name]; offered[m.Name] == hidden {
				t.Errorf("%s.%s is offered: %v, hidden: %v", of, m.Name, offered[m.Name], hidden)
			}
		}
	}
}
