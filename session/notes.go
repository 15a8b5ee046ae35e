package session

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/window"
)

// notes say what did not become a row, and why.
func (o *outcome) notes() []string {
	out := o.badNotes()
	for id, s := range o.plan.Steps {
		if n := o.counts.Late[id]; n > 0 {
			out = append(out, fmt.Sprintf("%s came too late for %s and %s left out; a longer Grace takes them", count(int(n), "row"), stepText(s.Op), was(n)))
		}
		if n := o.counts.Over[id]; n > 0 {
			out = append(out, fmt.Sprintf("%s of %s did not fit 64 bits and %s null; floats hold more: float(x) * y", count(int(n), "int"), short(s.Op.Text(), 60), was(n)))
		}
		if n := o.counts.Misfit[id]; n > 0 {
			out = append(out, misfitNote(n, " of "+short(s.Op.Text(), 60)))
		}
		if n := o.counts.Cut[id]; n > 0 {
			out = append(out, fmt.Sprintf("%s of %s %s less than there was: an aggregate keeps at most %s values of a window", count(int(n), "row"), stepName(s.Op), holds(n), number(plan.MostKept)))
		}
		if n := o.counts.NullKey[id]; n > 0 {
			out = append(out, fmt.Sprintf("%s without a key, %s, %s left out", count(int(n), "row"), keysOf(s.Op), was(n)))
		}
		if n := o.counts.Early[id]; n > 0 {
			out = append(out, earlyNote(int(n), s.In[1].Origin()[0]))
		}
		if op, ok := s.Op.(*plan.AsOf); ok && slices.ContainsFunc(op.Measured, isWithin) {
			out = append(out, fmt.Sprintf("joined with %s, which fits the sample: twice the median gap between rows of a key on the slower side", strings.Join(op.Measured, ", ")))
		}
	}
	return append(out, o.openNotes()...)
}

// misfitNote says of values why they are null.
func misfitNote(n int64, of string) string {
	return fmt.Sprintf("%s%s %s null because of a kind that is not taken there; a cast says which is meant: string(x), float(x)", count(int(n), "value"), of, was(n))
}

// earlyNote says why rows found nothing in a table that has their key.
func earlyNote(n int, table *plan.Source) string {
	out := fmt.Sprintf("%s found nothing, because all that %s has of the key is later", count(n, "row"), table.Topic)
	if table.Time == "" {
		out += fmt.Sprintf(": a record counts from when it was written, or from a column: Table(%q, Time(\"column\"))", table.Topic)
	}
	return out
}

// isWithin says whether an option is how old a partner may be.
func isWithin(option string) bool { return strings.HasPrefix(option, "Within") }

// badNotes tell of the rows that a step could not take, the first of them in full.
func (o *outcome) badNotes() []string {
	if len(o.bad) == 0 {
		return nil
	}
	b, n := o.bad[0], len(o.bad)
	first := "it is"
	if n > 1 {
		first = "the first is"
	}
	text := b.Err.Error()
	if o.panicked != nil && b.Stack != nil {
		text = o.panicked.Message
	}
	if o.panicked != nil && len(o.panicked.Frames) > 0 {
		text += fmt.Sprintf(" (%s)", o.panicked.Frames[len(o.panicked.Frames)-1].At)
	}
	out := []string{fmt.Sprintf("%s of %s %s left out; %s %s: %s", number(n), count(len(o.sample.Records), "row"), was(int64(n)), first, rowAt(b), text)}
	if b.Step < len(o.plan.Steps) && o.plan.Steps[b.Step].Policy.Action == plan.Stop {
		out = append(out, "a run stops at such a row, unless OnError(Skip) or OnError(DeadLetter(\"topic\")) says otherwise")
	}
	return out
}

// openNotes say why there is no row yet where windows are still open.
func (o *outcome) openNotes() []string {
	for _, t := range o.tables {
		if t.Len() > 0 {
			return nil
		}
	}
	for _, s := range o.plan.Steps {
		w, ok := s.Op.(*plan.Window)
		if !ok || w.Emit != plan.Final || len(o.sample.Records) == 0 {
			continue
		}
		if w.Spec.Kind == window.Count {
			return []string{fmt.Sprintf("no window is full yet: each takes %s of its key", count(int(w.Spec.Rows), "row"))}
		}
		from := map[window.Kind]string{window.Session: "its last row", window.Sliding: "its row"}[w.Spec.Kind]
		need := w.Reach()
		if w.Spec.Kind == window.Sliding {
			need = *w.Grace
		}
		closes := fmt.Sprintf("no window has closed yet: one closes %s after %s", spell(need), cmp.Or(from, "its start"))
		if first, _ := o.firstOpen(s); first != nil && first.Time > math.MinInt64 {
			closes += fmt.Sprintf(", the first at %s, and the rows come to %s", instant(first.Until), instant(first.Time))
		}
		return []string{closes + ". Sample more rows, or take shorter windows"}
	}
	return nil
}

// stepText names a step in a sentence.
func stepText(op plan.Op) string {
	switch op := op.(type) {
	case *plan.Window:
		return fmt.Sprintf("their %s (of %s, grace %s)", windowName(op), spell(time.Duration(op.Spec.Size)*time.Microsecond), spell(*op.Grace))
	case *plan.AsOf, *plan.Interval:
		return fmt.Sprintf("their join (grace %s)", spell(*plan.Joined(op).Grace))
	}
	return op.Text()
}

func windowName(op *plan.Window) string {
	if op.Spec.Kind == window.Session {
		return "session"
	}
	return "window"
}

// stepName is the kind of a window.
func stepName(op plan.Op) string {
	if w, ok := op.(*plan.Window); ok {
		return w.Spec.String()
	}
	return op.Text()
}

func holds(n int64) string {
	if n == 1 {
		return "holds"
	}
	return "hold"
}

// keysOf names the columns of a key.
func keysOf(op plan.Op) string {
	switch op := op.(type) {
	case *plan.KeyBy:
		return strings.Join(op.Columns, ", ")
	case *plan.Window:
		return strings.Join(op.Keys, ", ")
	}
	return op.Text()
}

// spell is a duration as a cell writes it: "1h", not "1h0m0s".
func spell(d time.Duration) string {
	text := d.Round(time.Millisecond).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func was(n int64) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
