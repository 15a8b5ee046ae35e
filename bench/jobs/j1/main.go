// J1: speed in m/s, filtered, four columns.
package main

import "github.com/riffle-stream/riffle/bench/jobs"

func main() {
	jobs.Run(jobs.Telemetry().
		With("speed_ms = speed / 3.6").
		Where("speed_ms > 50").
		Select("car", "ts", "lap", "speed_ms"))
}
