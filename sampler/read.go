package sampler

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/sampler/file"
)

// alongside reads topics over the span of a sample that is there.
func (s *Sampler) alongside(ctx context.Context, pinned []*file.Sample, topics []string) (*file.Sample, error) {
	all, err := file.Merge(pinned...)
	if err != nil {
		return nil, err
	}
	return s.within(ctx, func(ctx context.Context) (*file.Sample, error) {
		v, err := s.view(ctx, topics)
		if err != nil {
			return nil, err
		}
		c, err := v.cutBetween(ctx, all.From, all.To)
		if err != nil {
			return nil, err
		}
		spec := all.Spec
		if all.Thinned { // these rows are all there
			spec = beside + strings.TrimPrefix(spec, beside)
		}
		set, err := s.store(ctx, spec, v, c, Pins{s.opts.Pins})
		if err != nil {
			return nil, err
		}
		return set.finish()
	})
}

// moreTries is how often a sample of n rows is read again because its offsets held fewer rows: markers of transactions and
// what compaction removed have offsets, too.
const moreTries = 8

// read reads and keeps what a spec asks for; with no folder it keeps nothing.
func (s *Sampler) read(ctx context.Context, spec Spec, topics []string, folder string) (*file.Sample, error) {
	if spec.kind == perKey {
		return s.readPerKey(ctx, spec, topics, folder)
	}
	if folder == "" {
		dir, err := os.MkdirTemp("", "riffle-sample-")
		if err != nil {
			return nil, fmt.Errorf("sample: %w", err)
		}
		defer os.RemoveAll(dir)
		folder = dir
	}
	return s.within(ctx, func(ctx context.Context) (*file.Sample, error) {
		v, err := s.view(ctx, topics)
		if err != nil {
			return nil, err
		}
		set, c, err := s.enough(ctx, spec, v, Pins{folder})
		if err != nil {
			return nil, err
		}
		// A cut behind all rows is one between markers of transactions, written long after the time of the rows: topics without markers have
		// nothing there. The rows that were found tell the time to cut at.
		if most := set.busiest(); spec.kind == last && c.from > max(0, most.newest) {
			set.abort()
			if c, err = v.cutBetween(ctx, most.oldest, most.newest+1); err != nil {
				return nil, err
			}
			if set, err = s.store(ctx, spec.String(), v, c, Pins{folder}); err != nil {
				return nil, err
			}
		}
		return set.finish()
	})
}

// enough reads until there are the rows that a spec asks for.
func (s *Sampler) enough(ctx context.Context, spec Spec, v *view, pins Pins) (*pinSet, cut, error) {
	offsets := spec.reach(s.limits)
	for try := 1; ; try++ {
		c, err := v.cut(ctx, spec, offsets)
		if err != nil {
			return nil, c, err
		}
		set, err := s.store(ctx, spec.String(), v, c, pins)
		if err != nil {
			return nil, c, err
		}
		rows := set.busiest().Rows()
		if c.whole || rows >= max(1, spec.rows) || rows > 0 && (try == moreTries || spec.thins()) {
			return set, c, nil
		}
		set.abort()
		if spec.kind == between || spec.kind == since || spec.kind == latestSpan || try == moreTries {
			return nil, c, v.empty(ctx, spec)
		}
		offsets *= 2
	}
}

// within bounds the time of one reading.
func (s *Sampler) within(ctx context.Context, read func(context.Context) (*file.Sample, error)) (*file.Sample, error) {
	limited, cancel := context.WithTimeout(ctx, s.limits.Time)
	defer cancel()
	sample, err := read(limited)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return nil, fmt.Errorf("%w: not read within %s; ask for fewer rows, or allow more time: %w", ErrSpec, s.limits.Time, err)
	}
	return sample, err
}

// store reads what a cut leaves into new files, one for each topic, which are not in their places yet.
func (s *Sampler) store(ctx context.Context, spec string, v *view, c cut, pins Pins) (*pinSet, error) {
	h := file.Header{ClusterID: s.id, Spec: spec, Created: time.Now().UTC().Truncate(time.Microsecond), From: c.from, To: c.to, Thinned: c.every > 1}
	set, err := pins.create(h, v.files(c))
	if err != nil {
		return nil, err
	}
	if err := s.fetch(ctx, c, set.write); err != nil {
		set.abort()
		return nil, err
	}
	return set, nil
}
