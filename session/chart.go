package session

import (
	"fmt"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/chart/render"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/display"
)

// marks are the charts that cells can name.
var marks = map[string]chart.Mark{"line": chart.Line, "bars": chart.Bars, "scatter": chart.Scatter, "hist": chart.Hist}

// specOfChart is what package chart calls a cell's chart.
func specOfChart(c cells.Chart) (chart.Spec, error) {
	mark, ok := marks[c.Kind]
	if !ok {
		return chart.Spec{}, fmt.Errorf("chart: no kind %q (have line, bars, scatter, hist)", c.Kind)
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
	ring := chart.NewRing(spec, 0)
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
