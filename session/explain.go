package session

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/window"
)

// explain says what the frame computes, how it runs and what it costs.
func (o *outcome) explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "plan %s\n\n%s\n", o.plan.Hash(), o.plan.Text())
	for _, sub := range exec.Cut(o.plan).Subs {
		fmt.Fprintf(&b, "part %d: a task for each partition of %s\n", sub.ID, inputs(sub))
		for _, s := range sub.Steps {
			if line := cost(s); line != "" {
				fmt.Fprintf(&b, "  step %d: %s\n", s.ID, line)
			}
		}
	}
	for _, line := range o.waiting() {
		fmt.Fprintf(&b, "%s\n", line)
	}
	for _, n := range o.notes() {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return b.String()
}

func inputs(sub *exec.Subtopology) string {
	var names []string
	for _, in := range sub.Inputs {
		names = append(names, in.Topic)
	}
	return strings.Join(names, " and ")
}

// cost is what a step costs beyond its arithmetic, or "".
func cost(s *plan.Step) string {
	switch op := s.Op.(type) {
	case *plan.Source:
		return fmt.Sprintf("reads %d of %d columns: %s", s.Schema.Len(), len(op.Facts.Fields), strings.Join(s.Schema.Names(), ", "))
	case *plan.KeyBy:
		if op.Local && len(op.Lies) < len(op.Columns) {
			return fmt.Sprintf("groups by %s where the rows lie, which is by %s: no row moves", strings.Join(op.Columns, ", "), strings.Join(op.Lies, ", "))
		}
		if op.Local {
			return fmt.Sprintf("groups by %s where the rows lie: no row moves", strings.Join(op.Columns, ", "))
		}
		return fmt.Sprintf("moves every row to the partition of its %s, through a repartition topic", strings.Join(op.Columns, ", "))
	case *plan.Window:
		return keeps(op)
	case plan.Spanning:
		remembers, holds := plan.Keeps(op)
		return fmt.Sprintf("remembers the second side for %s, holds a row for %s", spell(remembers), spell(holds))
	case *plan.ApplyState:
		return "keeps the state of each key until it is deleted, or its time to live is over"
	case *plan.Lookup:
		return fmt.Sprintf("keeps what the table has, and for %s what it had; no row waits", spell(*op.Grace))
	case *plan.Retime:
		return fmt.Sprintf("time is that of %s from here on: the highest of the rows so far", op.Column)
	case *plan.Dedup:
		return fmt.Sprintf("remembers each %s for %s", strings.Join(op.Columns, ", "), spell(op.Within))
	case *plan.Running:
		return "keeps of each key what its functions need, " + until(op.TTL)
	case *plan.Map:
		return how(s) + ", " + called(op)
	case *plan.Apply, *plan.Filter:
		return how(s)
	case *plan.MapBatch:
		return "called for many rows at once; in a live run and in the export compiled"
	case *plan.FlatMap, *plan.Do:
		return "called here for each row; in a live run and in the export compiled"
	}
	return ""
}

// keeps says what a window remembers, and for how long.
func keeps(op *plan.Window) string {
	switch op.Spec.Kind {
	case window.Sliding:
		return fmt.Sprintf("keeps each row for %s; one that comes later than %s is late", spell(op.Reach()), spell(*op.Grace))
	case window.Session:
		return fmt.Sprintf("keeps a session open until %s after its last row", spell(op.Reach()))
	case window.Count:
		return fmt.Sprintf("keeps a window of each key open until it has %s, %s", count(int(op.Spec.Rows), "row"), until(op.TTL))
	case window.Running:
		return "keeps the aggregates of each key " + until(op.TTL)
	}
	out := fmt.Sprintf("keeps a window open until %s after its end; a row is in %s", spell(*op.Grace), count(int(op.Spec.Size/op.Spec.Hop), "window"))
	if op.Spec.Zone != "" {
		out += ", whose days are those of " + op.Spec.Zone
	}
	return out
}

// until says how long what has no end of its own is kept.
func until(ttl time.Duration) string {
	if ttl == 0 {
		return "for ever: TTL of the group bounds it"
	}
	return fmt.Sprintf("until no row of the key came for %s", spell(ttl))
}

// waiting says of each step why windows of it are open at the end of the sample: how far time is, and which partition holds it up.
func (o *outcome) waiting() (out []string) {
	for _, s := range o.plan.Steps {
		first, windows := o.firstOpen(s)
		if first == nil {
			continue
		}
		line := fmt.Sprintf("open: %s of step %d; the first closes when time is %s", count(windows, "window"), s.ID, instant(first.Until))
		if first.Time > math.MinInt64 {
			line += fmt.Sprintf(". It is %s: partition %d of %s holds it", instant(first.Time), first.Of, first.Topic)
		}
		out = append(out, line)
	}
	return out
}

// firstOpen is the window of a step that closes first, and how many of it are open.
func (o *outcome) firstOpen(s *plan.Step) (first *exec.Waits, windows int) {
	for i := range o.waits {
		w := &o.waits[i]
		if w.Step != s {
			continue
		}
		windows += w.Windows
		if first == nil || w.Until < first.Until {
			first = w
		}
	}
	return first, windows
}

// instant is a time for people, µs.
func instant(us int64) string { return time.UnixMicro(us).UTC().Format("2006-01-02 15:04:05.999999") }

// called says how a program calls the function of a Map: a loop can be made for types that have names of scalars.
func called(op *plan.Map) string {
	args, result, err := plan.Signature(op.Func)
	for _, k := range append(args, result) {
		if err != nil || k == row.Any || k == row.Bytes || k == row.List {
			return "and by reflection, which costs more than most functions: numbers, strings, bools, times and types made of them are called directly"
		}
	}
	return "in a loop made for its type"
}

// short is the beginning of a text, at most n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
