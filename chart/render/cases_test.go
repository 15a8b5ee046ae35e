package render

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/riffle-stream/riffle/chart"
)

// noon is 2026-11-23 12:00 UTC in µs.
const noon = 1795435200e6

// race is the speed of cars, a point each second.
func race(cars, points int) chart.Data {
	d := chart.Data{Scale: chart.Time}
	for c := range cars {
		r := rand.New(rand.NewPCG(7, uint64(c)))
		s := chart.Series{Name: fmt.Sprintf("car-%d", c+1)}
		v := 0.0
		for i := range points {
			v = .9*v + r.NormFloat64()*4
			s.X = append(s.X, noon+float64(i)*1e6)
			s.Y = append(s.Y, 180+90*math.Sin(float64(i)/17+float64(c)/3)+v)
		}
		d.Series = append(d.Series, s)
	}
	return d
}

type pictured struct {
	name string
	spec chart.Spec
	data chart.Data
}

// pictures are charts to compare with golden files, and to look at.
func pictures() []pictured {
	speed := chart.Spec{X: "window_end", Y: "avg_kmh", By: "car"}
	alone := chart.Spec{X: "window_end", Y: "avg_kmh"}
	with := func(s chart.Spec, change func(*chart.Spec)) chart.Spec { change(&s); return s }

	gaps := race(3, 120)
	for i := 30; i < 60; i++ {
		gaps.Series[0].Y[i] = math.NaN()
	}
	for i := range gaps.Series[1].Y {
		if i%7 != 3 {
			gaps.Series[1].Y[i] = math.NaN()
		}
	}
	gaps.Series[2].Y[50] = math.Inf(1)
	open := race(4, 60)
	for i := range open.Series {
		open.Series[i].Open = 10
	}
	cut := race(4, 60)
	for i := range cut.Series {
		cut.Series[i].Partial = 6
	}
	hours := chart.Data{Scale: chart.Time, Series: []chart.Series{{Name: "delays"}}}
	for i := range 72 {
		hours.Series[0].X = append(hours.Series[0].X, noon+float64(i)*3600e6)
		hours.Series[0].Y = append(hours.Series[0].Y, 12+10*math.Sin(float64(i)/4)+float64(i%5))
	}
	hours.Series[0].Open, hours.Series[0].Partial = 2, 3
	grouped := chart.Data{Series: []chart.Series{
		{Name: "EWR", X: []float64{1, 2, 3, 4, 5}, Y: []float64{10, 20, -5, 8, 30}},
		{Name: "JFK", X: []float64{1, 2, 3, 4, 5}, Y: []float64{12, 18, 5, math.NaN(), 25}},
		{Name: "LGA", X: []float64{1, 2, 3, 4, 5}, Y: []float64{9, 1, 7, 8, 12}},
	}}
	cloud := chart.Data{Series: []chart.Series{{Name: "a"}, {Name: "b"}}}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 6000 {
		s := &cloud.Series[i%2]
		s.X = append(s.X, 100+30*r.NormFloat64()+40*float64(i%2))
		s.Y = append(s.Y, 9000+2000*r.NormFloat64())
	}
	drivers := chart.Data{Scale: chart.Category, Series: []chart.Series{{Name: "kmh"}}}
	for i, n := range []string{"Alonso", "Hamilton", "Leclerc", "Norris", "Piastri", "Russell", "Sainz", "Verstappen", "周冠宇", "a very long name of a driver"} {
		drivers.Names = append(drivers.Names, n)
		drivers.Series[0].X, drivers.Series[0].Y = append(drivers.Series[0].X, float64(i)), append(drivers.Series[0].Y, 200+float64(i*7%31))
	}
	crowd := chart.Data{Scale: chart.Category, Series: []chart.Series{{Name: "a"}, {Name: "b"}}}
	for i := range 100 {
		crowd.Names = append(crowd.Names, fmt.Sprintf("car-%d", i))
		s := &crowd.Series[i%2]
		s.X, s.Y = append(s.X, float64(i)), append(s.Y, float64(i%13)-4)
	}
	gears := chart.Data{Series: []chart.Series{{Name: "gear"}}}
	for i := range 500 {
		gears.Series[0].X, gears.Series[0].Y = append(gears.Series[0].X, float64(i)), append(gears.Series[0].Y, float64(3+i*i%6))
	}
	return []pictured{
		{"names", chart.Spec{Mark: chart.Bar, X: "driver", Y: "kmh"}, drivers},
		{"crowd", chart.Spec{Mark: chart.Bar, X: "car", Y: "gain", By: "team"}, crowd},
		{"gears", chart.Spec{Mark: chart.Histogram, Y: "gear"}, gears},
		{"one", alone, race(1, 200)},
		{"cars", speed, race(20, 200)},
		{"gaps", speed, gaps},
		{"open", with(speed, func(s *chart.Spec) { s.Title = "Mean speed of the last 10 s"; s.Zero = true }), open},
		{"partial", speed, cut},
		{"empty", speed, chart.Data{Scale: chart.Time}},
		{"no-values", speed, chart.Data{Series: []chart.Series{{Name: "a", X: []float64{1}, Y: []float64{math.NaN()}}}}},
		{"one-point", alone, race(1, 1)},
		{"constant", alone, chart.Data{Series: []chart.Series{{X: []float64{1, 2, 3}, Y: []float64{5, 5, 5}}}}},
		{"many", speed, race(60, 50)},
		{"dense", alone, race(1, 20_000)},
		{"bars", chart.Spec{Mark: chart.Bar, X: "hour", Y: "delay"}, hours},
		{"grouped", chart.Spec{Mark: chart.Bar, X: "month", Y: "delay", By: "origin"}, grouped},
		{"scatter", chart.Spec{Mark: chart.Scatter, X: "speed", Y: "rpm", By: "driver"}, cloud},
		{"hist", chart.Spec{Mark: chart.Histogram, Y: "rpm"}, cloud},
		{"small", with(speed, func(s *chart.Spec) { s.Width, s.Height = 320, 180 }), race(5, 50)},
		{"hostile", chart.Spec{X: "<script>x</script>", Y: "\u202ey\x1b[31m", By: "b", Title: `</title><script>alert("1")</script>` + string([]byte{0xff, 0})},
			chart.Data{Series: []chart.Series{{Name: "<script>", X: []float64{1, 2}, Y: []float64{1e300, -1e300}}, {Name: "東京 \"'&", X: []float64{1, 2}, Y: []float64{0, 1}}}}},
	}
}
