package session

import (
	"context"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/kernel"
)

const telemetryOfLast3000 = "cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars, Last(3_000))"

func TestReplayEndsWithTheRowsOfTheSample(t *testing.T) {
	n := open(t, t.TempDir(), race(t))
	n.mustRun(telemetryOfLast3000)
	for code, want := range map[string]string{
		`Replay(cars.GroupBy("car").Tumbling("2s").Agg("n = count()").Where("car == '44'"), Speed(100))`: `
44      2026-05-24 13:00:16  2026-05-24 13:00:18   10
44      2026-05-24 13:00:18  2026-05-24 13:00:20   40
44      2026-05-24 13:00:20  2026-05-24 13:00:22   40
car-telemetry · replay Speed(100), ended · 3 rows × 4 columns
3,000 of 3,000 rows read, time 13:00:25`,
		`Replay(cars.Select("car"), Burst("2s", "50ms"))`:                                                           "\n794 rows in ",
		`Replay(Line(cars.GroupBy("car").Tumbling("2s").Agg("n = count()"), "window_end", "n", "car"), Speed(100))`: "13:00:26 UTC, values 9 to 40",
		`Replay(Rows("{\"a\": 1}"))`: "rows · replay, ended · 1 row × 1 column\n1 of 1 row read",
	} {
		if shows := n.mustRun(code); !strings.Contains(shows, want) {
			t.Errorf("%s shows\n%s\nwant %s", code, shows, want)
		}
	}
}

// The sample spans 25 s, which is longer than these run.
func TestReplayKeepsTheGaps(t *testing.T) {
	n := open(t, t.TempDir(), race(t))
	n.mustRun("cars := Topic(\"car-telemetry\", Time(\"ts\"))\nSample(cars)")
	shows := n.mustRun(`Replay(cars.Select("car"), For("200ms"))`)
	if !strings.Contains(shows, "replay, ended") || strings.Contains(shows, "10,000 of 10,000") {
		t.Errorf("200 ms of a replay show\n%s", shows)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	p := &page{}
	ended := make(chan error, 1)
	go func() {
		_, err := n.Eval(ctx, kernel.Cell{Code: `Replay(cars.Select("car"))`, Count: 9}, p)
		ended <- err
	}()
	waitFor(t, p, "rows read, time 13:00:0")
	stop()
	<-ended
	if shows := p.String(); !strings.Contains(shows, "replay, ended") || strings.Contains(shows, "10,000 of 10,000") {
		t.Errorf("an interrupted replay shows\n%s", shows)
	}
}
