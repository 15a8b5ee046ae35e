package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/chart"
	"github.com/riffle-stream/riffle/chart/render"
	"github.com/riffle-stream/riffle/display"
)

// picture is drawn of the latest results, for the README.
var picture = filepath.Join("docs", "pictures", "speed.svg")

// draw draws the picture anew.
func draw(_ context.Context, o options) error {
	results, err := os.ReadFile(o.out)
	if err != nil {
		return err
	}
	svg, err := drawn(string(results))
	if err != nil {
		return fmt.Errorf("%s: %w", o.out, err)
	}
	return os.WriteFile(picture, []byte(svg), 0o644)
}

type named struct{ who, name string }

// names are how programs are called in the picture, in their order there.
var names = []named{{"riffle", "Riffle"}, {"hand", "by hand, franz-go"}, {"streams", "Kafka Streams"}, {"quix", "Quix Streams"}, {"goka", "goka, at least once"}}

// drawn is the picture of the last table that has all of the programs: how many rows each of them gets done in a second of CPU.
func drawn(results string) (string, error) {
	rates := latest(results)
	if rates == nil {
		return "", errors.New("no table with peers: run go run ./bench -peers streams,quix,goka")
	}
	shown := slices.DeleteFunc(slices.Clone(names), func(n named) bool { return rates[n.who] == nil })
	d := chart.Data{Scale: chart.Category}
	for job := 1; job <= len(jobs); job++ {
		d.Names = append(d.Names, fmt.Sprint("J", job))
	}
	for _, n := range shown {
		s := chart.Series{Name: n.name}
		for job := 1; job <= len(jobs); job++ {
			if y, ok := rates[n.who][job]; ok {
				s.X, s.Y = append(s.X, float64(job-1)), append(s.Y, y)
			}
		}
		d.Series = append(d.Series, s)
	}
	spec := chart.Spec{Mark: chart.Bar, X: "job", Y: "million rows", By: "program", Title: "J1 to J5: million rows for each second of CPU, exactly once", Width: 760, Height: 300}
	b, err := render.Live(spec, d)
	if err != nil {
		return "", err
	}
	svg, ok := b.Data[display.MIMESVG].(string)
	if !ok {
		return "", errors.New("the chart has no SVG")
	}
	return svg, nil
}

// latest is the million rows a CPU second of each program and job, by the medians of the last section that has a peer.
func latest(results string) map[string]map[int]float64 {
	for _, section := range slices.Backward(strings.Split(results, "\n## ")) {
		rates := map[string]map[int]float64{}
		for line := range strings.Lines(section) {
			cells := strings.Split(line, " | ")
			if len(cells) < 4 || !strings.HasPrefix(cells[0], "| J") {
				continue
			}
			job, err := strconv.Atoi(cells[0][3:])
			who, _, _ := strings.Cut(cells[1], " ")
			middle := strings.Split(cells[2], "**")
			if err != nil || len(middle) != 3 {
				continue
			}
			cpu, err := strconv.ParseFloat(middle[1], 64)
			if err != nil || cpu <= 0 {
				continue
			}
			if rates[who] == nil {
				rates[who] = map[int]float64{}
			}
			rates[who][job] = 1 / cpu
		}
		if rates["riffle"] != nil && rates["streams"] != nil {
			return rates
		}
	}
	return nil
}
