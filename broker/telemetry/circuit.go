package telemetry

import (
	"math"
	"sort"
)

// The circuit has the shape of Monza: corners in metres east and north of the line, driven clockwise.
var corners = [...]struct{ x, y float64 }{
	{0, 0}, {-3, 200}, {-6, 400}, {-8, 560}, {8, 620}, {2, 690}, {20, 800}, {65, 950}, {150, 1090}, {270, 1200}, {410, 1275},
	{520, 1312}, {556, 1350}, {610, 1358}, {700, 1385}, {790, 1398}, {858, 1350}, {872, 1260}, {845, 1160}, {770, 1030},
	{690, 890}, {600, 735}, {520, 590}, {470, 500}, {415, 440}, {400, 350}, {372, 270}, {366, 100}, {360, -150}, {354, -400}, {348, -620},
	{318, -760}, {240, -845}, {140, -850}, {60, -770}, {20, -620}, {8, -420}, {3, -200},
}

const (
	lineLat, lineLon = 45.6189, 9.2812    // of the start and finish line, degrees
	lapLength        = 5793.0             // m
	points           = 1158               // of the profile
	step             = lapLength / points // m between them, 5

	topSpeed    = 345 / 3.6 // m/s
	lateralGrip = 32.0      // m/s², what corners allow
	braking     = 38.0      // m/s²
	thrust      = 11.0      // m/s² at rest, falling to none at top speed

	metresPerDegree = 111_320.0 // of latitude, and of longitude at the equator
)

// place is where the reference car is, t seconds after the line.
type place struct {
	t     float64 // s
	x, y  float64 // m east and north of the line
	speed float64 // m/s
	accel float64 // m/s², negative when braking
}

// circuit is one lap of the reference car.
type circuit struct {
	places []place
	lap    float64 // s
}

func newCircuit() *circuit {
	xs, ys := outline(points)
	c := &circuit{places: make([]place, len(xs))}
	speeds := speeds(xs, ys)
	for i := range xs {
		next := (i + 1) % len(xs)
		accel := (speeds[next]*speeds[next] - speeds[i]*speeds[i]) / (2 * step)
		c.places[i] = place{t: c.lap, x: xs[i], y: ys[i], speed: speeds[i], accel: accel}
		c.lap += 2 * step / (speeds[i] + speeds[next])
	}
	return c
}

// at is the place of the reference car t seconds into a lap, 0 <= t < c.lap, between the two nearest points.
func (c *circuit) at(t float64) place {
	i := sort.Search(len(c.places), func(i int) bool { return c.places[i].t > t }) - 1
	a, b, end := c.places[i], c.places[(i+1)%len(c.places)], c.lap
	if i+1 < len(c.places) {
		end = b.t
	}
	f := (t - a.t) / (end - a.t)
	mix := func(p, q float64) float64 { return p + f*(q-p) }
	return place{t: t, x: mix(a.x, b.x), y: mix(a.y, b.y), speed: mix(a.speed, b.speed), accel: mix(a.accel, b.accel)}
}

// degrees of a place; the circuit is small enough for a plane.
func (p place) degrees() (lat, lon float64) {
	return lineLat + p.y/metresPerDegree, lineLon + p.x/(metresPerDegree*math.Cos(lineLat*math.Pi/180))
}

// outline is the closed curve through the corners as n points at equal distances, scaled to the length of a lap.
func outline(n int) (xs, ys []float64) {
	const fine = 200 // points a corner, so that distances along the curve are sums of short chords
	var px, py, along []float64
	length := 0.0
	for i := range corners {
		for k := range fine {
			x, y := spline(i, float64(k)/fine)
			if len(px) > 0 {
				length += math.Hypot(x-px[len(px)-1], y-py[len(py)-1])
			}
			px, py, along = append(px, x), append(py, y), append(along, length)
		}
	}
	length += math.Hypot(px[0]-px[len(px)-1], py[0]-py[len(py)-1])
	scale := lapLength / length
	for i, j := 0, 0; i < n; i++ {
		for j+1 < len(along) && along[j+1] <= length*float64(i)/float64(n) {
			j++
		}
		xs, ys = append(xs, px[j]*scale), append(ys, py[j]*scale)
	}
	return xs, ys
}

// spline is the Catmull-Rom curve between corner i and the next, 0 <= t < 1.
func spline(i int, t float64) (x, y float64) {
	n := len(corners)
	a, b, c, d := corners[(i+n-1)%n], corners[i], corners[(i+1)%n], corners[(i+2)%n]
	f := func(a, b, c, d float64) float64 {
		return b + t*((c-a)/2+t*((2*a-5*b+4*c-d)/2+t*(3*(b-c)+d-a)/2))
	}
	return f(a.x, b.x, c.x, d.x), f(a.y, b.y, c.y, d.y)
}

// speeds is the fastest lap in m/s: what the corners allow, what brakes reach backwards from them, what thrust reaches
// forwards. Two rounds close the lap.
func speeds(xs, ys []float64) []float64 {
	n := len(xs)
	v := make([]float64, n)
	for i := range v {
		v[i] = min(topSpeed, math.Sqrt(lateralGrip/max(curvature(xs, ys, i), 1e-6)))
	}
	for k := 2 * n; k > 0; k-- {
		i, next := k%n, (k+1)%n
		v[i] = min(v[i], math.Sqrt(v[next]*v[next]+2*braking*step))
	}
	for k := range 2 * n {
		i, next := k%n, (k+1)%n
		a := thrust * (1 - v[i]/(topSpeed*1.05))
		v[next] = min(v[next], math.Sqrt(v[i]*v[i]+2*a*step))
	}
	return v
}

// curvature at point i in 1/m, over 25 m to each side: cars cut what is shorter.
func curvature(xs, ys []float64, i int) float64 {
	const reach = 5
	n := len(xs)
	a, b := (i+n-reach)%n, (i+reach)%n
	ux, uy, wx, wy := xs[i]-xs[a], ys[i]-ys[a], xs[b]-xs[i], ys[b]-ys[i]
	turn := math.Atan2(ux*wy-uy*wx, ux*wx+uy*wy)
	return math.Abs(turn) / (reach * step)
}
