package expr

import (
	"math"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// point is a value at a time.
type point struct {
	value  float64
	weight float64 // of ewm
	time   int64
	has    bool
}

func (p *point) values() []any {
	if !p.has {
		return nil
	}
	return []any{p.value, p.weight, p.time}
}

func (p *point) restore(values []any) (ok bool) {
	if len(values) == 0 {
		return true
	}
	if len(values) != 3 {
		return false
	}
	p.value, ok = values[0].(float64)
	weight, fine := values[1].(float64)
	at, good := values[2].(int64)
	p.weight, p.time, p.has = weight, at, true
	return ok && fine && good
}

// points compiles a call that keeps a point: f gives the value of a row that has x, or no value.
func (c *compiler) points(n *node, f func(p *point, x float64, t int64) (float64, bool), null func(p *point)) (*step, *Error) {
	x, err := c.number(n)
	if err != nil {
		return nil, err
	}
	places := c.places
	return c.keeps(n, row.Float, []*step{x}, func() keeper { return &point{} }, func(s *step, n int, at func(int) keeper) {
		in, _ := arg[float64](s, 0)
		for i := range s.own.Floats {
			p := at(i).(*point)
			if s.args[0].vec.IsNull(i) {
				null(p)
				s.null(i, n)
				continue
			}
			v, ok := f(p, in[i], places.batch.Time[i])
			if s.own.Floats[i] = v; !ok {
				s.null(i, n)
			}
		}
	}), nil
}

func forgetNothing(*point) {}

// compileRate compiles rate.
func compileRate(c *compiler, n *node) (*step, *Error) {
	unit, err := span(n, 1, 1_000_000)
	if err != nil {
		return nil, err
	}
	return c.points(n, func(p *point, x float64, t int64) (float64, bool) {
		was := *p
		*p = point{value: x, time: t, has: true}
		if !was.has || t == was.time {
			return 0, false
		}
		return (x - was.value) / (float64(t-was.time) / float64(unit)), true
	}, forgetNothing)
}

// compileEwm compiles ewm by the weight of the newest row or by a half-life.
func compileEwm(c *compiler, n *node) (*step, *Error) {
	if _, ok := n.args[1].value.(string); ok {
		half, err := span(n, 1, 0)
		if err != nil {
			return nil, err
		}
		return c.points(n, func(p *point, x float64, t int64) (float64, bool) { return p.fade(x, t, half), true }, forgetNothing)
	}
	alpha, ok := n.args[1].value.(float64)
	if one, is := n.args[1].value.(int64); is {
		alpha, ok = float64(one), true
	}
	if !ok || alpha <= 0 || alpha > 1 {
		return nil, fault(n.args[1], "", "%s: is no weight, want a number above 0 and at most 1, or a half-life such as '10s'", n.args[1].text())
	}
	decay := func(p *point) { p.weight *= 1 - alpha }
	return c.points(n, func(p *point, x float64, t int64) (float64, bool) {
		if !p.has {
			*p = point{value: x, weight: 1, has: true}
			return x, true
		}
		// As pandas and Polars do it with adjust=True: the weights of all rows before are one number.
		decay(p)
		if p.value != x { // keeps the digits of a constant
			p.value = (float64(p.weight*p.value) + x) / (p.weight + 1)
		}
		p.weight++
		return p.value, true
	}, decay)
}

// fade is the mean that has half of its weight in what came less than a half-life ago.
func (p *point) fade(x float64, t, half int64) float64 {
	if !p.has {
		*p = point{value: x, time: t, has: true}
		return x
	}
	alpha := -math.Expm1(-math.Ln2 * float64(max(t-p.time, 0)) / float64(half))
	p.value = float64(alpha*x) + float64((1-alpha)*p.value)
	p.time = max(p.time, t)
	return p.value
}
