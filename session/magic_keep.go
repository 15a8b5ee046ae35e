package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/kernel"
)

const (
	resetHelp = `%reset
	forgets the variables, functions, types and imports of all cells but those that %keep names, and ends live runs.
	A name of Riffle's that a cell had taken is Riffle's again. Pinned samples and files stay.`
	keepHelp = `%keep limits tracks
	%reset leaves these, with their values and what they need.
%keep
	in a cell, keeps all that this cell defines.
	A kernel that starts anew has nothing of it: there cells have to run again.`
)

// keepMagic notes names that a reset leaves: those given, or those that the cell defines.
func (s *Session) keepMagic(c *running, args string) error {
	names := strings.FieldsFunc(args, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })
	c.script.ends = append(c.script.ends, func() error {
		if len(names) == 0 {
			names = c.defines
		}
		if len(names) == 0 {
			return fmt.Errorf("the cell defines nothing to keep; want names, such as %%keep limits")
		}
		for _, n := range names {
			if err := s.keep(n); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}

func (s *Session) keep(name string) error {
	if _, ok := s.engine.Inspect(name, len(name)); !ok {
		var names []string
		for _, v := range s.engine.Variables() {
			names = append(names, v.Name)
		}
		if meant := near.Name(name, names); meant != "" {
			return fmt.Errorf("no name %q to keep, did you mean %s?", name, meant)
		}
		return fmt.Errorf("no name %q to keep; %%vars lists the variables", name)
	}
	if !slices.Contains(s.kept, name) {
		s.kept = append(s.kept, name)
	}
	return nil
}

// resetMagic forgets what cells have defined.
func (s *Session) resetMagic(c *running, args string) error {
	if args != "" {
		return fmt.Errorf("takes no arguments, got %q; %%keep says what it leaves", args)
	}
	s.stopAll()
	left := s.engine.Forget(s.kept)
	s.mu.Lock()
	for name := range s.frames {
		if !slices.Contains(left, name) {
			delete(s.frames, name)
		}
	}
	s.mu.Unlock()
	if len(left) > 0 {
		c.out.Stream(kernel.Stdout, "kept "+strings.Join(left, ", ")+"\n")
	}
	return nil
}
