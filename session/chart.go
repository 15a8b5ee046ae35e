package session

import (
	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/chart/render"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// specOfChart is what package chart calls a cell's chart.
func specOfChart(c cells.Chart) (chart.Spec, error) {
	mark, err := chart.MarkNamed(c.Kind)
	if err != nil {
		return chart.Spec{}, err
	}
	return chart.Spec{Mark: mark, X: c.X, Y: c.Y, By: c.By, Title: c.Title}, nil
}

// drawn is a chart of rows, of which those that are partial look like it, and which stays in the notebook.
func drawn(c cells.Chart, rows *row.Table, partial []bool) (display.Bundle, error) {
	spec, err := specOfChart(c)
	if err != nil {
		return display.Bundle{}, err
	}
	if _, err := spec.Check(rows.Schema()); err != nil {
		return display.Bundle{}, err
	}
	ring := chart.NewRing(spec, rows.Len()) // all of the sample, or a histogram would count a part
	if err := ring.AddBatch(rows.Batch(), false, partial); err != nil {
		return display.Bundle{}, err
	}
	return picture(spec, ring, true)
}

// picture draws what a ring holds.
func picture(spec chart.Spec, ring *chart.Ring, final bool) (display.Bundle, error) {
	if final {
		return render.Final(spec, ring.Data())
	}
	return render.Live(spec, ring.Data())
}
