// J2: mean, least, greatest speed and count of each car in each ten seconds.
package main

import "github.com/riffle-stream/riffle/bench/jobs"

func main() {
	jobs.Run(jobs.Telemetry().
		GroupBy("car").Tumbling("10s").Grace("0s").
		Agg("mean = mean(speed)", "min = min(speed)", "max = max(speed)", "n = count()").
		Select("car", "start = window_start", "mean", "min", "max", "n"))
}
