package session

import (
	"context"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// Inspect describes what stands at the cursor.
func (s *Session) Inspect(_ context.Context, code string, cursor, _ int) (kernel.Bundle, error) {
	plain, magics := goCode(0, code)
	if m, ok := magicAt(magics, cursor); ok {
		if named, ok := magicNamed(m.Name); ok {
			return kernel.Text(named.describe()), nil
		}
		return kernel.Bundle{}, nil
	}
	if m, ok := s.quoted(plain.Text, cursor); ok {
		return m.bundle(), nil
	}
	d, ok := s.engine.Inspect(plain.Text, cursor)
	if !ok {
		return kernel.Bundle{}, nil
	}
	return s.manualOf(d).bundle(), nil
}

// manualOf is all there is to say of a name of Go.
func (s *Session) manualOf(d interp.Description) manual {
	m := manual{declaration: d.Declaration, doc: d.Doc}
	if d.Prelude {
		m.example = examples[d.Name]
	}
	if d.Variable && !d.Prelude && s.engine.Running() == 0 { // a cell that runs may be changing it
		m.facts = s.holds(d.Name)
	}
	return m
}

// holds says what a variable holds: of a frame its columns.
func (s *Session) holds(name string) []string {
	for _, v := range s.engine.Variables() {
		if v.Name != name {
			continue
		}
		out := []string{name + " = " + briefly(v)}
		if !v.Value.IsValid() {
			return out
		}
		f, ok := v.Value.Interface().(cells.Frame)
		if fields, known := s.fieldsOf(f); ok && known {
			for _, c := range fields {
				out = append(out, "  "+c.Name+" "+c.Kind.String())
			}
		}
		return out
	}
	return nil
}
