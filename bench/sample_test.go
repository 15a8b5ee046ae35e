package main

import (
	"context"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/broker/telemetry"
	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/survey"
	"github.com/riffle-stream/riffle/sampler/file"
)

// sampleRows is how many rows a notebook looks at: their table must be there before a person notices that it was not.
const sampleRows = 50_000

func sample() *file.Sample {
	s := &file.Sample{}
	s.Topics = []file.Topic{{Name: telemetry.CarTopic, Partitions: telemetry.Partitions}}
	cars := telemetry.Race{Seed: 1, Start: time.UnixMilli(start)}.Telemetry()
	for range sampleRows {
		s.Records = append(s.Records, cars.Next().Record)
	}
	return s
}

// BenchmarkSurvey takes the facts of a sample, once for each pinned sample.
func BenchmarkSurvey(b *testing.B) {
	s := sample()
	src := &plan.Source{Topic: telemetry.CarTopic, Format: "json", Time: "ts"}
	began := cpu()
	for b.Loop() {
		if _, _, err := survey.Topic(src, s.Records, telemetry.Partitions); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-began).Milliseconds())/float64(b.N), "cpu-ms/sample")
}

// BenchmarkSampleWindow runs a cell over a sample, the facts known: filter, group, window, aggregate, collect.
func BenchmarkSampleWindow(b *testing.B) {
	s := sample()
	src := &plan.Source{Topic: telemetry.CarTopic, Format: "json", Time: "ts"}
	facts, _, err := survey.Topic(src, s.Records, telemetry.Partitions)
	if err != nil {
		b.Fatal(err)
	}
	f := df.Topic(telemetry.CarTopic, df.Time("ts")).With("ms = speed / 3.6").Where("ms > 20").
		GroupBy("car").Tumbling("10s").Agg("mean(ms)", "min(ms)", "max(ms)", "n = count()")
	began := cpu()
	for b.Loop() {
		p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{telemetry.CarTopic: facts}})
		if err != nil {
			b.Fatal(err)
		}
		r, err := exec.NewReplay(p, s, exec.DriverConfig{Lenient: true})
		if err == nil {
			err = r.Run(context.Background())
		}
		if err != nil || r.Tables[0].Len() == 0 {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-began).Milliseconds())/float64(b.N), "cpu-ms/sample")
}
