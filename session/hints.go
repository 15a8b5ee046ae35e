package session

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/near"
	"github.com/riffle-stream/riffle/interp/source"
)

// Hints say what to write in place of words that are right in pandas, Polars, Spark or Python, and wrong here.

var (
	noMethod = regexp.MustCompile(`^(?s:.+)\.(\w+) undefined \(type \*?dataframe\.(Frame|Group|Windowed|View|Row|State) has no field or method `)
	unknown  = regexp.MustCompile(`^undefined: (\w+)$`)
	// alias is what the types of frames are called when a verb gave them: the same types.
	alias = regexp.MustCompile(`\bcells\.(Frame|Group|Windowed|View|Row|State)\b`)
)

// hint says what to write in place of what the compiler does not take, or "".
func (s *Session) hint(e *source.Error) string {
	says := alias.ReplaceAllString(e.Message, "dataframe.$1")
	if m := noMethod.FindStringSubmatch(says); m != nil {
		return s.misnamed(m[1], m[2]).hint()
	}
	if m := unknown.FindStringSubmatch(says); m != nil {
		return s.hintOfName(m[1], e)
	}
	for _, w := range wordings {
		if strings.Contains(says, w.says) && (strings.Contains(e.Source, w.line) || strings.Contains(says, w.line)) {
			return w.hint
		}
	}
	return ""
}

// hintOfName is about a name that nothing declares.
func (s *Session) hintOfName(name string, e *source.Error) string {
	if path := packages[name]; path != "" {
		return fmt.Sprintf("%s is a package: put import %q into the cell, or into one before it", name, path)
	}
	if regexp.MustCompile(`^\s*` + name + `\s*=[^=]`).MatchString(e.Source) {
		return fmt.Sprintf("%s := … declares a name; = sets one that is declared", name)
	}
	if n := s.wouldDeclare(name, e.Cell); n > 0 {
		return fmt.Sprintf("cell %d declares it, but did not run to its end, and a cell that does not compile declares nothing: mend it, and run it first", n)
	}
	if said := pythons[name]; said != "" {
		return said
	}
	functions, _ := s.docs()
	var names []string
	for _, f := range functions {
		names = append(names, f.name)
	}
	return didYouMean(near.Name(strings.ReplaceAll(name, "_", ""), names))
}

// wouldDeclare is the newest cell before one that declares a name, or 0.
func (s *Session) wouldDeclare(name string, before int) int {
	declares := regexp.MustCompile(`(?m)^\s*(?:(?:var|func|type|const) ` + name + `\b|(?:\w+, ?)*` + name + `(?:, ?\w+)* *:=)`)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range slices.Backward(s.ran) {
		if c.number < before && declares.MatchString(c.text) {
			return c.number
		}
	}
	return 0
}
