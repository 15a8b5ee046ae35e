package session

import (
	"context"
	"errors"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/interp"
)

func (s *Session) exportVerb(f cells.Frame, dir string, options ...cells.Option) {
	s.must(errors.New("export: under construction"))
}

func (s *Session) buildLive(ctx context.Context, program *interp.Slice, p *plan.Plan, say func(string)) (string, error) {
	return "", errors.New("live: under construction")
}
