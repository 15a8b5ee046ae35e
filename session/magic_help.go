package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp/symbols"
	"github.com/riffle-stream/riffle/kernel"
)

const helpHelp = `%help
%help Live
Live?
	of a verb, a method such as With or df.With, a function of expressions such as haversine, or a name of yours`

// helpMagic lists what there is, or explains a name, in the client's pager.
func (s *Session) helpMagic(c *running, args string) error {
	name := strings.TrimSuffix(args, "()")
	if name == "" {
		c.out.Show(kernel.Display{Bundle: kernel.Bundle(s.overview())})
		return nil
	}
	text, err := s.explainName(name)
	if err != nil {
		return err
	}
	page := kernel.Text(text)
	c.page = &page
	return nil
}

// overview lists magics, the functions of cells and the methods of frames.
func (s *Session) overview() display.Bundle {
	var called, does []any
	for _, m := range magics() {
		called, does = append(called, strings.TrimSpace("%"+m.name+" "+m.args)), append(does, m.help)
	}
	parts := []display.Bundle{glossary("magics, on lines of their own", called, does)}
	verbs, methods := s.docs()
	for _, group := range []struct {
		title string
		of    []entry
	}{{"functions", verbs}, {"methods of frames, groups and windows", methods}} {
		called, does = nil, nil
		for _, e := range group.of {
			called, does = append(called, e.name), append(does, e.does)
		}
		parts = append(parts, glossary(group.title, called, does))
	}
	parts = append(parts, display.Text("%help NAME says more of one; Functions() lists what expressions can call"))
	return display.Stack(parts...)
}

func glossary(title string, names, does []any) display.Bundle {
	return display.Table{Caption: title, Total: len(names), Limit: len(names),
		Columns: []display.Column{display.NewColumn("name", "", names), display.NewColumn("does", "", does)}}.Bundle()
}

// An entry is a name of the language and a sentence about it.
type entry struct{ name, does string }

// machinery are names of package cells that cells have no use for.
var machinery = []string{"Frames", "NewRun", "Roots", "Option", "Run", "Rich", "Chart", "TopicInfo"}

// docs are the functions that cells call, and the methods of frames and what comes of them.
func (s *Session) docs() (functions, methods []entry) {
	for _, e := range s.documented(s.cfg.Prelude.Path) {
		if strings.HasPrefix(e.does, e.name+" ") && !strings.Contains(e.name, ".") && !slices.Contains(machinery, e.name) {
			functions = append(functions, entry{e.name, strings.TrimPrefix(e.does, e.name+" ")})
		}
	}
	for _, e := range s.documented(strings.TrimSuffix(s.cfg.Prelude.Path, "cells") + "dataframe") {
		of, name, ok := strings.Cut(e.name, ".")
		if ok && (of == "Frame" || of == "Group" || of == "Windowed") && !slices.Contains([]string{"Err", "Node", "Topics", "Watched", "String"}, name) {
			methods = append(methods, entry{e.name, strings.TrimPrefix(e.does, name+" ")})
		}
	}
	return functions, methods
}

// documented are the sentences of a package's documentation, by name.
func (s *Session) documented(path string) (out []entry) {
	docs, err := s.cfg.Prelude.Set.Docs(path)
	if err != nil {
		return nil
	}
	for _, d := range docs {
		if d.Name != symbols.OfPackage {
			out = append(out, entry{d.Name, d.Synopsis()})
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return out
}

// explainName says what is known of a name.
func (s *Session) explainName(name string) (string, error) {
	if m, ok := magicNamed(strings.TrimPrefix(name, "%")); ok && (name[0] == '%' || !s.known(name)) {
		return m.describe(), nil
	}
	for _, full := range []string{name, "Frame." + name, "Group." + name, "Windowed." + name} {
		if d, ok := s.engine.Inspect(full, len(full)); ok {
			return s.manualOf(d).plain(), nil
		}
	}
	if m, ok := manualOfFunction(name); ok {
		return m.plain(), nil
	}
	return "", s.nothingOn(name)
}

// known reports whether a cell may use a name as it is.
func (s *Session) known(name string) bool {
	d, ok := s.engine.Inspect(name, len(name))
	return ok && !d.Absent
}

func (s *Session) nothingOn(name string) error {
	var names []string
	for _, m := range magics() {
		names = append(names, m.name)
	}
	functions, methods := s.docs()
	for _, e := range append(functions, methods...) {
		_, method, ok := strings.Cut(e.name, ".")
		names = append(names, map[bool]string{true: method, false: e.name}[ok])
	}
	if meant := near.Name(name, names); meant != "" {
		return fmt.Errorf("nothing is known of %s, did you mean %s?", name, meant)
	}
	return fmt.Errorf("nothing is known of %s; %%help lists what there is", name)
}
