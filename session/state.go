package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// state shows what the last step that keeps something has kept at the end of the sample, of some keys or of all.
func (o *outcome) state(keys []string) (display.Bundle, error) {
	store, ok := o.driver.Kept(o.plan.Roots[0])
	if !ok {
		return display.Bundle{}, errors.New("StateOf: the frame has no step that keeps anything, want one with ApplyState or windows")
	}
	var entries []exec.Entry
	err := o.driver.Read(store, named(keys), func(e exec.Entry) error {
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return display.Bundle{}, fmt.Errorf("StateOf: %w", err)
	}
	t := o.shown(0)
	t.Mode = "state of " + store.ID + ", at the end of the sample"
	head, tail := display.Ends(len(entries), 0)
	t.Total, t.Tail = len(entries), tail
	t.Columns = columnsOf(entries, head, tail)
	return t.Bundle(), nil
}

// named says whether a key is one of those named; of none, all are.
func named(keys []string) func(string) bool {
	return func(key string) bool {
		return len(keys) == 0 || slices.ContainsFunc(keys, func(k string) bool {
			prefix, begins := strings.CutSuffix(k, "*")
			return key == k || begins && strings.HasPrefix(key, prefix)
		})
	}
}

// columnsOf are the key and all that entries have a value of, in the order in which they come up.
func columnsOf(entries []exec.Entry, head, tail int) []display.Column {
	names := []string{}
	for _, e := range entries {
		for _, m := range e.Values {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	out := []display.Column{display.NewColumn("key", "string", atEnds(len(entries), head, tail, func(i int) any { return entries[i].Key }))}
	for _, name := range names {
		out = append(out, display.NewColumn(name, kindIn(entries, name), atEnds(len(entries), head, tail, func(i int) any {
			v, _ := entries[i].Values.Get(name)
			return v
		})))
	}
	return out
}

// kindIn is the kind of the first value of that name, or "any" if others have another.
func kindIn(entries []exec.Entry, name string) string {
	kind := row.Null
	for _, e := range entries {
		v, ok := e.Values.Get(name)
		if k := row.KindOf(v); ok && v != nil {
			if kind != row.Null && k != kind {
				return row.Any.String()
			}
			kind = k
		}
	}
	return kind.String()
}
