package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Plan is a checked graph with every default written out.
type Plan struct {
	Steps []*Step // each after those it depends on
	Roots []*Step // what the program ends in, in the order given to Bind
	Facts Facts   // of the topics that the plan reads
}

// Step is a node of a plan.
type Step struct {
	ID     int // its place in Steps, from 0
	Op     Op
	At     string // as of its [Node]
	Cell   string // where in the notebook that was, such as "cell 3 line 2", if a program knows. In no text or hash
	In     []*Step
	Schema *row.Schema // the columns that are carried after it: those that later steps need
	Policy OnError     // what happens to a row that it cannot take
	Splice *Splice     // of a Sink that keeps the original bytes; else nil
	Keep   Keep        // what later steps need of the records of its rows
}

// Text is the plan, a line per step, canonical: the same graph gives the same text anywhere.
func (p *Plan) Text() string {
	var b strings.Builder
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "%d %s", s.ID, s.Op.Text())
		for i, in := range s.In {
			fmt.Fprintf(&b, "%s%d", []string{" <- ", ", "}[min(i, 1)], in.ID)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Hash names the plan: the first 16 hex digits of the SHA-256 of its text.
func (p *Plan) Hash() string {
	sum := sha256.Sum256([]byte(p.Text()))
	return hex.EncodeToString(sum[:8])
}

// Sources are the steps that read topics.
func (p *Plan) Sources() []*Step {
	var out []*Step
	for _, s := range p.Steps {
		if _, ok := s.Op.(*Source); ok {
			out = append(out, s)
		}
	}
	return out
}

// Origin are the sources that a step's rows come from.
func (s *Step) Origin() []*Source {
	if src, ok := s.Op.(*Source); ok {
		return []*Source{src}
	}
	var out []*Source
	for _, in := range s.In {
		out = append(out, in.Origin()...)
	}
	return out
}

// End is the step, or what it only says a policy for: the sink of a root that
// ends in OnError.
func (s *Step) End() *Step {
	for {
		if _, ok := s.Op.(*OnError); !ok {
			return s
		}
		s = s.In[0]
	}
}

// TimeUnit is how times stand in the rows after a step: as in the time column
// of the first source that has one.
func (s *Step) TimeUnit() string {
	for _, src := range s.Origin() {
		if src.Time != "" {
			return src.Unit()
		}
	}
	return ""
}
