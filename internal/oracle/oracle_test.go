package oracle_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/corpus"
	"github.com/riffle-stream/riffle/internal/oracle"
)

var (
	seed  = flag.Uint64("seed", 0, "of the random streams; 0 is a new one")
	cases = flag.Uint64("cases", 200, "random streams for each test")
)

// trial is one random stream, its plan, and how it is fed.
type trial struct {
	rnd    *rand.Rand
	shape  oracle.Shape
	n      int  // partitions
	all    bool // close what is open at the end
	note   string
	first  []row.Record   // of a table, fed before the others
	rests  []int          // partitions of the topic "left" that rest at the end
	concat bool           // several frames are read as one, instead of a topic
	late   [][]oracle.Row // wanted in the topic "late"
}

// each runs a test on many random streams. What fails says how to run it again alone.
func each(t *testing.T, run run) {
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	n := *cases
	if testing.Short() {
		n = min(n, 50)
	}
	for i := range n {
		rnd := rand.New(rand.NewPCG(first+i, 5))
		tr := &trial{rnd: rnd, shape: oracle.NewShape(rnd), n: []int{1, 3, 8}[rnd.IntN(3)], all: rnd.IntN(3) == 0}
		frame, recs, want := run(tr)
		got, err := tr.drive(frame, recs)
		if err == nil {
			out, late := apart(got)
			if err = compare(want, out, tr.n); err == nil && tr.late != nil {
				err = compare(tr.late, late, tr.n)
			}
		}
		if err != nil {
			t.Fatalf("%v\n%+v %s, %d partitions, all %t; again: -cases 1 -seed %d", err, tr.shape, tr.note, tr.n, tr.all, first+i)
		}
	}
}

// topic is a frame of the events' columns.
func (tr *trial) topic(name string) df.Frame { return tr.columns(df.Topic, name) }

func (tr *trial) columns(of func(string, ...df.TopicOption) df.Frame, name string) df.Frame {
	unit := map[int64]string{1: "us", 1000: "ms"}[tr.shape.Unit]
	return of(name, df.Time("ts", unit), df.KeyAs("car"),
		df.Fields("car string", "gear int", "num int", "speed float", "text string", "ts int"))
}

// drive runs the records through the engine: cut anywhere, the partitions interleaved anyhow, with restarts.
func (tr *trial) drive(f df.Frame, recs []row.Record) ([]row.Record, error) {
	f = f.OnError(df.Skip).To("out")
	if f.Err() != nil {
		return nil, f.Err()
	}
	facts := plan.Facts{Topics: map[string]plan.TopicFacts{}}
	for _, topic := range []string{"left", "right", "more", "others"} {
		facts.Topics[topic] = plan.TopicFacts{Partitions: tr.n}
	}
	p, err := plan.Bind([]*plan.Node{f.Node()}, facts)
	if err != nil {
		return nil, err
	}
	d, err := corpus.NewDriver(p, tr.n, recs)
	if err != nil {
		return nil, err
	}
	for recs = append(corpus.Shuffle(tr.first, tr.rnd), corpus.Shuffle(recs, tr.rnd)...); len(recs) > 0; {
		k := min(1+tr.rnd.IntN(40), len(recs))
		if err := d.Feed(recs[:k]); err != nil {
			return nil, err
		}
		if recs = recs[k:]; tr.rnd.IntN(6) == 0 {
			if err := d.Restart(); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range tr.rests {
		if err := d.Rest("left", p); err != nil {
			return nil, err
		}
	}
	if tr.all {
		err = d.Idle()
	}
	return d.Sent(), err
}

// apart are the rows of the topic "out", and those of the topic "late".
func apart(recs []row.Record) (out, late []row.Record) {
	for _, r := range recs {
		if r.Topic == "late" {
			late = append(late, r)
		} else {
			out = append(out, r)
		}
	}
	return out, late
}

// compare holds the rows of each partition, in their order, against those wanted.
func compare(want [][]oracle.Row, got []row.Record, n int) error {
	rows := make([][]oracle.Row, n)
	for _, r := range got {
		if r.Key == nil {
			continue // its partition is not known
		}
		p := oracle.Partition(string(r.Key), n)
		rows[p] = append(rows[p], oracle.Row{Key: string(r.Key)})
		var err error
		if rows[p][len(rows[p])-1].Cols, err = decode(r.Value); err != nil {
			return err
		}
	}
	for p := range n {
		if d := cmp.Diff(text(want[p]), text(rows[p])); d != "" {
			return fmt.Errorf("partition %d of %d (-oracle +engine):\n%s", p, n, d)
		}
	}
	return nil
}

// floats are the columns of that kind, whose numbers may look like whole ones.
var floats = strings.Fields("s m mg sd vr lo hi mn l speed kmh both filled total change sum least most was md q p9 tp ds2 rt ew from")

// decode reads a row with the kinds that its columns have.
func decode(value []byte) (cols map[string]any, err error) {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	if err := d.Decode(&cols); err != nil {
		return nil, err
	}
	for name, v := range cols {
		if cols[name], err = numbers(name, v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return cols, nil
}

// numbers is a value of a column with numbers of its kind.
func numbers(name string, v any) (_ any, err error) {
	switch x := v.(type) {
	case json.Number:
		if slices.Contains(floats, name) {
			return x.Float64()
		}
		return x.Int64()
	case []any:
		for i := range x {
			if x[i], err = numbers(name, x[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for n := range x {
			if x[n], err = numbers(n, x[n]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// text is rows in a form in which equal values look equal, and zeros of two signs do not.
func text(rows []oracle.Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		cols := map[string]string{}
		for name, v := range r.Cols {
			cols[name] = form(v)
			if f, ok := v.(float64); ok && name == "ew" { // its sums are rounded
				cols[name] = fmt.Sprintf("%.6g", f)
			}
		}
		out[i] = fmt.Sprintf("%q %v", r.Key, cols)
	}
	return out
}

func form(v any) string {
	switch v := v.(type) {
	case float64:
		return fmt.Sprintf("%x", v)
	case []any:
		out := "["
		for _, x := range v {
			out += form(x) + " "
		}
		return out + "]"
	case map[string]any:
		return form([]any{v["from"], v["n"]})
	}
	return fmt.Sprintf("%#v", v)
}

// inUnit turns columns that hold times, in µs, into the unit in which they are written.
func inUnit(rows [][]oracle.Row, unit int64, columns ...string) [][]oracle.Row {
	for _, of := range rows {
		for _, r := range of {
			for _, c := range columns {
				if t, ok := r.Cols[c].(int64); ok {
					r.Cols[c] = row.FloorDiv(t, unit)
				}
			}
		}
	}
	return rows
}

func dur(us int64) string { return (time.Duration(us) * time.Microsecond).String() }

// left is the topic "left" or, if a test is about that, several frames as one.
func (tr *trial) left(by oracle.Key) (df.Frame, oracle.Log, []row.Record) {
	if tr.concat {
		return tr.concatenated(by)
	}
	l, recs := tr.log("left")
	return tr.topic("left"), l, recs
}

func (tr *trial) log(topic string) (oracle.Log, []row.Record) {
	l := oracle.NewLog(tr.rnd, tr.shape, tr.n)
	return l, l.Records(tr.rnd, topic, tr.shape.Unit)
}

// any is one of the values.
func (tr *trial) any(of ...int64) int64 { return of[tr.rnd.IntN(len(of))] }

// power is 31 to the number of values, and the values are the digits of a number to the base of 31.
type power struct {
	Shift, Digits uint64
	Seen          []bool // so that the state has a list in it
}

// digits depends on the order of rows.
var digits = df.Fold(
	func() power { return power{Shift: 1} },
	func(p power, x int64) power {
		return power{p.Shift * 31, p.Digits*31 + uint64(x), append(p.Seen, x > 0)}
	},
	func(a, b power) power {
		return power{a.Shift * b.Shift, a.Digits*b.Shift + b.Digits, append(a.Seen, b.Seen...)}
	},
	func(p power) int64 { return int64(p.Digits >> 12) },
)

// kinds are the windows that there are, and how each gives its rows.
var kinds = []string{"tumbling", "hopping", "sliding", "session", "count", "running"}

func windows(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		from, l, recs := tr.left(key)
		w := oracle.Windows{By: key, Kind: kinds[tr.rnd.IntN(len(kinds))], Size: tr.any(1e6, 7e6, 10e6, 60e6), Grace: tr.any(0, 1e6, 10e6, 3600e6), N: int(tr.any(1, 2, 5)), Every: tr.any(1e6, 7e6, 1e4)}
		w.Hop, w.Emit = w.Size, []string{"final", "current", "each"}[tr.rnd.IntN(3)]
		if w.Kind == "hopping" {
			w.Hop = w.Size / tr.any(2, 5)
		}
		if w.Kind == "running" && w.Emit == "final" {
			w.Emit = "current"
		}
		tr.note = fmt.Sprintf("%+v", w)
		cut := tr.cut(from, w)
		if w.Kind != "count" && w.Kind != "running" && tr.rnd.IntN(2) == 0 {
			cut, tr.late = cut.LateTo("late"), inUnit(w.Late(l, tr.n, tr.all), tr.shape.Unit, "ts")
		}
		f := cut.Fold("fd", digits, "num").Agg(oracle.Aggregates...).With("at = _ts")
		return f, recs, inUnit(w.Rows(l, tr.n, tr.all), tr.shape.Unit, "window_start", "window_end", "t", "at")
	}
}

// cut is the windows in the language of cells.
func (tr *trial) cut(f df.Frame, w oracle.Windows) df.Windowed {
	g := f.GroupBy(w.By.Columns...)
	cut := map[string]func() df.Windowed{
		"tumbling": func() df.Windowed { return g.Tumbling(dur(w.Size)) },
		"hopping":  func() df.Windowed { return g.Hopping(dur(w.Size), dur(w.Hop)) },
		"sliding":  func() df.Windowed { return g.Sliding(dur(w.Size)) },
		"session":  func() df.Windowed { return g.Session(dur(w.Size)) },
		"count":    func() df.Windowed { return g.EveryN(w.N) },
		"running":  g.Running,
	}[w.Kind]()
	if w.Kind != "count" && w.Kind != "running" {
		cut = cut.Grace(dur(w.Grace))
	}
	return cut.Emit(map[string]df.Emit{"final": df.Final, "current": df.Current, "each": df.Each(dur(w.Every))}[w.Emit])
}

// joins tests AsOf, in all directions, and Interval.
func joins(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		from, left, recs := tr.left(key)
		tr.shape.Events = 1 + tr.rnd.IntN(80)
		right, more := tr.log("right")
		j := oracle.Join{By: key, Grace: tr.any(0, 1e6, 10e6), Left: tr.rnd.IntN(2) == 0, Pick: oracle.Pick(tr.rnd.IntN(4))}
		options := []df.JoinOption{df.On(key.Columns...), df.Grace(dur(j.Grace)), df.Suffix("_r")}
		if j.Left {
			options = append(options, df.Left())
		}
		within := tr.any(1, 1e6, 5e6, 100e6)
		j.From, j.To = -within, 0
		switch j.Pick {
		case oracle.First:
			j.From, j.To = 0, within
			options = append(options, df.Forward())
		case oracle.Nearest:
			j.To = within
			options = append(options, df.Nearest())
		}
		f := df.Frame{}
		if j.Pick == oracle.All {
			j.From = tr.any(-100e6, -5e6, -1, 0, 1e6)
			j.To = j.From + tr.any(0, 1, 2e6, 50e6)
			f = from.Interval(tr.topic("right"), dur(j.From), dur(j.To), options...)
		} else {
			f = from.AsOf(tr.topic("right"), append(options, df.Within(dur(within)))...)
		}
		return f.Select("speed", "ts", "num = num_r", "at = ts_r"), append(recs, more...), inUnit(j.Partners(left, right, tr.n, tr.all), tr.shape.Unit, "ts", "at")
	}
}

// lookups tests Lookup; rows that move are those that are looked up by another column than that of their key.
func lookups(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		tr.shape.Unit, tr.shape.Grain = 1000, max(tr.shape.Grain, 1000)
		left, recs := tr.log("left")
		tr.shape.Events = 1 + tr.rnd.IntN(80)
		table, changes := tr.log("right")
		for i, e := range table {
			if e.Deletes() && !e.Bad {
				changes[i].Value = nil
			}
		}
		u := oracle.Lookup{By: key, Grace: tr.any(0, 1e6, 10e6), Left: tr.rnd.IntN(2) == 0}
		options := []df.JoinOption{df.On("car"), df.Grace(dur(u.Grace)), df.Suffix("_r")}
		if u.Left {
			options = append(options, df.Left())
		}
		from := tr.topic("left")
		if key.Moved {
			from = from.Drop("car").Rename("text", "car")
		}
		tr.first = changes
		f := from.Lookup(tr.columns(df.Table, "right").Select("car", "num", "text", "speed"), options...).Select("speed", "ts", "num = num_r")
		return f, recs, inUnit(u.Found(left, table, tr.n, tr.all), tr.shape.Unit, "ts")
	}
}

func states(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		from, l, recs := tr.left(key)
		f := from.GroupBy(key.Columns...).ApplyState(running, "seen int", "before string", "total float").Select("ts", "seen", "before", "total")
		return f, recs, inUnit(key.Running(l, tr.n, tr.all), tr.shape.Unit, "ts")
	}
}

func earlier(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		from, l, recs := tr.left(key)
		f := from.GroupBy(key.Columns...).With("change = diff(speed)", "back = lag(gear, 2)", "sum = cumsum(speed)", "n = cumcount(has(speed))",
			"least = cummin(speed)", "most = cummax(speed)", "slower = rank_in(speed, 3)", "quick = speed >= cummax(speed)").
			Select("ts", "change", "back", "sum", "n", "least", "most", "slower", "quick")
		return f, recs, inUnit(key.Earlier(l, tr.n, tr.all), tr.shape.Unit, "ts")
	}
}

func fading(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		l, recs := tr.log("left")
		ttl := tr.any(1, 500_000, 3e6, 20e6)
		f := tr.topic("left").GroupBy(key.Columns...).ApplyState(func(r df.Row, s *df.State) df.Row {
			streak := int64(0)
			if s.Has("speed") {
				r, streak = r.With("was", s.Float("speed", -1)), s.Int("streak", 0)+1
			}
			if s.Set("streak", streak); r.Has("speed") {
				s.SetTTL("speed", r.Float("speed"), time.Duration(ttl)*time.Microsecond)
			}
			return r.With("streak", streak)
		}, "was float", "streak int").Select("ts", "was", "streak")
		return f, recs, inUnit(key.Fading(l, tr.n, tr.all, ttl), tr.shape.Unit, "ts")
	}
}

func firsts(key oracle.Key, columns ...string) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		from, l, recs := tr.left(key)
		within := tr.any(1, 500_000, 3e6, 20e6)
		of := []any{df.Within(dur(within))}
		for _, c := range columns {
			of = append(of, c)
		}
		return from.Dedup(of...).Select("ts", "num", "speed"), recs, inUnit(key.Firsts(l, tr.n, tr.all, within, columns...), tr.shape.Unit, "ts")
	}
}

func running(r df.Row, s *df.State) df.Row {
	out := r.With("before", s.Str("text", "")).With("seen", s.Int("n", 0)+1)
	s.Set("n", s.Int("n", 0)+1)
	s.Set("total", s.Float("total", 0)+r.Float("speed"))
	if r.Has("text") {
		s.Set("text", r.Str("text"))
	}
	if r.Str("text") == oracle.Unlucky {
		panic("what the function set for this row must be forgotten")
	}
	return out.With("total", s.Float("total", 0))
}

func columns(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
	l, recs := tr.log("left")
	f := tr.topic("left").With("kmh = speed * 3.6", "both = speed + gear", "big = speed > 60").Where("speed > 20 or num > 3").
		FillNull("speed", 7.0).Select("ts", "kmh", "both", "big", "filled = speed")
	return f, recs, inUnit(oracle.Columns(l, tr.n), tr.shape.Unit, "ts")
}

func TestWindowsAreAsDefined(t *testing.T)                       { each(t, windows(oracle.ByCar)) }
func TestWindowsOfMovedRowsAreAsDefined(t *testing.T)            { each(t, windows(oracle.ByGear)) }
func TestWindowsOfTwoColumnsAreAsDefined(t *testing.T)           { each(t, windows(oracle.ByTwo)) }
func TestJoinsAreAsDefined(t *testing.T)                         { each(t, joins(oracle.ByCar)) }
func TestJoinsOfMovedRowsAreAsDefined(t *testing.T)              { each(t, joins(oracle.ByGear)) }
func TestStateIsAsDefined(t *testing.T)                          { each(t, states(oracle.ByCar)) }
func TestStateOfMovedRowsIsAsDefined(t *testing.T)               { each(t, states(oracle.ByGear)) }
func TestRunningExpressionsAreAsDefined(t *testing.T)            { each(t, earlier(oracle.ByCar)) }
func TestRunningExpressionsOfMovedRowsAreAsDefined(t *testing.T) { each(t, earlier(oracle.ByGear)) }
func TestStateThatFadesIsAsDefined(t *testing.T)                 { each(t, fading(oracle.ByCar)) }
func TestStateThatFadesOfMovedRowsIsAsDefined(t *testing.T)      { each(t, fading(oracle.ByGear)) }
func TestDedupIsAsDefined(t *testing.T)                          { each(t, firsts(oracle.ByCar, "car", "gear")) }
func TestDedupOfMovedRowsIsAsDefined(t *testing.T)               { each(t, firsts(oracle.ByTwo, "gear", "text")) }
func TestLookupsAreAsDefined(t *testing.T)                       { each(t, lookups(oracle.ByCar)) }
func TestLookupsOfMovedRowsAreAsDefined(t *testing.T)            { each(t, lookups(oracle.ByText)) }
func TestColumnsAreAsDefined(t *testing.T)                       { each(t, columns) }
