package sampler

import (
	"cmp"
	"context"
	"fmt"
	"math"
)

// cut finds what a spec asks for; n is the spec's reach, or more if its offsets held fewer.
func (v *view) cut(ctx context.Context, spec Spec, n int64) (cut, error) {
	switch spec.kind {
	case first:
		return v.cutFirst(ctx, n)
	case whole:
		c := v.take(v.start, v.end)
		c.whole = true
		return c, nil
	case between:
		return v.cutBetween(ctx, spec.from.UnixMilli(), spec.to.UnixMilli())
	case since:
		c, err := v.cutBetween(ctx, spec.from.UnixMilli(), 0)
		if err == nil {
			_, c.to, err = v.times(ctx)
			c.to++
		}
		return c, err
	case latestSpan:
		return v.cutSpan(ctx, spec)
	case everyNth:
		c, err := v.cutLast(ctx, n)
		c.every = int64(spec.rows)
		return c, err
	}
	return v.cutLast(ctx, n)
}

// cutBetween cuts at two times; 0 is no cut.
func (v *view) cutBetween(ctx context.Context, from, to int64) (cut, error) {
	start, end, err := v.start, v.end, error(nil)
	if from > 0 {
		if start, err = v.exactly(ctx, from); err != nil {
			return cut{}, err
		}
	}
	if to > 0 {
		if end, err = v.exactly(ctx, to); err != nil {
			return cut{}, err
		}
	}
	c := v.take(start, end)
	c.from, c.to = from, to
	return c, nil
}

// cutSpan cuts at a span before the newest row.
func (v *view) cutSpan(ctx context.Context, spec Spec) (cut, error) {
	_, newest, err := v.times(ctx)
	if err != nil || newest < 0 {
		return cut{}, cmp.Or(err, fmt.Errorf("topic %s: %w: %s: its rows have no timestamps, want such as Last(1000)", v.names[0], ErrSpec, spec))
	}
	c, err := v.cutBetween(ctx, max(0, newest+1-spec.span.Milliseconds()), 0)
	c.to = newest + 1
	return c, err
}

// cutLast finds the latest time T such that n rows of the busiest topic are newer.
func (v *view) cutLast(ctx context.Context, n int64) (cut, error) {
	_, newest, err := v.times(ctx)
	if err != nil {
		return cut{}, err
	}
	var at offsets
	from := int64(0)
	if v.between(v.start, v.end) >= n && newest >= 0 {
		enough := func(ms int64) (ok bool, err error) {
			at, err = v.at(ctx, ms)
			return err == nil && v.between(at, v.end) >= n, err
		}
		if from, err = latest(newest, enough); err != nil {
			return cut{}, err
		}
	}
	switch {
	case from > 0:
		if at, err = v.at(ctx, from); err != nil {
			return cut{}, err
		}
	case newest < 0: // no row has a time
		at = v.back(n)
	default:
		at = v.start
	}
	c := v.take(at, v.end)
	c.from, c.to = from, newest+1
	c.whole = c.rows == v.take(v.start, v.end).rows
	return c, nil
}

// back is n offsets before the end of each partition.
func (v *view) back(n int64) offsets {
	at := offsets{}
	for name, ps := range v.end {
		for p, end := range ps {
			at[name] = append(at[name], max(v.start[name][p], end-n))
		}
	}
	return at
}

// cutFirst finds the earliest time T such that n rows of the busiest topic are older.
func (v *view) cutFirst(ctx context.Context, n int64) (cut, error) {
	oldest, newest, err := v.times(ctx)
	if err != nil {
		return cut{}, err
	}
	to := int64(0)
	if v.between(v.start, v.end) >= n && oldest >= 0 {
		tooFew := func(ms int64) (bool, error) {
			at, err := v.at(ctx, ms)
			return err == nil && v.between(v.start, at) < n, err
		}
		// The latest time with too few is the millisecond before the earliest with enough.
		if to, err = latestUpTo(oldest, newest+1, tooFew); err != nil {
			return cut{}, err
		}
		to++
	}
	end := v.end
	if to > 0 {
		if end, err = v.at(ctx, to); err != nil {
			return cut{}, err
		}
	}
	c := v.take(v.start, end)
	c.to = to
	if c.whole = c.rows == v.take(v.start, v.end).rows; c.to == 0 {
		c.to = newest + 1
	}
	return c, nil
}

// latest is the latest time at which ok holds; it holds up to some time near newest, if ever, and not after. It is 0 if it never
// holds. Steps back from newest double, so that a short sample of a long topic takes few questions.
func latest(newest int64, ok func(int64) (bool, error)) (int64, error) {
	high := newest + 1
	for step := int64(1000); ; step *= 2 {
		low := max(0, newest-step)
		yes, err := ok(low)
		if err != nil || !yes && low == 0 {
			return 0, err
		}
		if yes {
			return latestUpTo(low, high, ok)
		}
		if high = low; step > math.MaxInt64/4 {
			return 0, nil
		}
	}
}

// latestUpTo is the latest time from low to below high at which ok holds, low if none.
func latestUpTo(low, high int64, ok func(int64) (bool, error)) (int64, error) {
	for high-low > 1 {
		mid := low + (high-low)/2
		yes, err := ok(mid)
		if err != nil {
			return 0, err
		}
		if yes {
			low = mid
		} else {
			high = mid
		}
	}
	return low, nil
}
