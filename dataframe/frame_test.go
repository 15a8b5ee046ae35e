package dataframe

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// fields are columns in the form of facts.
func fields(list ...string) []plan.Field {
	parsed, _, err := parseFields(list)
	if err != nil {
		panic(err)
	}
	out := make([]plan.Field, len(parsed))
	for i, f := range parsed {
		out[i] = plan.Field(f)
	}
	return out
}

var facts = plan.Facts{Topics: map[string]plan.TopicFacts{
	"cars": {Fields: fields("car string", "speed float", "gear int", "note string", "ts int"), TimeUnit: "ms", Partitions: 4, KeyedBy: []string{"car"}, Disorder: plan.Duration(1300 * time.Millisecond)},
	"gps":  {Fields: fields("car string", "lat float", "ts int"), TimeUnit: "ms", Partitions: 4, KeyedBy: []string{"car"}},
	"slow": {Fields: fields("car string", "lat float"), Partitions: 2, KeyedBy: []string{"car"}, Disorder: plan.Duration(40 * time.Second)},
}}

func bind(f Frame) (*plan.Plan, error) {
	if f.Err() != nil {
		return nil, f.Err()
	}
	return plan.Bind([]*plan.Node{f.Node()}, facts)
}

func TestErrorsSayWhatToDo(t *testing.T) {
	cars := Topic("cars")
	for _, c := range []struct {
		frame Frame
		want  string // a part of the message
	}{
		{Topic("no/topic"), "has the character '/'"},
		{Topic("unknown"), `its columns are not known: take a sample of it, or declare them with Fields("speed float", ...)`},
		{cars.With("kmh = sped * 3.6"), "did you mean speed?"},
		{cars.With("kmh = speed *"), `With("kmh = speed *")`},
		{cars.Where("speed"), "is float, want a condition that is true or false"},
		{cars.Select(), "names no column"},
		{cars.Drop("sped"), `no column "sped" (have car, speed, gear, note, ts; did you mean speed?)`},
		{cars.Rename("speed"), "has 1 names, want pairs"},
		{cars.Rename("speed", "gear"), `two columns would have the name "gear"`},
		{cars.FillNull("sped", 0), "did you mean speed?"},
		{cars.Map("x", 3, "speed"), "is int, want a function"},
		{cars.Map("x", func(a string) string { return a }, "speed"), "column is float, the function takes string as its argument 1"},
		{cars.Map("x", func(a, b float64) float64 { return a }, "speed"), "the function takes 2 values, the columns are 1"},
		{cars.Map("x", func(a chan int) float64 { return 0 }, "speed"), "type chan int is not one of a column"},
		{cars.GroupBy("driver").Tumbling("10s").Agg("n = count()"), `no column "driver"`},
		{cars.GroupBy("car").Tumbling("ten").Agg("n = count()"), `duration "ten" is not one`},
		{cars.GroupBy("car").Hopping("1s", "10s").Agg("n = count()"), "longer than its size"},
		{cars.GroupBy("car").Tumbling("10s").Grace("-1s").Agg("n = count()"), "want 0 or more"},
		{cars.GroupBy("car").Tumbling("10s").Agg("men(speed)"), "did you mean mean?"},
		{cars.GroupBy("car").Tumbling("10s").Agg("mean(note)"), "mean does not take string"},
		{cars.GroupBy("car").Tumbling("10s").Agg("mean(speed, gear)"), "its last argument is int, want a condition"},
		{cars.GroupBy("car").Tumbling("10s").Agg(), "names no aggregate"},
		{cars.GroupBy("car").Tumbling("10s").Agg("car = count()"), "two columns would have one name"},
		{cars.AsOf(Topic("gps"), Within("5s")), "has no columns to join on"},
		{cars.Interval(Topic("gps"), "5s", "-5s", On("car")), "begins 10s after it ends"},
		{cars.Interval(Topic("gps"), "+-5s", "1s", On("car")), "is no bound"},
		{cars.Interval(Topic("gps"), "-5s", "1s", On("car"), Within("5s")), "Within is an option of AsOf"},
		{cars.AsOf(Topic("gps"), On("car"), Within("5s")), `both sides have a column "ts"`},
		{cars.OnError(Policy("explode")), "want Stop, Skip or DeadLetter"},
		{cars.OnError(DeadLetter("")), "topic name is"},
		{cars.OnError(), "names no policy"},
		{cars.OnError(Retry(0, "1s"), Skip), "tries 0 times, want 1 to 10"},
		{cars.OnError(Retry(3, "soon")), `duration "soon" is not one`},
		{cars.OnError(Retry(3, "1h")), "waits 1h0m0s, want 10s at most"},
		{cars.OnError(Skip, Budget("some")), "want a share of the rows"},
		{cars.OnError(Skip, Budget("101%")), "want a share of the rows"},
		{cars.To("a b"), "has the character ' '"},
		{Topic("cars", Time("when")), `no column "when"`},
		{Topic("cars", Time("ts", "hours")), "unit is not one of s, ms, us, ns"},
		{Topic("cars", Fields("speed")), `field "speed" has no kind`},
		{Frame{}, "want one that begins with Topic"},
	} {
		refused(t, c.frame, c.want)
	}
}

// refused wants a frame's error to say something.
func refused(t *testing.T, f Frame, want string) {
	t.Helper()
	_, err := bind(f)
	var of *plan.Error
	if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &of) {
		t.Errorf("got %v, want a plan.Error with %q", err, want)
	}
}

func TestAnErrorStaysTheFirst(t *testing.T) {
	var seen []error
	f := Topic("cars").Watched(func(f Frame) { seen = append(seen, f.Err()) })
	f = f.With("kmh = *").Where("also =").GroupBy("x").Tumbling("zz").Agg("y()")
	if len(seen) < 4 || seen[0] == nil || !strings.Contains(seen[0].Error(), "kmh = *") {
		t.Fatalf("told of %v", seen)
	}
	for _, err := range append(seen, f.Err()) {
		if err != seen[0] {
			t.Errorf("later the error is %v", err)
		}
	}
}

func TestFramesDoNotChange(t *testing.T) {
	cars := Topic("cars")
	a, b := cars.With("x = 1"), cars.With("x = 2")
	pa, err := bind(a)
	if err != nil {
		t.Fatal(err)
	}
	pb, err := bind(b)
	if err != nil {
		t.Fatal(err)
	}
	if pa.Hash() == pb.Hash() {
		t.Error("two branches of one frame have one hash")
	}
}

func TestSourcesReadOnlyWhatIsNeeded(t *testing.T) {
	for name, c := range map[string]struct {
		frame Frame
		want  string // columns read, by source
	}{
		"all":       {Topic("cars"), "car string, speed float, gear int, note string, ts int"},
		"select":    {Topic("cars").Where("gear > 3").Select("car", "kmh = speed * 3.6"), "car string, speed float, gear int"},
		"window":    {Topic("cars").GroupBy("car").Tumbling("1s").Agg("mean(speed, gear > 1)"), "car string, speed float, gear int"},
		"replaced":  {Topic("cars").With("speed = 1.0").Select("speed"), ""},
		"spliced":   {Topic("cars").With("kmh = speed * 3.6").To("out"), "speed float"},
		"policy":    {Topic("cars").With("kmh = speed * 3.6").To("out").OnError(Skip), "speed float"},
		"forwarded": {Topic("cars").Where("gear > 3").To("out"), "gear int"},
		"function":  {Topic("cars").Map("x", func(v float64) float64 { return v }, "speed").Select("x"), "speed float"},
		"row":       {Topic("cars").Filter(func(Row) bool { return true }).Select("car"), "car string, speed float, gear int, note string, ts int"},
	} {
		p, err := bind(c.frame)
		if err == nil {
			err = p.Unseen()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.Sources()[0].Schema.String(); got != c.want {
			t.Errorf("%s reads %q, want %q", name, got, c.want)
		}
	}
}

func TestARootThatIsLookedAtHasAllItsColumns(t *testing.T) {
	p, err := bind(Topic("cars").With("kmh = speed * 3.6").To("out"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Roots[0].Schema.String(), "car string, speed float, gear int, note string, ts int, kmh float"; got != want {
		t.Errorf("the sink shows %q, want %q", got, want)
	}
}

func TestRowsMoveOnlyWhereTheyMust(t *testing.T) {
	cars := Topic("cars", Time("ts"))
	for name, c := range map[string]struct {
		frame Frame
		moves int
	}{
		"the topic's key":   {cars.GroupBy("car").Tumbling("1s").Agg("n = count()"), 0},
		"another column":    {cars.GroupBy("gear").Tumbling("1s").Agg("n = count()"), 1},
		"two columns":       {cars.GroupBy("gear", "note").Tumbling("1s").Agg("n = count()"), 1},
		"more than the key": {cars.GroupBy("gear", "car").Tumbling("1s").Agg("n = count()"), 0},
		"less than what it lies by": {
			cars.GroupBy("gear", "note").Tumbling("1s").Agg("n = count()").GroupBy("gear").Tumbling("1s").Agg("sum(n)"), 2},
		"an expression":             {cars.GroupBy("band = floor(speed / 20)").Tumbling("1s").Agg("n = count()"), 1},
		"an expression and the key": {cars.GroupBy("car", "band = floor(speed / 20)").Tumbling("1s").Agg("n = count()").GroupBy("car").Tumbling("1s").Agg("sum(n)"), 0},
		"a key":                     {cars.Key("gear").GroupBy("gear").Tumbling("1s").Agg("n = count()"), 1},
		"a row for each of a list":  {cars.With("parts = split(note, ' ')").Explode("parts").GroupBy("car").Tumbling("1s").Agg("n = count()"), 0},
		"a join on more than the keys": {
			cars.With("lap = 1").AsOf(Topic("gps").With("lap = 1"), On("car", "lap"), Within("1s"), Suffix("_gps")), 0},
		"a join by different keys": {
			cars.Key("gear", "note").AsOf(Topic("gps").With("gear = 1", "note = 'a'"), On("gear", "note", "car"), Within("1s"), Suffix("_gps")), 3},
		"the key, renamed":         {cars.Rename("car", "who").GroupBy("who").Tumbling("1s").Agg("n = count()"), 0},
		"the key, selected as":     {cars.Select("who = car", "speed").GroupBy("who").Tumbling("1s").Agg("n = count()"), 0},
		"the key, replaced":        {cars.With("car = upper(car)").GroupBy("car").Tumbling("1s").Agg("n = count()"), 1},
		"what a group is keyed by": {cars.GroupBy("gear").Tumbling("1s").Agg("n = count()").GroupBy("gear").Tumbling("5s").Agg("sum(n)"), 1},
		"a join on the keys":       {cars.AsOf(Topic("gps"), On("car"), Within("1s"), Suffix("_gps")), 0},
		"a join of unlike topics":  {cars.AsOf(Topic("slow"), On("car"), Within("1s")), 2},
	} {
		p, err := bind(c.frame)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Count(p.Text(), "repartition"); got != c.moves {
			t.Errorf("%s moves rows %d times, want %d:\n%s", name, got, c.moves, p.Text())
		}
	}
}

func TestDefaultsAreWrittenOut(t *testing.T) {
	p, err := bind(Topic("cars").GroupBy("car").Tumbling("1m").Agg("n = count()"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Text(), ".grace(2s)") { // 1.3 s of disorder, up to 1, 2 or 5
		t.Errorf("grace does not come from the sample:\n%s", p.Text())
	}
	f := Topic("new", Fields("car string")).GroupBy("car").Tumbling("1m").Agg("n = count()")
	if p, err = plan.Bind([]*plan.Node{f.Node()}, plan.Facts{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Text(), ".grace(10s)") {
		t.Errorf("without a sample grace is not 10 s:\n%s", p.Text())
	}
}

func TestFactsReadBack(t *testing.T) {
	b, err := facts.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := plan.DecodeFacts(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(facts, got); d != "" {
		t.Error(d)
	}
}

func TestParseDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"10s": 10 * time.Second, "1m30s": 90 * time.Second, "500ms": 500 * time.Millisecond, "1d": 24 * time.Hour,
		"2w": 14 * 24 * time.Hour, "1d12h": 36 * time.Hour, "1w1d": 8 * 24 * time.Hour,
	} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("%q is %v, %v, want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "d", "10", "1 d", "1d1w", "999999999d"} {
		if got, err := ParseDuration(s); err == nil {
			t.Errorf("%q is %v, want an error", s, got)
		}
	}
}

func TestPoliciesHoldForWhatIsBeforeThem(t *testing.T) {
	p, err := bind(Topic("cars").With("a = 1").OnError(Skip).With("b = 2"))
	if err != nil {
		t.Fatal(err)
	}
	var got []plan.Action
	for _, s := range p.Steps {
		got = append(got, s.Policy.Action)
	}
	if want := []plan.Action{plan.Skip, plan.Skip, plan.Skip, plan.Stop}; !cmp.Equal(got, want) {
		t.Errorf("policies %v, want %v", got, want)
	}
}
