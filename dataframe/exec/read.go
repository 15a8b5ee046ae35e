package exec

import (
	"errors"
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Entry is what a step keeps for one key, or for a key in one span of time.
type Entry struct {
	Key    string
	Values row.Object
}

// ErrEnough ends the reading of state.
var ErrEnough = errors.New("enough")

// ErrNoStep: no step of that name keeps anything.
var ErrNoStep = errors.New("there is no state of a step")

// readable is an operator whose state can be looked at, in the order of keys.
type readable interface {
	read(want func(key string) bool, fn func(Entry) error) error
}

// Read gives what a step keeps for the keys that are wanted, by the id of its
// store, to fn: in the order of windows and of keys, until fn gives an error.
func (t *Task) Read(step string, want func(key string) bool, fn func(Entry) error) error {
	for _, n := range t.nodes {
		if n.kept != step {
			continue
		}
		r, ok := n.op.(readable)
		if !ok {
			return fmt.Errorf("step %q keeps rows that wait, which cannot be looked at", step)
		}
		return r.read(want, fn)
	}
	return fmt.Errorf("%w %q", ErrNoStep, step)
}

// read gives what the function has remembered for each key.
func (k *keeping) read(want func(string) bool, fn func(Entry) error) error {
	return k.keys.each(want, func(key string, s *row.State) error {
		if values := s.Values(); len(values) > 0 {
			return fn(Entry{key, values})
		}
		return nil
	})
}

// look gives the row that a group would give now.
func (t *teller) look(c *cell, fn func(Entry) error) error {
	if t.whole != nil {
		c = t.whole(c)
	}
	rows := emptyBatch(t.step.Schema)
	if err := t.give(&rows, c); err != nil {
		return err
	}
	e := Entry{Key: c.key}
	for i, f := range t.step.Schema.Fields() {
		e.Values = append(e.Values, row.Member{Name: f.Name, Value: rows.Cols[i].Value(0)})
	}
	return fn(e)
}

// read gives the rows that the open windows would give if they closed now.
func (w *windowed) read(want func(string) bool, fn func(Entry) error) error {
	for _, start := range w.open {
		w.find(start)
		for _, key := range wanted(w.found, want) {
			if err := w.look(w.found[key], fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// read gives the window that ends at the latest row of each key.
func (w *sliding) read(want func(string) bool, fn func(Entry) error) error {
	for _, key := range wanted(w.keys, want) {
		rows := w.keys[key].rows
		if err := w.look(&rows[len(rows)-1].cell, fn); err != nil {
			return err
		}
	}
	return nil
}

// read gives the rows that the open sessions would give if they closed now.
func (w *sessions) read(want func(string) bool, fn func(Entry) error) error {
	for _, key := range wanted(w.keys, want) {
		for _, c := range w.keys[key] {
			if err := w.look(c, fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// read gives what has been counted of each key.
func (w *counted) read(want func(string) bool, fn func(Entry) error) error {
	for _, key := range wanted(w.cells, want) {
		if err := w.look(w.cells[key], fn); err != nil {
			return err
		}
	}
	return nil
}

// wanted are the keys of a map that are wanted, in order.
func wanted[V any](m map[string]V, want func(string) bool) []string {
	var out []string
	for key := range m {
		if want(key) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}
