package session

import (
	"context"
	"errors"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/interp"
)

func (s *Session) exportVerb(f cells.Frame, dir string, options ...cells.Option) {
	s.must(errors.New("export: under construction"))
}

// buildLive builds the program of a live run: the running statement and all
// that it depends on. Say is told what is going on.
func (s *Session) buildLive(ctx context.Context, program *interp.Slice, p *plan.Plan, root int, say func(string)) (string, error) {
	files, err := s.cfg.Workshop.Live(export.Program{Slice: program, Plan: p, Root: root})
	if err != nil {
		return "", err
	}
	return s.cfg.Workshop.Build(ctx, files, say)
}
