package sampler

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/sampler/file"
)

// beside begins the spec of rows that were read over the span of others, which were thinned.
const beside = "beside "

// Pinned are the topics' pins that can be read, of this cluster.
func (s *Sampler) Pinned(topics ...string) (out []*file.Sample) {
	for _, topic := range topics {
		if p, err := (Pins{s.opts.Pins}).Load(s.id, topic); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// Again reads topics anew, each by the spec that it is pinned with, and pins them instead of what was. Those that are not pinned here
// are read as the zero spec says; keys are those of a spec by PerKey.
func (s *Sampler) Again(ctx context.Context, keys func(column string) Keys, topics ...string) (*file.Sample, error) {
	by, order, spans := map[string][]string{}, []string{}, map[string]Spec{}
	for _, topic := range topics {
		spec := ""
		for _, p := range s.Pinned(topic) {
			if spec = p.Spec; strings.HasPrefix(spec, beside) {
				spans[topic] = Between(time.UnixMilli(p.From), time.Duration(p.To-p.From)*time.Millisecond)
			}
		}
		if _, ok := spans[topic]; ok {
			continue
		}
		if by[spec] == nil {
			order = append(order, spec)
		}
		by[spec] = append(by[spec], topic)
	}
	var read []*file.Sample
	for _, text := range order {
		got, err := s.Resample(ctx, parse(text, keys), by[text]...)
		if err != nil {
			return nil, err
		}
		read = append(read, got)
	}
	others := read
	for topic, span := range spans {
		got, err := s.along(ctx, others, span, topic)
		if err != nil {
			return nil, err
		}
		read = append(read, got)
	}
	return file.Merge(read...)
}

// along reads a topic over the span of others, or of before if there are none.
func (s *Sampler) along(ctx context.Context, others []*file.Sample, span Spec, topic string) (*file.Sample, error) {
	if len(others) == 0 {
		return s.Resample(ctx, span, topic)
	}
	return s.alongside(ctx, others, []string{topic})
}

// parse is the spec of a text that [Spec.String] made; the zero spec if it is none.
func parse(text string, keys func(column string) Keys) (spec Spec) {
	var n int
	var from, to, column string
	switch {
	case text == Whole().String():
		return Whole()
	case scan(text, "first %d", &n):
		return First(n)
	case scan(text, "last %d of each ", &n):
		_, column, _ = strings.Cut(text, " of each ")
		return PerKey(n, column, keys(column))
	case scan(text, "last %d", &n):
		return Last(n)
	case scan(text, "1 in %d", &n):
		return EveryNth(n)
	case scan(text, "newest %s", &from):
		span, err := time.ParseDuration(from)
		return orZero(For(span), err)
	case scan(text, "since %s", &from):
		at, err := time.Parse(time.RFC3339Nano, from)
		return orZero(Since(at), err)
	case scan(text, "between %s and %s", &from, &to):
		a, err := time.Parse(time.RFC3339Nano, from)
		b, other := time.Parse(time.RFC3339Nano, to)
		if err == nil {
			err = other
		}
		return orZero(Between(a, b.Sub(a)), err)
	}
	return Spec{}
}

func orZero(s Spec, err error) Spec {
	if err != nil {
		return Spec{}
	}
	return s
}

func scan(text, form string, into ...any) bool {
	n, err := fmt.Sscanf(text, form, into...)
	return err == nil && n == len(into)
}
