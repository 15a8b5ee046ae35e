package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// spread is the least, the middle and the greatest of a figure over the rounds.
func spread(results []result, of func(result) float64) (least, median, most float64) {
	var xs []float64
	for _, r := range results {
		xs = append(xs, of(r))
	}
	slices.Sort(xs)
	return xs[0], xs[len(xs)/2], xs[len(xs)-1]
}

// figures are what a table shows of a run.
var figures = []struct {
	name, format string
	of           func(result) float64
}{
	{"CPU s / million rows", "%.2f", func(r result) float64 { return r.cpu }},
	{"rows / s", "%.0f", func(r result) float64 { return r.rate }},
	{"peak memory, MiB", "%.0f", func(r result) float64 { return r.memory }},
	{"to first row, s", "%.2f", func(r result) float64 { return r.startUp }},
}

// report writes what was measured as a section of Markdown.
func report(w io.Writer, load workload, rounds int, loads string, all figuresOf) {
	fmt.Fprintf(w, "\n## %s, commit %s\n\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"), commit())
	fmt.Fprintf(w, "%d rows of about 130 bytes, %d partitions, %d cars; %d rounds, programs in turn within each, peers once after them; %s.\n", load.rows, partitions, cars, rounds, machine())
	fmt.Fprintf(w, "Load of the machine (1 min) before each round: %s. Least / median / greatest; every row was checked.\n\n", loads)
	fmt.Fprintf(w, "| job | program |")
	for _, f := range figures {
		fmt.Fprintf(w, " %s |", f.name)
	}
	fmt.Fprintf(w, " CPU, times hand |\n|---|---|%s---|\n", strings.Repeat("---|", len(figures)))
	for _, j := range jobs {
		by := all[j.name]
		for _, who := range []string{"hand", "riffle", "streams", "quix", "goka"} {
			if len(by[who]) == 0 {
				continue
			}
			mark := ""
			if slices.ContainsFunc(by[who], func(r result) bool { return r.wrong }) {
				mark = " (other rows)"
			}
			fmt.Fprintf(w, "| %s | %s%s |", strings.ToUpper(j.name), who, mark)
			for _, f := range figures {
				least, median, most := spread(by[who], f.of)
				fmt.Fprintf(w, " "+f.format+" / **"+f.format+"** / "+f.format+" |", least, median, most)
			}
			fmt.Fprintf(w, " %s |\n", ratio(by["hand"], by[who]))
		}
	}
}

// ratio compares round by round, so that what else the machine did weighs on both sides.
func ratio(hand, other []result) string {
	var xs []float64
	for i := range min(len(hand), len(other)) {
		xs = append(xs, other[i].cpu/hand[i].cpu)
	}
	if len(xs) == 0 {
		return ""
	}
	slices.Sort(xs)
	return fmt.Sprintf("%.2f / **%.2f** / %.2f", xs[0], xs[len(xs)/2], xs[len(xs)-1])
}

func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// machine names the processor, its cores and the Go version.
func machine() string {
	model := "unknown processor"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range bytes.Lines(b) {
			if name, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s, Apache Kafka on the same machine", model, runtime.NumCPU(), runtime.Version())
}

// loadNow is the load average of the last minute.
func loadNow() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	first, _, _ := strings.Cut(string(b), " ")
	return first
}
