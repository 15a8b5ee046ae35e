package cells

import "fmt"

// Option says how a verb acts. Which options a verb takes stands at the verb.
type Option struct {
	Name string // the constructor, such as "Last"
	N    int    // of First, Last, EveryNth, PerKey, Speed and Limit
	Text string // of the others
	More string // the second text of Between and Burst
}

// String is the option as a cell writes it.
func (o Option) String() string {
	switch {
	case o.More != "":
		return fmt.Sprintf("%s(%q, %q)", o.Name, o.Text, o.More)
	case o.Text != "" && o.N != 0:
		return fmt.Sprintf("%s(%d, %q)", o.Name, o.N, o.Text)
	case o.Text != "":
		return fmt.Sprintf("%s(%q)", o.Name, o.Text)
	case o.N != 0:
		return fmt.Sprintf("%s(%d)", o.Name, o.N)
	}
	return o.Name + "()"
}

// First samples the first n rows of a topic.
func First(n int) Option { return Option{Name: "First", N: n} }

// Last samples the last n rows of a topic.
func Last(n int) Option { return Option{Name: "Last", N: n} }

// EveryNth samples each n-th row, by offset, of the last n times 10,000 (at most 1,000,000).
func EveryNth(n int) Option { return Option{Name: "EveryNth", N: n} }

// PerKey samples the last n rows of each value of a column, among the last 200,000 rows of a topic.
func PerKey(n int, column string) Option { return Option{Name: "PerKey", N: n, Text: column} }

// Since samples the rows from a time on: "2026-11-01", or RFC 3339.
func Since(from string) Option { return Option{Name: "Since", Text: from} }

// Between samples the rows from a time on, for a duration.
func Between(from, duration string) Option {
	return Option{Name: "Between", Text: from, More: duration}
}

// For bounds how long a run goes on, "30s", or samples the rows of that time before the newest.
func For(d string) Option { return Option{Name: "For", Text: d} }

// Speed replays so many times as fast as the rows came.
func Speed(times int) Option { return Option{Name: "Speed", N: times} }

// Burst replays the last rows of a sample, those of a span such as "5m", within a shorter time, such as "5s".
func Burst(span, within string) Option { return Option{Name: "Burst", Text: span, More: within} }

// Limit bounds how many rows are shown, or how many a run gives before it ends.
func Limit(n int) Option { return Option{Name: "Limit", N: n} }

// By orders the rows that Show shows: By("-kmh") puts the greatest first.
func By(column string) Option { return Option{Name: "By", Text: column} }
