// J3: mean speed and count of each car in the ten seconds from each second on.
package main

import "github.com/riffle-stream/riffle/bench/jobs"

func main() {
	jobs.Run(jobs.Telemetry().
		GroupBy("car").Hopping("10s", "1s").Grace("0s").
		Agg("mean = mean(speed)", "n = count()").
		Select("car", "start = window_start", "mean", "n"))
}
